import { lstatSync, statSync } from "node:fs";
import { AppError } from "../lib/errors.js";

/**
 * Live media lie where everybody may make folders (/dev/shm): one that somebody else made there before us could lead what
 * we write elsewhere, and let them put a picture of their own in the place of ours. Throws `stateUnusable` for it; one that
 * root made for us is taken.
 */
export function checkLiveFolder(path: string, uid: number | undefined = process.getuid?.()): void {
  const link = lstatSync(path, { throwIfNoEntry: false });
  const target = statSync(path, { throwIfNoEntry: false });
  const strange = [link, target].find((stats) => stats !== undefined && stats.uid !== uid && stats.uid !== 0);
  if (strange === undefined) return;
  const advice = "Remove it, or choose another folder on tmpfs (paths.live).";
  throw new AppError(
    "stateUnusable",
    `The folder of live media, ${path}, belongs to another user (${strange.uid}). ${advice}`,
  );
}
