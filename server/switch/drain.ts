import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../lib/errors.js";
import { holdersOf } from "../process/process-table.js";

export interface DrainRequest {
  readonly camera: number;
  /** Device files of the camera; empty: unknown, so that its release can not be proven. */
  readonly paths: readonly string[];
  readonly timeoutMs: number;
}

const pollMs = 10;

/**
 * Waits until no process holds the camera's devices. Answers undefined when that is proven, “unprovable” when it can
 * not be told (no device known, or other users' processes hide what they hold). Rejects `cameraHeld` after the timeout.
 */
export async function drain({ camera, paths, timeoutMs }: DrainRequest): Promise<string | undefined> {
  if (paths.length === 0) return "unprovable: no device file is known";
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const { holders, unreadable } = await holdersOf(paths);
    if (holders.length === 0) return unreadable ? "unprovable: other users' processes hide what they hold" : undefined;
    if (performance.now() >= deadlineMs) {
      const names = holders.map(({ name, pid }) => `${name}, process ${pid}`).join("; ");
      throw new AppError("cameraHeld", `Camera ${camera} is still held by ${names}.`);
    }
    await wait(pollMs);
  }
}
