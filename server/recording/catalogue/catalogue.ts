/**
 * Questions to the catalogue, and the few changes that people make to it: pin and removal of a row. Lives in the recorder
 * process; whoever opened the connection closes it. No answer reads more than the rows of its range: a million rows
 * answer a day's question in 20 ms. Nor does any hold more than so many rows, whatever range somebody asks for: they would
 * take the memory of the recorder, and the controller's time (I8).
 */
import type { Statement } from "better-sqlite3";
import type { Connection } from "../../config/database.js";
import { AppError } from "../../lib/errors.js";
import type { Candidate } from "../retention/choose.js";
import { daysOfMonth } from "./month.js";
import type { RecordingRow } from "./recording-row.js";
import { recordingView, type RecordingView } from "./recording-view.js";
import { spansOf, type Hole, type SpanRow, type TimelineView } from "./timeline.js";

/** Times in milliseconds since the Unix epoch: recordings that have anything from `from` up to `to`. */
export interface Range {
  readonly camera: number | null;
  readonly from: number;
  readonly to: number;
}

/** Where a page ended: it goes on with older ones. */
export interface Cursor {
  readonly startedAt: number;
  readonly id: number;
}

export interface DayView {
  /** YYYY-MM-DD, in the time zone that was asked for. */
  readonly day: string;
  readonly recordings: number;
  readonly bytes: number;
  readonly ms: number;
}

/** What the catalogue holds of one camera. */
export interface CameraTotal {
  readonly camera: number;
  readonly files: number;
  readonly bytes: number;
}

/** No file is longer: what began earlier has ended before a range begins. Wall clocks that were set included. */
const longestMs = 3_600_000;
/** Of one camera on a timeline: a month of files of 30 s. */
const mostOnTimeline = 100_000;
/** Stretches of a timeline, and gaps: more than any day has. */
const mostStretches = 20_000;
const none: ReadonlySet<number> = new Set();
/** The rate of recording is taken from so many files of a channel, and from the channels that still ran lately. */
const rateFiles = 20;
const rateMs = 600_000;
/** All of them are in the index of the timeline. */
const spanColumns = "camera, channel, started_at, ended_at, start_ticks, end_ticks, bytes, pinned";

export class Catalogue {
  readonly #db: Connection;
  readonly #mostOnTimeline: number;

  /** `most`: recordings of one camera that a timeline may hold. */
  constructor(connection: Connection, most = mostOnTimeline) {
    this.#db = connection;
    this.#mostOnTimeline = most;
  }

  get(id: number): RecordingRow | null {
    return this.#prepare<[number], RecordingRow>("SELECT * FROM recordings WHERE id = ?").get(id) ?? null;
  }

  /** Newest first. */
  list({ camera, from, to }: Range, limit: number, before: Cursor | null): RecordingView[] {
    const { startedAt, id } = before ?? { startedAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    const ofCamera = camera === null ? "" : "camera = ? AND";
    const rows = this.#prepare<number[], RecordingRow>(
      `SELECT * FROM recordings WHERE ${ofCamera} started_at < ? AND started_at > ? AND ended_at > ?
       AND (started_at, id) < (?, ?) ORDER BY started_at DESC, id DESC LIMIT ?`,
    ).all(...(camera === null ? [] : [camera]), to, from - longestMs, from, startedAt, id, limit);
    return rows.map(recordingView);
  }

  /** Throws `badRequest` where the range holds too much. */
  timeline(range: Range): TimelineView {
    const most = this.#mostOnTimeline;
    const spans = this.cameras(range.camera).flatMap((camera) =>
      spansOf(bounded(this.#finished<SpanRow>(spanColumns, { ...range, camera }, most + 1), most)),
    );
    return { spans: bounded(spans, mostStretches), gaps: bounded(this.gaps(range), mostStretches) };
  }

  gaps({ camera, from, to }: Range): Hole[] {
    return this.#prepare<(number | null)[], Hole>(
      `SELECT camera, from_at AS "from", to_at AS "to", code, message FROM recording_gaps
       WHERE from_at < ? AND to_at > ? AND (? IS NULL OR camera = ?) ORDER BY from_at LIMIT ?`,
    ).all(to, from, camera, camera, mostStretches + 1);
  }

  /** Of times before the oldest recording of their camera nobody asks any more why they are missing. */
  forgetOldGaps(): void {
    this.#prepare<[], never>(
      `DELETE FROM recording_gaps WHERE to_at <=
       (SELECT min(started_at) FROM recordings WHERE recordings.camera = recording_gaps.camera)`,
    ).run();
  }

