import { AppError } from "../lib/errors.js";
import { descendantsOf, holdersOf, listProcesses } from "../process/process-table.js";

/**
 * What is said of a camera that another program holds: who that is, where it can be told. `paths` are the camera's devices. Our own
 * programs do not count: that of the other camera has every sensor open. Never rejects.
 */
export async function cameraBusy(camera: number, paths: readonly string[]): Promise<AppError> {
  const { holders, unreadable } = await holdersOf(paths).catch(() => ({ holders: [], unreadable: true }));
  const own = new Set(descendantsOf(process.pid, listProcesses()).map(({ pid }) => pid));
  const names = holders.filter(({ pid }) => !own.has(pid)).map(({ name, pid }) => `${name}, process ${pid}`);
  if (names.length > 0)
    return new AppError("cameraBusy", `Camera ${camera} is held by ${names.join("; ")}. Stop it, then try again.`);
  const who = unreadable ? " “sudo smart-toggle doctor” says which." : "";
  return new AppError("cameraBusy", `Another program holds camera ${camera}.${who} Stop it, then try again.`);
}
