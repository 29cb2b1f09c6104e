import type { IncomingMessage } from "node:http";

/**
 * The address a request comes from. The controller listens on loopback alone, so what names another address is our own
 * NGINX, which sets this header itself and lets nobody else's through.
 */
export function clientAddress(req: IncomingMessage): string {
  const named = req.headers["x-real-ip"];
  return typeof named === "string" && named !== "" ? named.slice(0, 64) : (req.socket.remoteAddress ?? "unknown");
}
