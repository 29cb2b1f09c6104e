import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { AppError } from "../lib/errors.js";

/** A file that is really there. */
export interface RealFile {
  /** Absolute, without any symbolic link in it. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * The file of a path that the catalogue holds, below a root. Rejects `notFound` for what is no ordinary file or is not
 * there, what lies outside of the root, and what a symbolic link below the root leads to: whatever was written into the
 * catalogue or onto the disk, nothing else can be reached. The root itself may be one.
 */
export async function realFile(root: string, relative: string): Promise<RealFile> {
  const base = await realpath(root).catch(absent);
  const path = join(base, relative);
  if (isAbsolute(relative) || !path.startsWith(base.endsWith(sep) ? base : base + sep)) throw gone();
  if ((await realpath(path).catch(absent)) !== path) throw gone();
  const stats = await lstat(path).catch(absent);
  if (!stats.isFile()) throw gone();
  return { path, bytes: stats.size };
}

const gone = () => new AppError("notFound", "The file of this recording is not there any more.");

function absent(cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") throw gone();
  throw new AppError("recordingsUnreadable", `The recordings cannot be read (${code ?? String(cause)}).`, { cause });
}
