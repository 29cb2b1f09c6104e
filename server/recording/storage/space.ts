import { statfs } from "node:fs/promises";

/** Room on a file system. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Below this there is a warning (E4). */
export const lowBytes = 1e9;

/** Of the file system of this path. Errors are passed on. */
export async function spaceOf(path: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
