import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../server/config/database.js";
import { catalogueMigrations } from "../../../server/recording/catalogue/migrations.js";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";
import { RowsToCheck } from "../../../server/recording/check/rows-to-check.js";
import { insertMany, insertRows, recordingRow } from "../../support/recording-rows.js";

let connection: Connection;
let rows: RowsToCheck;
beforeAll(() => {
  connection = new Sqlite(":memory:");
  for (const step of catalogueMigrations) connection.exec(step);
  insertMany(connection, 600, 1_700_000_000_000);
  insertRows(connection, [
    recordingRow({ id: 5000, state: "open", path: "open" }),
    recordingRow({ id: 5001, state: "setAside", path: "aside", reason: "cut off" }),
  ]);
  connection.exec("DELETE FROM recordings WHERE id BETWEEN 300 AND 900");
  rows = new RowsToCheck(connection);
});
afterAll(() => {
  connection.close();
});

const all = (order: string): RecordingRow[] =>
  connection.prepare(`SELECT * FROM recordings WHERE state = 'finished' ORDER BY ${order}`).all() as RecordingRow[];

describe("the catalogue as a check reads it", () => {
  it("is every finished recording once, over pages and over numbers that are gone", () => {
    expect([...rows.finished()]).toEqual(all("id"));
    expect(rows.totals()).toEqual({ recordings: 599, bytes: 599_000_000 });
  });

  it("gives no more of them at once than a page, and lets others write between two pages", () => {
    const ids = all("id").map(({ id }) => id);
    // One of the first page, which was read before, and one of the last.
    const set = connection.prepare("UPDATE recordings SET pinned = ? WHERE id IN (?, ?)");
    const found: number[] = [];
    for (const row of rows.finished()) {
      if (row.id === ids[0]) set.run(1, ids[10], ids.at(-1));
      if (row.pinned === 1) found.push(row.id);
    }
    set.run(0, ids[10], ids.at(-1));
    expect(found).toEqual([ids.at(-1)]);
  });

  it("goes through channels by their ticks, and asks the index for it", () => {
    const ticks = [...rows.byTimeline()].map(({ channel, start_ticks }) => [channel, start_ticks]);
    expect(ticks).toEqual(all("channel, start_ticks").map(({ channel, start_ticks }) => [channel, start_ticks]));
  });

  it("finds recordings by their paths, and those that are none yet or any more", () => {
    expect([...rows.finishedAt(["0/7", "open", "none"])].map(({ path }) => path)).toEqual(["0/7"]);
    expect(rows.unfinished()).toEqual([
      { path: "open", state: "open", reason: null },
      { path: "aside", state: "setAside", reason: "cut off" },
    ]);
  });

  it("has nothing where there is none", () => {
    const none = new RowsToCheck(null);
    expect([[...none.finished()], [...none.byTimeline()], none.unfinished(), none.gaps()]).toEqual([[], [], [], []]);
    expect([none.totals(), none.byFolder.folders()]).toEqual([{ recordings: 0, bytes: 0 }, []]);
  });
});
