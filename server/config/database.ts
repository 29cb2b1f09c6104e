/**
 * What survives a restart: one SQLite file in the state folder. The composition root opens it and closes it last.
 *
 * Invariants: one controller per state folder, by a lock that the operating system releases when the controller dies,
 * however it dies; a damaged file is set aside, never deleted; a file of a newer version is never touched; a card that
 * became read-only, or is full at the start, keeps nobody from watching: what it holds is copied to memory.
 */
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { closeToOthers, makePrivateFile, makePrivateFolder } from "../lib/private-files.js";
import { isReadOnly, openMemoryCopy } from "./memory-copy.js";
import { migrations } from "./migrations.js";

export type Connection = Sqlite.Database;

const fileName = "smart-toggle.db";
/** How long a write waits for another program that writes to the file. */
const busyMs = 100;

/** The open database of this controller. */
export class Database {
  readonly connection: Connection;
  /** Where a damaged database was put; null when it was sound or new. */
  readonly setAside: string | null;
  /** Why nothing outlives this run: the folder is on a read-only file system, or its disk is full; null: it does. */
  readonly inMemory: "readOnly" | "full" | null;
  readonly #lock: Connection;
  readonly #log: Log;
  readonly #walPath: string;
  #flushing: Promise<void> = Promise.resolve();

  /**
   * Creates the folder and the file where needed. Throws `alreadyRunning` when another controller has the folder, and
   * `stateUnusable` when the folder cannot be written or the file is of a newer version.
   */
  constructor(directory: string, log: Log) {
    this.#log = log;
    closeFolder(directory);
    const readOnly = liesReadOnly(directory);
    this.#lock = readOnly ? new Sqlite(":memory:") : lockFolder(directory);
    const path = join(directory, fileName);
    this.#walPath = `${path}-wal`;
    try {
      const opened = readOnly ? openInMemory(path, "readOnly", log) : openSound(path, log);
      this.inMemory = opened.inMemory;
      this.connection = opened.connection;
      this.setAside = opened.setAside;
    } catch (error) {
      this.#lock.close();
      throw error;
    }
  }

