import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
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
  /** Where a damaged catalogue was put, and what was wrong with it; null when it was sound or new. */
  readonly setAside: { readonly path: string; readonly reason: string } | null;
  /** There is no room to make one: it lies in memory, and is to be opened anew when there is room. */
  readonly isTemporary: boolean;
}

/** A larger one (a year of a camera) takes seconds to be read whole: its damage shows when it is asked for a damaged page. */
const mostCheckedBytes = 256 * 1024 * 1024;
/** Beside the catalogue: a query said that it is damaged. Holds the reason. */
const condemnedEnding = ".condemned";
/** SQLite's name for a database without a file. */
const inMemory = ":memory:";

/**
 * Opens the catalogue, made where it is missing and brought to the present version. A damaged one is set aside, never
 * deleted: repair makes its rows anew from the files. `isWhole`: the last process ended in order, and it need not be read
 * whole. Throws `stateUnusable` for one of a newer version, and passes on other errors of SQLite.
 *
 * `synchronous = FULL`: a row must survive a power cut before its fragments are removed.
 */
export function openCatalogue(stateDirectory: string, isWhole = false): OpenedCatalogue {
  makePrivateFolder(stateDirectory);
  const path = join(stateDirectory, catalogueFile);
  const condemned = readCondemnation(path);
  if (condemned !== null) return openAnew(path, condemned);
  const isNew = !existsSync(path) || statSync(path).size === 0;
  try {
    return { connection: openMigrated(path, !isWhole), setAside: null, isTemporary: false };
  } catch (error) {
    // Nothing is lost by it: the files say what they are, and retention can make room only of what is in a catalogue.
    if (isNew && isFull(error)) return { connection: openMigrated(inMemory, false), setAside: null, isTemporary: true };
    if (!isDamage(error)) throw error;
    return openAnew(path, error.message);
  }
}

/** The next `openCatalogue` sets it aside. */
export function condemnCatalogue(stateDirectory: string, reason: string): void {
  writeFileSync(join(stateDirectory, catalogueFile) + condemnedEnding, reason, { flush: true });
}

function readCondemnation(path: string): string | null {
  return existsSync(path + condemnedEnding) ? readFileSync(path + condemnedEnding, "utf8") : null;
}

function openAnew(path: string, reason: string): OpenedCatalogue {
  const aside = `${path}.damaged-${Date.now()}`;
  for (const ending of ["", "-wal", "-shm"]) {
    if (existsSync(path + ending)) renameSync(path + ending, aside + ending);
  }
  rmSync(path + condemnedEnding, { force: true });
  return { connection: openMigrated(path, false), setAside: { path: aside, reason }, isTemporary: false };
}

/** Opens it to read, while the service may run; null where there is none, or it is just being made. */
export function readCatalogue(stateDirectory: string): Connection | null {
  const path = join(stateDirectory, catalogueFile);
  if (!existsSync(path)) return null;
  const connection = new Sqlite(path, { readonly: true, timeout: busyMs });
  if (connection.pragma("user_version", { simple: true }) !== 0) return connection;
  connection.close();
  return null;
}

/** Whether an error says that the catalogue itself is damaged. */
export function isDamage(thrown: unknown): thrown is Error {
  return thrown instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code);
}

/** SQLite says so of its file, or of the one beside it through which its users meet. */
function isFull(thrown: unknown): boolean {
  const { code = "" } = thrown as NodeJS.ErrnoException;
  return /^(SQLITE_(FULL|IOERR|CANTOPEN)|ENOSPC$|EDQUOT$)/.test(code);
}

function openMigrated(path: string, mustCheck: boolean): Connection {
  if (path !== inMemory) makePrivateFile(path);
  const connection = new Sqlite(path, { timeout: busyMs });
  try {
    if (mustCheck && statSync(path).size <= mostCheckedBytes) checkWhole(connection);
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

/** Throws what SQLite throws where it meets damage by itself. */
function checkWhole(connection: Connection): void {
  const found = connection.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") throw new Sqlite.SqliteError(String(found), "SQLITE_CORRUPT");
}