  /** The days of a month (`YYYY-MM`) on which finished recordings began; `zone` is one of IANA's names. */
  days(camera: number | null, month: string, zone?: string): DayView[] {
    const counted = this.#prepare<number[], Omit<DayView, "day">>(
      `SELECT count(*) AS recordings, coalesce(sum(bytes), 0) AS bytes, coalesce(sum(ended_at - started_at), 0) AS ms
       FROM recordings WHERE camera = ? AND started_at >= ? AND started_at < ? AND state = 'finished'`,
    );
    const cameras = this.cameras(camera);
    return daysOfMonth(month, zone).flatMap(({ day, from, to }) => {
      const sum = { day, recordings: 0, bytes: 0, ms: 0 };
      for (const each of cameras) {
        const { recordings = 0, bytes = 0, ms = 0 } = counted.get(each, from, to) ?? {};
        sum.recordings += recordings;
        sum.bytes += bytes;
        sum.ms += ms;
      }
      return sum.recordings === 0 ? [] : [sum];
    });
  }

  /** The finished ones of one camera, oldest first, and no more than so many. */
  inRange(camera: number, from: number, to: number, most: number): RecordingRow[] {
    return this.#finished<RecordingRow>("*", { camera, from, to }, most);
  }

  /** One camera, or all that have recordings. */
  cameras(camera: number | null): number[] {
    if (camera !== null) return [camera];
    // One look at the index for each camera; DISTINCT would walk through all of it.
    const found: number[] = [];
    const next = this.#prepare<[number], { camera: number | null }>(
      "SELECT min(camera) AS camera FROM recordings WHERE camera > ?",
    );
    for (let last = -1; ;) {
      const camera = next.get(last)?.camera ?? null;
      if (camera === null) return found;
      found.push(camera);
      last = camera;
    }
  }

  /** Of the cameras that have finished recordings. */
  totals(): CameraTotal[] {
    return this.#prepare<[], CameraTotal>(
      "SELECT camera, files, bytes FROM recording_totals WHERE files > 0 ORDER BY camera",
    ).all();
  }

  /** Of the channels that recorded lately, together; null: nothing was recorded yet. */
  bytesPerHour(): number | null {
    const newest = this.#prepare<[], { ended_at: number; channel: string; bytes: number; ticks: number }>(
      `SELECT channel, ended_at, bytes, end_ticks - start_ticks AS ticks FROM recordings
       WHERE state = 'finished' ORDER BY started_at DESC LIMIT ${rateFiles * 2}`,
    ).all();
    const lately = (newest[0]?.ended_at ?? 0) - rateMs;
    const sums = new Map<string, { bytes: number; ticks: number }>();
    for (const { channel, ended_at, bytes, ticks } of newest) {
      const sum = sums.get(channel) ?? { bytes: 0, ticks: 0 };
      if (ended_at > lately) sums.set(channel, { bytes: sum.bytes + bytes, ticks: sum.ticks + ticks });
    }
    const rates = [...sums.values()].map(({ bytes, ticks }) => (bytes / Math.max(1, ticks)) * 90_000 * 3600);
    return rates.length === 0 ? null : Math.round(rates.reduce((sum, rate) => sum + rate, 0));
  }

  /** Of each camera the oldest recording that may be deleted and is none of these. */
  oldest(but = none): Candidate[] {
    return this.#oldest("state = 'finished' AND pinned = 0", but);
  }

  /** The same of those whose time is certain: the others never become too old. */
  oldestDated(but = none): Candidate[] {
    return this.#oldest("dated = 1 AND state = 'finished' AND pinned = 0", but);
  }

  #oldest(which: string, but: ReadonlySet<number>): Candidate[] {
    const statement = this.#prepare<[number], Candidate>(
      `SELECT id, camera, ended_at AS endedAt FROM recordings WHERE camera = ? AND ${which} ORDER BY started_at`,
    );
    return this.cameras(null).flatMap((camera) => firstBut(statement.iterate(camera), but) ?? []);
  }

  /** False when there is no such recording. */
  pin(id: number, pinned: boolean): boolean {
    return (
      this.#prepare<number[], never>("UPDATE recordings SET pinned = ? WHERE id = ?").run(Number(pinned), id).changes >
      0
    );
  }

  remove(id: number): void {
    this.#prepare<[number], never>("DELETE FROM recordings WHERE id = ?").run(id);
  }

  #finished<Row>(columns: string, { camera, from, to }: Range, most: number): Row[] {
    return this.#prepare<(number | null)[], Row>(
      `SELECT ${columns} FROM recordings WHERE camera = ? AND started_at < ? AND started_at > ? AND ended_at > ?
       AND state = 'finished' ORDER BY started_at, id LIMIT ?`,
    ).all(camera, to, from - longestMs, from, most);
  }

  readonly #statements = new Map<string, Statement>();

  /** Prepared once for each text. */
  #prepare<Params extends unknown[], Row>(sql: string): Statement<Params, Row> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement as unknown as Statement<Params, Row>;
  }
}

function firstBut(candidates: Iterable<Candidate>, but: ReadonlySet<number>): Candidate | null {
  for (const candidate of candidates) if (!but.has(candidate.id)) return candidate;
  return null;
}

function bounded<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items;
  throw new AppError("badRequest", "There is too much in this time for one answer: choose a shorter one.");
}
