/**
 * What the catalogue of recordings answers, and how soon, at a million rows in a file: a year of both cameras, and a gap
 * for each hour of it. Each question is asked of many days, so that few of its pages are in memory already.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../server/config/database.js";
import { Catalogue } from "../../server/recording/catalogue/catalogue.js";
import { openCatalogue } from "../../server/recording/catalogue/open-catalogue.js";
import { insertMany } from "../support/recording-rows.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { percentile } from "./stats.js";

const from = "catalogue";
const firstMs = Date.parse("2026-01-01T00:00:00Z");
const dayMs = 86_400_000;
const filesADay = 2880;

export const catalogue: Measurement = {
  name: from,
  run({ short }) {
    const state = mkdtempSync(join(tmpdir(), "smart-toggle-bench-catalogue-"));
    const files = short ? 50_000 : 500_000;
    const { connection } = openCatalogue(state);
    try {
      insertMany(connection, files, firstMs);
      insertGaps(connection, (files / filesADay) * 24);
      return Promise.resolve(rowsOf(new Catalogue(connection), Math.floor(files / filesADay), short ? 10 : 100));
    } finally {
      connection.close();
      rmSync(state, { recursive: true });
    }
  },
};

function insertGaps(connection: Connection, count: number): void {
  const insert = connection.prepare(
    `INSERT INTO recording_gaps (channel, camera, from_at, to_at, from_ticks, to_ticks, code, message)
     VALUES ('cam0', 0, ?, ?, 0, 0, 'noPicture', '')`,
  );
  connection.transaction(() => {
    for (let hour = 0; hour < count; hour++) insert.run(firstMs + hour * 3_600_000, firstMs + hour * 3_600_000 + 5000);
  })();
}

function rowsOf(asked: Catalogue, days: number, times: number): Measured[] {
  const rangeOf = (day: number) => ({ from: firstMs + day * dayMs, to: firstMs + (day + 1) * dayMs });
  const month = (day: number): string => new Date(firstMs + day * dayMs).toISOString().slice(0, 7);
  const slowest = (ask: (day: number) => unknown): number | null => {
    const ms = Array.from({ length: times }, (_, n) => {
      const day = (n * 97) % days;
      const startMs = performance.now();
      ask(day);
      return performance.now() - startMs;
    });
    return percentile(ms, 99);
  };
  const row = (what: string, value: number | null): Measured => ({ from, what: `${what}, p99`, value, unit: "ms" });
  return [
    {
      ...row(
        "timeline of a day",
        slowest((day) => asked.timeline({ camera: null, ...rangeOf(day) })),
      ),
      budget: "dayQuery",
    },
    {
      ...row(
        "page of a day",
        slowest((day) => asked.list({ camera: 0, ...rangeOf(day) }, 51, null)),
      ),
      budget: "dayQuery",
    },
    {
      ...row(
        "files of a day, to be played",
        slowest((day) => asked.inRange(0, rangeOf(day).from, rangeOf(day).to, 20_000)),
      ),
      budget: "dayQuery",
    },
    row(
      "days of a month",
      slowest((day) => asked.days(null, month(day))),
    ),
    row(
      "totals of all",
      slowest(() => asked.totals()),
    ),
  ];
}
