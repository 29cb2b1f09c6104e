import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Connection } from "../../config/database.js";
import { AppError } from "../../lib/errors.js";
import { makePrivateFile, makePrivateFolder } from "../../lib/private-files.js";
import { catalogueMigrations } from "./migrations.js";

/** The catalogue of recordings, a file of its own in the state folder: only the recorder process writes to it. */
export const catalogueFile = "recordings.sqlite";

/** How long a write waits for another program that writes to the file. */
const busyMs = 5000;

export interface OpenedCatalogue {
  readonly connection: Connection;
  /** Where a damaged catalogue was put; null when it was sound or new. */
  readonly setAside: string | null;
}

/**
 * Opens the catalogue, made where it is missing and brought to the present version. A damaged one is set aside, never
 * deleted: repair makes its rows anew from the files. Throws `stateUnusable` for one of a newer version, and passes on
 * other errors of SQLite.
 *
 * `synchronous = FULL`: a row must survive a power cut before its fragments are removed.
 */
export function openCatalogue(stateDirectory: string): OpenedCatalogue {
  makePrivateFolder(stateDirectory);
  const path = join(stateDirectory, catalogueFile);
  try {
    return { connection: openMigrated(path), setAside: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const setAside = `${path}.damaged-${Date.now()}`;
    for (const ending of ["", "-wal", "-shm"]) {
      if (existsSync(path + ending)) renameSync(path + ending, setAside + ending);
    }
    return { connection: openMigrated(path), setAside };
  }
}

/** Opens it to read, while the service may run; null where there is none. */
export function readCatalogue(stateDirectory: string): Connection | null {
  const path = join(stateDirectory, catalogueFile);
  return existsSync(path) ? new Sqlite(path, { readonly: true, timeout: busyMs }) : null;
}

function isDamage(thrown: unknown): boolean {
  return thrown instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code);
}

function openMigrated(path: string): Connection {
  makePrivateFile(path);
  const connection = new Sqlite(path, { timeout: busyMs });
  try {
    const version = connection.pragma("user_version", { simple: true }) as number;
    if (version > catalogueMigrations.length) {
      throw new AppError("stateUnusable", `${path} was written by a newer smart-toggle.`);
    }
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.transaction(() => {
      for (const step of catalogueMigrations.slice(version)) connection.exec(step);
      connection.pragma(`user_version = ${catalogueMigrations.length}`);
    })();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
