import Sqlite from "better-sqlite3";
import { beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../server/config/migrations.js";
import { Incidents, type Incident, type NewIncident } from "../../../server/guard/ledger/incidents.js";
import { SafeWrites } from "../../../server/guard/ledger/safe-writes.js";
import { silentLog } from "../../../server/lib/log.js";

const start = 1_700_000_000_000;
const died: NewIncident = {
  kind: "encoder",
  code: "encoderFailed",
  severity: "warning",
  camera: 0,
  message: "It died.",
};

describe("incidents", () => {
  let db: Sqlite.Database;
  let nowMs: number;
  let problems: (string | null)[];
  const clock = { monotonicMs: () => nowMs, epochMs: () => start + nowMs };

  function open(): Incidents {
    const writes = new SafeWrites({ db, log: silentLog, onChange: (problem) => problems.push(problem) });
    return new Incidents({ db, writes, clock });
  }

  beforeEach(() => {
    db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
    nowMs = 0;
    problems = [];
  });

  it("a moment ends when it begins; what lasts ends when it is told to", () => {
    const incidents = open();
    expect(incidents.note(died)).toMatchObject({ id: 1, at: start, endedAt: start, camera: 0, value: null });
    const began = incidents.begin({ ...died, code: "cameraGone" });
    expect(began.endedAt).toBeNull();
    nowMs = 5000;
    incidents.end("cameraGone", 0);
    incidents.end("cameraGone", 1);
    expect(incidents.list({ limit: 10 })).toEqual([
      { ...began, endedAt: start + 5000 },
      expect.objectContaining({ id: 1 }),
    ]);
  });

  it("one is open for each code and camera", () => {
    const incidents = open();
    const first = incidents.begin(died);
    expect(incidents.begin(died)).toBe(first);
    expect(incidents.begin({ ...died, camera: 1 }).id).not.toBe(first.id);
  });

  it("a burst is one incident that counts; after a quiet minute it is another", () => {
    const incidents = open();
    const told: Incident[] = [];
    incidents.on("incident", (incident) => told.push(incident));
    for (let n = 0; n < 100; n++) {
      nowMs += 1000;
      incidents.note(died);
    }
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(incidents.list({ limit: 10 })).toMatchObject([
      { id: 1, at: start + 1000, endedAt: start + 100_000, message: "It died. (100 times)" },
    ]);
    nowMs += 61_000;
    expect(incidents.note(died)).toMatchObject({ id: 2, message: "It died." });
  });

  it("what ends and begins again within a minute is the same, and open again", () => {
    const incidents = open();
    const first = incidents.begin(died);
    nowMs = 1000;
    incidents.end(died.code, 0);
    nowMs = 2000;
    expect(incidents.begin(died)).toMatchObject({ id: first.id, endedAt: null, message: "It died. (2 times)" });
  });

  it("those that a former run left open are ended at the start", () => {
    open().begin(died);
    nowMs = 9000;
    expect(open().list({ limit: 1 })).toMatchObject([{ endedAt: start + 9000, message: "It died." }]);
  });

  it("gives pages, newest first", () => {
    const incidents = open();
    for (let camera = 0; camera < 5; camera++) incidents.note({ ...died, camera });
    expect(incidents.list({ limit: 2 }).map(({ id }) => id)).toEqual([5, 4]);
    expect(incidents.list({ limit: 2, before: 4 }).map(({ id }) => id)).toEqual([3, 2]);
    expect(
      open()
        .list({ limit: 9 })
        .map(({ id }) => id),
    ).toEqual([5, 4, 3, 2, 1]);
  });

  it("is bounded by number, and a wall clock that leaps years ahead deletes nothing", () => {
    const incidents = open();
    incidents.note(died);
    nowMs = 20 * 365 * 24 * 3600 * 1000;
    for (let n = 0; n < 60; n++) incidents.note({ ...died, code: `other${n}` });
    expect(db.prepare("SELECT min(id) AS id FROM incidents").get()).toEqual({ id: 1 });
    for (let n = 0; n < 5000; n++) incidents.note({ ...died, code: `more${n}` });
    const kept = db.prepare("SELECT count(*) AS n FROM incidents").get() as { n: number };
    expect(kept.n).toBeLessThan(5000 + 60);
  });

  it("a database that cannot be written costs nothing but the record, and gets it when it can be again", () => {
    const incidents = open();
    incidents.note(died);
    db.pragma("query_only = ON");
    const second = incidents.begin({ ...died, code: "cameraGone" });
    incidents.note({ ...died, code: "cameraBusy" });
    expect(problems).toEqual([expect.stringContaining("readonly")]);
    expect(incidents.list({ limit: 10 }).map(({ code }) => code)).toEqual(["cameraBusy", "cameraGone", died.code]);
    db.pragma("query_only = OFF");
    incidents.end("cameraGone", 0);
    expect(problems).toEqual([expect.any(String), null]);
    const rows = db.prepare("SELECT id, ended_at FROM incidents ORDER BY id").all();
    expect(rows).toEqual([
      { id: 1, ended_at: start },
      { id: second.id, ended_at: start },
      { id: 3, ended_at: start },
    ]);
  });
});
