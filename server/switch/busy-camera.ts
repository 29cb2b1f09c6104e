import { AppError } from "../lib/errors.js";
import { otherHolders } from "../process/device-holders.js";

/**
 * What is said of a camera that another program holds: who that is, where it can be told. `paths` are the camera's devices. Our own
 * programs do not count: that of the other camera has every sensor open. Never rejects.
 */
export async function cameraBusy(camera: number, paths: readonly string[]): Promise<AppError> {
  const { holders, unreadable } = await otherHolders(paths).catch(() => ({ holders: [], unreadable: true }));
  const names = holders.map(({ name, pid }) => `${name}, process ${pid}`);
  if (names.length > 0)
    return new AppError("cameraBusy", `Camera ${camera} is held by ${names.join("; ")}. Stop it, then try again.`);
  const who = unreadable ? " “sudo smart-toggle doctor” says which." : "";
  return new AppError("cameraBusy", `Another program holds camera ${camera}.${who} Stop it, then try again.`);
}
