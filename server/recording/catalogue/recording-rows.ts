import { dirname } from "node:path";
import type { Connection } from "../../config/database.js";
import type { RecordedStretch } from "../channel/known-media.js";
import type { FileFacts } from "../files/file-facts.js";
import type { RecordingGap } from "../messages.js";
import { stillMissing, type GapRow } from "./gap-row.js";
import type { RecordingRow } from "./recording-row.js";

/** What is known of a file once it is finished. */
export interface FinishedRow {
  readonly path: string;
  readonly facts: FileFacts;
  readonly endTicks: number;
  readonly endedAtMs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A row, as far as it is needed to compare a hundred thousand of them with the disk. */
export type KnownPath = Pick<RecordingRow, "id" | "path" | "state">;

/** So many of the newest files of a channel are looked at for parts that are told of twice. */
const newestStretches = 20;

/** Writes the rows of the catalogue. Errors of SQLite are passed on. */
export class RecordingRows {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** A file was begun; answers the id of its row. */
  open(path: string, facts: FileFacts): number {
    const { startedAtMs, startTicks } = facts;
    const none = { endTicks: startTicks, endedAtMs: startedAtMs, frames: 0, bytes: 0 };
    return this.#insert({ path, facts, ...none, sha256: null }, "open");
  }

  /**
   * The row of its fragments becomes its row, with the id it has; without one, it gets one. What it holds is missing no
   * more: one that was left and is finished late lies in a gap that was noted before.
   */
  finish(row: FinishedRow): number {
    return this.#db.transaction(() => {
      this.#cover(row);
      const sql = `SELECT id FROM recordings WHERE ${sameFile} AND state <> 'finished'`;
      const open = this.#db.prepare(sql).get(...keyOf(row.facts));
      // A row of this name is of a file that somebody removed: no name is given to a file while it stands on the disk.
      this.#db.prepare("DELETE FROM recordings WHERE path = ?").run(row.path);
      if (open === undefined) return this.#insert(row, "finished");
      const { id } = open as Pick<RecordingRow, "id">;
      this.#db
        .prepare(
          `UPDATE recordings SET path = ?, ended_at = ?, end_ticks = ?, frames = ?, bytes = ?, sha256 = ?,
             state = 'finished', reason = NULL WHERE id = ?`,
        )
        .run(row.path, row.endedAtMs, row.endTicks, row.frames, row.bytes, row.sha256, id);
      return id;
    })();
  }

  /** What was recorded cannot be played, or not be read; it lies at this path now. */
  setAside(path: string, facts: FileFacts, reason: string): void {
    const row = { path, facts, endTicks: facts.startTicks, endedAtMs: facts.startedAtMs, frames: 0, bytes: 0 };
    const id = this.#insert({ ...row, sha256: null }, "setAside");
    this.#db.prepare("UPDATE recordings SET reason = ? WHERE id = ?").run(reason, id);
  }

  /** Fragments that nobody can finish, as they stand in the catalogue; they lie at this path now, or still. */
  setOpenAside(path: string, now: string, reason: string): void {
    const sql = "UPDATE recordings SET state = 'setAside', path = ?, reason = ? WHERE path = ? AND state = 'open'";
    this.#db.prepare(sql).run(now, reason, path);
  }

  /** Something at this path is known to be of no use. */
  isSetAside(path: string): boolean {
    return this.#db.prepare("SELECT 1 FROM recordings WHERE path = ? AND state = 'setAside'").get(path) !== undefined;
  }

  /** A finished file turned out to be damaged; it lies at this path now. */
  damaged(id: number, path: string, reason: string): void {
    this.#db
      .prepare("UPDATE recordings SET state = 'setAside', path = ?, reason = ? WHERE id = ?")
      .run(path, reason, id);
  }

  remove(id: number): void {
    this.#db.prepare("DELETE FROM recordings WHERE id = ?").run(id);
  }

  /** Of the open file of fragments at this path. */
  removeOpen(path: string): void {
    this.#db.prepare("DELETE FROM recordings WHERE path = ? AND state = 'open'").run(path);
  }

  /** Where nobody writes at present: rows of files that a former process did not finish. */
  unfinished(): RecordingRow[] {
    return this.#db.prepare("SELECT * FROM recordings WHERE state = 'open'").all() as RecordingRow[];
  }

  get(id: number): RecordingRow | null {
    return (this.#db.prepare("SELECT * FROM recordings WHERE id = ?").get(id) as RecordingRow | undefined) ?? null;
  }

  /** Folders of finished files, relative to the recordings folder: one look at the index for each. */
  folders(): string[] {
    const next = this.#db.prepare(
      "SELECT path FROM recordings WHERE path >= ? AND state = 'finished' ORDER BY path LIMIT 1",
    );
    const found: string[] = [];
    for (let from = ""; ;) {
      const row = next.get(from) as Pick<RecordingRow, "path"> | undefined;
      if (row === undefined) return found;
      const folder = dirname(row.path);
      found.push(folder);
      from = behind(folder);
    }
  }

  /** Of every row of a folder. */
  pathsIn(folder: string): KnownPath[] {
    const sql = "SELECT id, path, state FROM recordings WHERE path >= ? AND path < ?";
    return this.#db.prepare(sql).all(`${folder}/`, behind(folder)) as KnownPath[];
  }

  /** The finished file that shows this, if there is one. */
  finishedOf(facts: FileFacts): RecordingRow | null {
    const sql = `SELECT * FROM recordings WHERE ${sameFile} AND state = 'finished'`;
    return (this.#db.prepare(sql).get(...keyOf(facts)) as RecordingRow | undefined) ?? null;
  }

  hasPath(path: string): boolean {
    return this.#db.prepare("SELECT 1 FROM recordings WHERE path = ?").get(path) !== undefined;
  }

  /** Of the last finished files of a channel, the newest first, by the order in which they were recorded. */
  stretchesOf(channel: string): RecordedStretch[] {
    const sql = `SELECT generation, start_ticks AS startTicks, end_ticks AS endTicks, started_at AS startedAtMs,
      ended_at AS endedAtMs FROM recordings WHERE channel = ? AND state = 'finished' ORDER BY id DESC LIMIT ?`;
    return this.#db.prepare(sql).all(channel, newestStretches) as RecordedStretch[];
  }

  /** False: it stands there already. Who noted it died before the part that comes after it was safe. */
  addGap({ fromMs, toMs, ...gap }: RecordingGap, fromTicks: number, toTicks: number): boolean {
    const where = "from_at = ? AND channel = ? AND from_ticks = ? AND to_ticks = ?";
    const known = this.#db.prepare(`SELECT 1 FROM recording_gaps WHERE ${where}`);
    if (known.get(fromMs, gap.channel, fromTicks, toTicks) !== undefined) return false;
    this.#insertGap({ ...gap, from_at: fromMs, to_at: toMs, from_ticks: fromTicks, to_ticks: toTicks });
    return true;
  }

  /** The same ticks are another time where the wall clock says so. */
  #cover({ facts: { channel, startTicks, startedAtMs }, endTicks, endedAtMs }: FinishedRow): void {
    const where = "channel = ? AND from_ticks < ? AND to_ticks > ? AND from_at < ? AND to_at > ?";
    const place = [channel, endTicks, startTicks, endedAtMs, startedAtMs];
    const gaps = this.#db.prepare(`SELECT * FROM recording_gaps WHERE ${where}`).all(...place) as GapRow[];
    this.#db.prepare(`DELETE FROM recording_gaps WHERE ${where}`).run(...place);
    for (const gap of gaps.flatMap((each) => stillMissing(each, { startTicks, endTicks, startedAtMs, endedAtMs })))
      this.#insertGap(gap);
  }

  #insertGap({ channel, camera, from_at, to_at, from_ticks, to_ticks, code, message }: GapRow): void {
    this.#db
      .prepare(
        `INSERT INTO recording_gaps (channel, camera, from_at, to_at, from_ticks, to_ticks, code, message)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(channel, camera, from_at, to_at, from_ticks, to_ticks, code, message);
  }

  #insert(row: Omit<FinishedRow, "sha256"> & { readonly sha256: string | null }, state: RecordingRow["state"]): number {
    const { path, facts, endTicks, endedAtMs, frames, bytes, sha256 } = row;
    const { profile } = facts;
    const { lastInsertRowid } = this.#db
      .prepare(
        `INSERT INTO recordings (camera, channel, path, started_at, ended_at, tz_offset_min, generation, start_ticks,
           end_ticks, width, height, fps, profile, frames, bytes, sha256, state, dated)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[facts.camera, facts.channel, path, facts.startedAtMs, endedAtMs, facts.zoneOffsetMin, facts.generation],
        ...[facts.startTicks, endTicks, profile.width, profile.height, profile.fps, JSON.stringify(profile)],
        ...[frames, bytes, sha256, state, facts.dated ? 1 : 0],
      );
    return Number(lastInsertRowid);
  }
}

/** The first path that sorts behind all of a folder's: of all characters, `0` follows the slash. */
const behind = (folder: string): string => `${folder}0`;

/**
 * What tells a file of a channel from all others: generations and ticks begin anew where the state was lost, and what was
 * recorded before is another file then.
 */
const sameFile = "channel = ? AND generation = ? AND start_ticks = ? AND started_at = ?";
const keyOf = ({ channel, generation, startTicks, startedAtMs }: FileFacts): (string | number)[] => [
  channel,
  generation,
  startTicks,
  startedAtMs,
];
