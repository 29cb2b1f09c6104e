import { chownSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Gives up root for whoever owns this folder, as the service would have it: what a command makes below it belongs to the service
 * and to nobody else. `live` is made for it where it is missing: in /run only root may. Nothing happens where somebody else than
 * root asks, or the folder is root's or not there. Errors of the file system are passed on.
 */
export function becomeOwnerOf(folder: string, live: string): void {
  if (process.getuid?.() !== 0) return;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || stats.uid === 0) return;
  makeFor(stats, live);
  process.umask(0o077);
  process.setgroups?.([stats.gid]);
  process.setgid?.(stats.gid);
  process.setuid?.(stats.uid);
}

function makeFor({ uid, gid }: { readonly uid: number; readonly gid: number }, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  chownSync(path, uid, gid);
}
