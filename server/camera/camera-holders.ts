import { otherHolders } from "../process/device-holders.js";
import type { CameraDriver } from "./driver.js";

/** A program that has a camera's sensor open, and that this process has not started. */
export interface CameraHolder {
  readonly pid: number;
  /** Its name, as the kernel keeps it. */
  readonly program: string;
}

/**
 * Who holds the camera with this id. libcamera opens the sensors of all cameras: a program that shows one is named for the
 * others too. Null: it cannot be told, for want of a known device or of the right to look into other users' programs.
 */
export async function cameraHolders(driver: CameraDriver, id: string): Promise<readonly CameraHolder[] | null> {
  const paths = await driver.devicePaths(id);
  if (paths.length === 0) return null;
  const { holders, unreadable } = await otherHolders(paths);
  return holders.length === 0 && unreadable ? null : holders.map(({ pid, name }) => ({ pid, program: name }));
}
