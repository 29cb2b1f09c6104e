import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";

/** Makes a folder that nobody else may look into, and its way; one that is there stays as it is. Errors are passed on. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Makes a file for us alone, empty where it is missing; one that is there is closed to others. Errors of its making are passed on. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  closeToOthers(path, 0o600);
}

/** Another user's file, or none, is left as it is: its owner decides. */
export function closeToOthers(path: string, mode: 0o600 | 0o700): void {
  try {
    chmodSync(path, mode);
  } catch {
    // See above.
  }
}
