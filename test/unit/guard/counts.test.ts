import Sqlite from "better-sqlite3";
import { beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../server/config/migrations.js";
import { OperatorCounts, type Look } from "../../../server/guard/ledger/counts.js";
import { SafeWrites } from "../../../server/guard/ledger/safe-writes.js";
import { silentLog } from "../../../server/lib/log.js";

const hour = 3600_000;
const begin = 472_222 * hour;
const thresholds = { cpuPercent: 85, temperatureReduceC: 75, memoryPercent: 90 };
const calm = { cpuPercent: 10, temperatureC: 40, memoryPercent: 30, level: "normal", viewers: 0 } as const;

describe("operators' counts (B4)", () => {
  let db: Sqlite.Database;

  beforeEach(() => {
    db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
  });

  const open = (nowMs = begin): OperatorCounts =>
    new OperatorCounts({ db, writes: new SafeWrites({ db, log: silentLog }), thresholds, nowMs });
  const look = (seconds: number, seen: Partial<Look>): Look => ({ ...calm, nowMs: begin, seconds, ...seen });

  it("adds up seconds over each threshold; an unknown figure is over none", () => {
    const counts = open();
    counts.look(look(2, { cpuPercent: 86, temperatureC: 75, memoryPercent: 90 }));
    counts.look(look(3, { cpuPercent: null, temperatureC: null, memoryPercent: null, level: "stopped" }));
    counts.look(look(1, { memoryPercent: 91, level: "reduced", viewers: 4 }));
    counts.look(look(2, { viewers: 1 }));
    expect(counts.hours(1, begin)).toEqual([
      {
        at: begin,
        switches: 0,
        switchesCommitted: 0,
        cpuOverSeconds: 2,
        temperatureOverSeconds: 2,
        memoryOverSeconds: 1,
        reducedSeconds: 1,
        stoppedSeconds: 3,
        viewersMost: 4,
        viewerSeconds: 6,
      },
    ]);
  });

  it("goes on in the same hour after a restart, and begins a new row with the next one", () => {
    const before = open();
    before.switched(true);
    before.switched(false);
    before.flush();
    const after = open(begin + hour / 2);
    after.switched(true);
    after.look(look(1, { nowMs: begin + hour }));
    after.switched(true);
    expect(after.hours(24, begin + hour)).toMatchObject([
      { at: begin, switches: 3, switchesCommitted: 2 },
      { at: begin + hour, switches: 1, switchesCommitted: 1 },
    ]);
    expect(after.hours(1, begin + hour)).toHaveLength(1);
  });

  it("writes at most every ten seconds", () => {
    const counts = open();
    const written = () => (db.prepare("SELECT count(*) AS n FROM hour_counts").get() as { n: number }).n;
    for (let second = 1; second < 10; second++) counts.look(look(1, { nowMs: begin + second * 1000 }));
    expect(written()).toBe(0);
    counts.look(look(1, { nowMs: begin + 10_000 }));
    expect(written()).toBe(1);
  });

  it("keeps more than 30 days, bounded, whatever the wall clock says", () => {
    const insert = db.prepare("INSERT INTO hour_counts (at, switches) VALUES (?, 7)");
    for (let hours = 0; hours < 100 * 24; hours++) insert.run(begin - hours * hour);
    const counts = open();
    const leap = begin + 20 * 365 * 24 * hour;
    counts.look(look(1, { nowMs: leap }));
    const rows = db.prepare("SELECT at, switches FROM hour_counts ORDER BY at DESC").all();
    expect(rows[0]).toEqual({ at: begin, switches: 7 });
    expect(rows.length).toBe(2 * 30 * 24 + 1);
  });
});