  /**
   * Resolves when all that was written so far would survive a power cut. Runs beside the loop, because a memory card
   * may take half a second to sync. Writes themselves only reach the kernel (`synchronous = NORMAL`): they survive
   * the death of the controller at once, and a power cut after this. Never rejects: a card that fails is logged.
   */
  flush(): Promise<void> {
    this.#flushing = this.#flushing
      .then(() => syncFile(this.#walPath))
      .catch((error: unknown) => {
        this.#log.error("the database could not be synced to disk", { reason: String(error) });
      });
    return this.#flushing;
  }

  /** Closes the file and gives up the folder. */
  close(): void {
    this.connection.close();
    this.#lock.close();
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r").catch(() => null); // Without a write-ahead log nothing waits to be synced.
  if (file === null) return;
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function unusable(directory: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError("stateUnusable", `The state folder ${directory} cannot be used: ${why}`, { cause });
}

/**
 * Holds an exclusive transaction on a file of its own, so that others may still read the database; closing it gives the
 * folder up. Throws `alreadyRunning` and `stateUnusable`.
 */
export function lockFolder(directory: string): Connection {
  let lock: Connection | undefined;
  try {
    makePrivateFolder(directory);
    makePrivateFile(join(directory, "lock.db"));
    lock = new Sqlite(join(directory, "lock.db"), { timeout: 0 });
    // Nothing is ever written into it, nor beside it: there may be no room.
    lock.pragma("journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock?.close();
    if (cause instanceof Sqlite.SqliteError && cause.code === "SQLITE_BUSY") {
      throw new AppError("alreadyRunning", `Another smart-toggle uses the state folder ${directory}.`, { cause });
    }
    throw unusable(directory, cause);
  }
}

/**
 * It holds hashes of passwords and the key of sessions: nothing for other users of the machine, whatever rights a former
 * version or a person gave it. One that has no database of ours and is not empty keeps its rights: somebody may have chosen
 * /srv, or /tmp.
 */
function closeFolder(directory: string): void {
  if (!existsSync(directory)) return;
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    if (entries.length > 0 && !entries.some(({ name }) => name === fileName)) return;
    // One that is closed to all but a group was made so on purpose: an NGINX of the system's reads recordings below it.
    if ((statSync(directory).mode & 0o007) !== 0) closeToOthers(directory, 0o700);
    for (const entry of entries.filter((one) => one.isFile())) closeToOthers(join(directory, entry.name), 0o600);
  } catch {
    // What is wrong with it is said where it is used.
  }
}

function liesReadOnly(directory: string): boolean {
  try {
    return isReadOnly(directory);
  } catch (cause) {
    throw unusable(directory, cause);
  }
}

interface Opened {
  readonly connection: Connection;
  readonly setAside: string | null;
  readonly inMemory: Database["inMemory"];
}

function openSound(path: string, log: Log): Opened {
  try {
    return { connection: openMigrated(path), setAside: null, inMemory: null };
  } catch (cause) {
    if (isFull(cause)) return openInMemory(path, "full", log);
    if (!isDamage(cause)) throw cause instanceof AppError ? cause : unusable(path, cause);
    const setAside = `${path}.damaged-${Date.now()}`;
    for (const ending of ["", "-wal", "-shm"]) {
      if (existsSync(path + ending)) renameSync(path + ending, setAside + ending);
    }
    log.error("the database was damaged; a new one begins, the old one is kept", { setAside, reason: String(cause) });
    return { connection: openMigrated(path), setAside, inMemory: null };
  }
}

function openInMemory(path: string, inMemory: "readOnly" | "full", log: Log): Opened {
  const what = inMemory === "full" ? "the disk of the state folder is full" : "the state folder is read-only";
  log.error(`${what}: settings and records of this run are kept in memory alone`, { path });
  return { connection: prepared(openMemoryCopy(path), path), setAside: null, inMemory };
}

/** There is no room for what SQLite writes beside the file to open it. */
function isFull(thrown: unknown): boolean {
  const codes = ["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"];
  return thrown instanceof Sqlite.SqliteError && codes.includes(thrown.code);
}

class Damage extends Error {}

function isDamage(thrown: unknown): boolean {
  const codes = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];
  return (
    thrown instanceof Damage ||
    (thrown instanceof Sqlite.SqliteError && codes.some((code) => thrown.code.startsWith(code)))
  );
}

function openMigrated(path: string): Connection {
  makePrivateFile(path);
  // Those beside it (write-ahead log) get the rights of the file from SQLite.
  // Whoever else writes to the file must not hold up the loop that moves frames: what cannot be written is tried again.
  return prepared(new Sqlite(path, { timeout: busyMs }), path);
}

/** Checked and brought to the present version; closed, if that fails. */
function prepared(connection: Connection, path: string): Connection {
  try {
    refuseNewer(connection, path);
    const verdict = connection.pragma("quick_check(1)", { simple: true });
    if (verdict !== "ok") throw new Damage(String(verdict));
    // Readers beside the writer, and no sync on the loop that moves frames but at a checkpoint; see `flush`.
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = NORMAL");
    migrate(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function versionOf(connection: Connection): number {
  return connection.pragma("user_version", { simple: true }) as number;
}

/** Before anything else: even the change to a write-ahead log would be a change to the file. */
function refuseNewer(connection: Connection, path: string): void {
  const found = versionOf(connection);
  if (found <= migrations.length) return;
  throw new AppError("stateUnusable", `${path} was written by a newer smart-toggle (${found} > ${migrations.length}).`);
}

/** Where nothing is to be done nothing is written: the disk may be full. */
function migrate(connection: Connection): void {
  if (versionOf(connection) === migrations.length) return;
  connection.transaction(() => {
    for (const step of migrations.slice(versionOf(connection))) connection.exec(step);
    connection.pragma(`user_version = ${migrations.length}`);
  })();
}

/**
 * Opens the database of a state folder to read it while a controller may run; null when there is none yet. Throws
 * `stateUnusable` when it cannot be read.
 */
export function openForReading(directory: string): Connection | null {
  const path = join(directory, fileName);
  if (!existsSync(path)) return null;
  try {
    const connection = new Sqlite(path, { readonly: true });
    connection.pragma("user_version");
    return connection;
  } catch (cause) {
    throw unusable(directory, cause);
  }
}
