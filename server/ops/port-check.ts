import { createServer } from "node:net";
import { AppError } from "../lib/errors.js";
import { describePortHolder } from "../process/port-holder.js";

type BindError = NodeJS.ErrnoException | null;

/** Takes a port for a moment; null when that works. */
function tryBind(port: number, host: string | undefined): Promise<BindError> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ port, ...(host !== undefined && { host }), exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}

/** No network of ours has the address, or no name server knows the name: at the start of the machine both come late. */
const notThere = ["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"];

/**
 * Rejects `portBusy` with the holder's name, `addressAbsent` while this machine has no such address, or `configInvalid`
 * where the port is not ours to take.
 */
export async function checkPort(key: string, port: number, address: string): Promise<void> {
  const error = await tryBind(port, address === "*" ? undefined : address);
  if (error === null) return;
  if (error.code === "EADDRINUSE") {
    const message = `Port ${port} (${key}) is taken${describePortHolder(port)}. Free it or set another one.`;
    throw new AppError("portBusy", message, { cause: error });
  }
  if (notThere.includes(error.code ?? "")) {
    const message = `This machine has no address ${address} (nginx.address) now. If it never will, set another one.`;
    throw new AppError("addressAbsent", message, { cause: error });
  }
  const why =
    error.code === "EACCES"
      ? "is for privileged programs: set one above 1023, or give the service CAP_NET_BIND_SERVICE"
      : `cannot be taken at ${address} (${error.code ?? error.message})`;
  throw new AppError("configInvalid", `Port ${port} (${key}) ${why}.`, { cause: error });
}
