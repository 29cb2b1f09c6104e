import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { makePrivateFolder } from "../lib/private-files.js";

/**
 * Whether the folder, made where it is missing, lies on a file system that is read-only: what the kernel does with a
 * memory card that fails. Other reasons why it cannot be written are thrown.
 */
export function isReadOnly(directory: string): boolean {
  const probe = join(directory, `.probe-${process.pid}`);
  try {
    makePrivateFolder(directory);
    writeFileSync(probe, "");
    rmSync(probe);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EROFS") return true;
    throw error;
  }
}

/** Read and write version in the header of the file (SQLite's file format, 1.3.1); 2 is a write-ahead log, 1 is none. */
const versionOffsets = [18, 19];

/**
 * A database in memory with what the file holds; an empty one where there is no file. What still waits in a write-ahead
 * log is left out: it cannot be read without writing.
 */
export function openMemoryCopy(path: string): Sqlite.Database {
  if (!existsSync(path)) return new Sqlite(":memory:");
  const bytes = readFileSync(path);
  // With a write-ahead log it would not open in memory.
  for (const offset of versionOffsets) bytes[offset] = 1;
  return new Sqlite(bytes);
}
