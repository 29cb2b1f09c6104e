import { rename, writeFile } from "node:fs/promises";

/**
 * Replaces a file whole: a reader sees the old content or the new one, never half of it. For files on tmpfs and others
 * that need no durability: nothing is synced. Errors of the file system are passed on.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, content);
  await rename(temporary, path);
}
