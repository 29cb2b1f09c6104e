import { createHash } from "node:crypto";
import { openSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { devicePath } from "./simulation.js";

/** A name in the abstract socket namespace: the kernel frees it with the process, also after SIGKILL. */
function lockName(directory: string, camera: number): string {
  const folder = createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 16);
  return `\0smart-toggle-camera-${folder}-${camera}`;
}

/**
 * Takes the camera for as long as this process lives, and holds its device file open so that others can see who has
 * it. False when another process has it.
 */
export async function acquireCamera(directory: string, camera: number): Promise<boolean> {
  const server = createServer();
  const acquired = await new Promise<boolean>((resolve) => {
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ path: lockName(directory, camera) }, () => {
      resolve(true);
    });
  });
  server.unref();
  if (acquired) openSync(devicePath(directory, camera), "a+");
  return acquired;
}
