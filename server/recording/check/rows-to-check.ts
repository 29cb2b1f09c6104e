/**
 * The catalogue as a check reads it: never all of its rows at once, for a million of them take most of the memory of a
 * Raspberry Pi. Page by page where files are read between them: a question that stays open for hours would keep all that
 * the recorder writes meanwhile in its log. Whoever opened the connection closes it.
 */
import type { Connection } from "../../config/database.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { RecordingRows } from "../catalogue/recording-rows.js";
import type { GapRow, TimelineRow } from "./compare-timeline.js";

const rowsAPage = 500;

export interface CheckedTotals {
  readonly recordings: number;
  readonly bytes: number;
}

/** One that is being written, or was set aside. */
export type UnfinishedRow = Pick<RecordingRow, "path" | "state" | "reason">;

export class RowsToCheck {
  readonly #db: Connection | null;

  /** Null: there is no catalogue, and it has no rows. */
  constructor(connection: Connection | null) {
    this.#db = connection;
  }

  totals(): CheckedTotals {
    const sql =
      "SELECT count(*) AS recordings, coalesce(sum(bytes), 0) AS bytes FROM recordings WHERE state = 'finished'";
    return this.#all<CheckedTotals>(sql)[0] ?? { recordings: 0, bytes: 0 };
  }

  /** The finished ones, in the order of their numbers. */
  *finished(): Generator<RecordingRow> {
    const sql = "SELECT * FROM recordings WHERE id > ? AND state = 'finished' ORDER BY id LIMIT ?";
    for (let after = -1; ;) {
      const page = this.#all<RecordingRow>(sql, after, rowsAPage);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  /** The finished ones at these paths. */
  *finishedAt(paths: Iterable<string>): Generator<RecordingRow> {
    for (const path of paths)
      yield* this.#all<RecordingRow>("SELECT * FROM recordings WHERE path = ? AND state = 'finished'", path);
  }

  /** The finished ones by channel and ticks, to be read to the end at once. */
  *byTimeline(): Generator<TimelineRow> {
    const statement = this.#db?.prepare<[], TimelineRow>(
      `SELECT channel, path, started_at, ended_at, start_ticks, end_ticks FROM recordings
       WHERE state = 'finished' ORDER BY channel, start_ticks`,
    );
    if (statement !== undefined) yield* statement.iterate();
  }

  unfinished(): UnfinishedRow[] {
    return this.#all("SELECT path, state, reason FROM recordings WHERE state <> 'finished' ORDER BY id");
  }

  gaps(): GapRow[] {
    return this.#all("SELECT channel, from_ticks, to_ticks FROM recording_gaps");
  }

  /** To be compared with the disk, folder by folder. */
  get byFolder(): Pick<RecordingRows, "folders" | "pathsIn"> {
    return this.#db === null ? { folders: () => [], pathsIn: () => [] } : new RecordingRows(this.#db);
  }

  #all<Row>(sql: string, ...params: (string | number)[]): Row[] {
    return (this.#db?.prepare(sql).all(...params) ?? []) as Row[];
  }
}
