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

/** Rejects `portBusy` with the holder's name, or `configInvalid` where the port or address is not ours to take. */
export async function checkPort(key: string, port: number, address: string): Promise<void> {
  const error = await tryBind(port, address === "*" ? undefined : address);
  if (error === null) return;
  if (error.code === "EADDRINUSE") {
    const message = `Port ${port} (${key}) is taken${describePortHolder(port)}. Free it or set another one.`;
    throw new AppError("portBusy", message, { cause: error });
  }
  const why =
    error.code === "EACCES"
      ? "is for privileged programs: set one above 1023, or give the service CAP_NET_BIND_SERVICE"
      : `cannot be taken at ${address} (${error.code ?? error.message})`;
  throw new AppError("configInvalid", `Port ${port} (${key}) ${why}.`, { cause: error });
}
