import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../server/config/database.js";
import { openCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";
import { RowsToCheck } from "../../../server/recording/check/rows-to-check.js";
import { insertMany, insertRows, recordingRow } from "../../support/recording-rows.js";

let folder: string;
let connection: Connection;
let rows: RowsToCheck;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
  ({ connection } = openCatalogue(folder));
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
  rmSync(folder, { recursive: true });
});

const all = (order: string): RecordingRow[] =>
  connection.prepare(`SELECT * FROM recordings WHERE state = 'finished' ORDER BY ${order}`).all() as RecordingRow[];

describe("the catalogue as a check reads it", () => {
  it("is every finished recording once, over pages and over numbers that are gone", () => {
    expect([...rows.finished()]).toEqual(all("id"));
    expect(rows.totals()).toEqual({ recordings: 599, bytes: 599_000_000 });
  });

  it("gives no more of them at once than a page, and lets others write between two pages", () => {
    let found = 0;
    for (const row of rows.finished()) {
      if (found === 0) connection.exec("UPDATE recordings SET pinned = 1 WHERE id > 1000");
      found += row.pinned;
    }
    connection.exec("UPDATE recordings SET pinned = 0");
    // Those of the first page were read before.
    expect(found).toBe(99);
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
