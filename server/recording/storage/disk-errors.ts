import type { PauseCode } from "../messages.js";

const codes: Readonly<Record<string, PauseCode>> = {
  ENOSPC: "diskFull",
  EDQUOT: "diskFull",
  EROFS: "diskReadOnly",
  EIO: "diskFailed",
  ENODEV: "diskFailed",
  ENXIO: "diskFailed",
  ESTALE: "diskFailed",
  ENOTCONN: "diskFailed",
  ETIMEDOUT: "diskFailed",
  EUCLEAN: "diskFailed",
  EACCES: "folderUnusable",
  EPERM: "folderUnusable",
  ENOTDIR: "folderUnusable",
  EISDIR: "folderUnusable",
  ELOOP: "folderUnusable",
  ENAMETOOLONG: "folderUnusable",
};

/** What an error of the file system means for recording; null: it is none, or only a file that is not there. Pure. */
export function pauseCodeOf(error: unknown): PauseCode | null {
  return codes[(error as NodeJS.ErrnoException).code ?? ""] ?? null;
}

/** What each means, and what a person can do. */
export const pauseTexts: Readonly<Record<PauseCode, string>> = {
  diskFull: "The disk of the recordings is full. Recording goes on when there is room again.",
  diskReadOnly: "The disk of the recordings is read-only. It may be worn out: check it, and replace it.",
  diskFailed: "The disk of the recordings does not work. Check its connection, and replace it if it stays so.",
  mountMissing: "The disk of the recordings is not mounted. Connect it; nothing is written into the empty folder.",
  folderUnusable: "The folder of the recordings cannot be used. Check its rights.",
  memoryFull: "The memory set aside for recordings is full, because the disk does not take them in time.",
};
