import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../server/config/migrations.js";
import { GapLedger, type GapLedgerOptions } from "../../../server/guard/ledger/gap-ledger.js";
import { GapStore } from "../../../server/guard/ledger/gap-store.js";
import type { Scene } from "../../../server/guard/ledger/gap-tracker.js";
import { SafeWrites } from "../../../server/guard/ledger/safe-writes.js";
import { SignOfLife } from "../../../server/guard/ledger/sign-of-life.js";
import { silentLog } from "../../../server/lib/log.js";

const quiet: Scene = { kind: "on", camera: 0, cause: null };
const off: Scene = { kind: "off" };
const hour = 3600_000;

describe("gap ledger over restarts (D4)", () => {
  let folder: string;
  let db: Sqlite.Database;
  /** Of the machine; each run has a monotonic clock of its own. */
  let worldMs: number;
  let wallMs: number;
  let bornMs: number;
  let bootId: string;
  let ledger: GapLedger;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ledger-"));
    db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
    worldMs = 50_000_000;
    wallMs = 1_700_000_000_000;
    bootId = "a";
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const wait = (ms: number): void => {
    worldMs += ms;
    wallMs += ms;
  };

  function start(further: Partial<GapLedgerOptions> = {}): GapLedger {
    bornMs = worldMs;
    const writes = new SafeWrites({ db, log: silentLog });
    ledger = new GapLedger({
      channel: "main",
      limits: { silentMs: 1000, frozenMs: 3000 },
      store: new GapStore({ db, writes, nowMs: wallMs }),
      sign: new SignOfLife(join(folder, "sign-of-life.json")),
      bootId,
      uptimeMs: () => worldMs,
      isOn: true,
      camera: 1,
      clock: { monotonicMs: () => worldMs - bornMs, epochMs: () => wallMs },
      log: silentLog,
      ...further,
    });
    return ledger;
  }

  /** Lets time go by, with frames and parts or without. */
  function pass(ms: number, { frames = true, scene = quiet } = {}): void {
    for (let passed = 0; passed < ms; passed += 250) {
      wait(250);
      if (frames) {
        ledger.frame(worldMs - bornMs, null);
        ledger.part(worldMs - bornMs);
      }
      ledger.look(scene);
    }
  }

  const rows = () =>
    ledger.list({ limit: 10 }).map(({ code, planned, ms, to }) => ({ code, planned, ms, open: to === null }));

  it("a first start has nothing to account for", () => {
    start();
    pass(10_000);
    expect(rows()).toEqual([]);
    expect(ledger.availability().month).toEqual({
      percent: 100,
      observedMs: 10_000,
      missingMs: 0,
      plannedMs: 0,
      gaps: 0,
    });
  });

  it("a crash is one gap from the last sign of life to the first frame, and counts", () => {
    start();
    pass(20_000);
    wait(30_000);
    start();
    pass(750, { frames: false });
    pass(19_250);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 31_000, open: false }]);
    const { hour: span } = ledger.availability();
    expect(span).toMatchObject({ observedMs: 70_000, missingMs: 31_000, gaps: 1 });
    expect(span.percent).toBeCloseTo((39 / 70) * 100, 3);
    expect(ledger.list({ limit: 1 })).toMatchObject([{ camera: 1, from: wallMs - 50_000 }]);
  });

  it("several crashes before a picture comes are one outage", () => {
    start();
    pass(20_000);
    for (let n = 0; n < 3; n++) {
      wait(5000);
      start();
      pass(500, { frames: false });
    }
    pass(1000);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 16_750, open: false }]);
  });

  it("a start that fails and is tried again leaves no planned stop", () => {
    start();
    pass(20_000);
    wait(5000);
    start().close(false);
    wait(5000);
    start();
    pass(1000);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 10_250, open: false }]);
  });

  it("a stop in order is planned and does not count", () => {
    start();
    pass(20_000);
    ledger.close(true);
    wait(2 * hour);
    start();
    pass(10_000);
    expect(rows()).toEqual([{ code: "serviceStopped", planned: true, ms: 2 * hour + 250, open: false }]);
    expect(ledger.availability().day).toMatchObject({ percent: 100, missingMs: 0, plannedMs: 2 * hour + 250 });
  });

  it("a camera that was lost before the crash is one gap with its own reason", () => {
    start();
    pass(20_000);
    const scene: Scene = { ...quiet, cause: { code: "cameraGone", message: "gone", planned: false, camera: 0 } };
    pass(5000, { frames: false, scene });
    wait(4000);
    start();
    pass(250, { frames: false });
    pass(1000);
    expect(rows()).toEqual([{ code: "cameraGone", planned: false, ms: 9500, open: false }]);
  });

  it("a switch that a crash cuts off is a crash", () => {
    start();
    pass(20_000);
    const scene: Scene = { ...quiet, cause: { code: "switch", message: "", planned: true, camera: 0 } };
    pass(1500, { frames: false, scene });
    start();
    pass(1000);
    expect(rows()).toMatchObject([{ code: "serviceCrashed", planned: false }]);
  });

  it("off is neither observed nor a gap, also over a restart", () => {
    start();
    pass(10_000);
    ledger.look(off);
    pass(10_000, { frames: false, scene: off });
    ledger.close(true);
    wait(hour);
    start({ isOn: false });
    pass(5000, { frames: false, scene: off });
    expect(rows()).toEqual([]);
    expect(ledger.availability().hour).toMatchObject({ observedMs: 10_000, percent: 100 });
  });

  it("after a reboot without a stop the machine was down, by the wall clock", () => {
    start();
    pass(20_000);
    bootId = "b";
    rmSync(join(folder, "sign-of-life.json"));
    wait(60_000);
    worldMs = 10_000;
    start();
    pass(1000);
    // The database knows the last sign of life to ten seconds.
    expect(rows()).toMatchObject([{ code: "serviceDown", planned: false }]);
    expect(rows()[0]?.ms).toBeGreaterThanOrEqual(60_250);
    expect(rows()[0]?.ms).toBeLessThanOrEqual(70_250);
  });

  it.each([1000, 5000])(
    "a machine without a battery learns how long it was off, %d ms after its start",
    (setAfterMs) => {
      start();
      pass(20_000);
      ledger.close(false);
      bootId = "b";
      rmSync(join(folder, "sign-of-life.json"));
      worldMs = 10_000;
      wallMs -= 3000; // As it was when it was last written down.
      start();
      pass(setAfterMs - 250, { frames: setAfterMs > 2000 });
      wallMs += 6 * hour;
      pass(5000);
      const [gap] = ledger.list({ limit: 1 });
      expect(gap).toMatchObject({ code: "serviceDown", planned: false });
      expect(gap?.ms).toBeGreaterThan(6 * hour - 15_000);
      expect(gap?.ms).toBeLessThan(6 * hour + 1000);
      expect(gap?.to).toBe((gap?.from ?? 0) + (gap?.ms ?? 0));
      const { missingMs, observedMs } = ledger.availability().day;
      expect(Math.abs(missingMs - (gap?.ms ?? 0))).toBeLessThan(10);
      expect(observedMs).toBeGreaterThan(missingMs);
      expect(rows()).toHaveLength(1);
    },
  );

  it("no row overlaps one of a former run, though the clock went back between them", () => {
    start();
    pass(5000);
    pass(2000, { frames: false });
    pass(1000);
    ledger.close(true);
    wallMs -= hour;
    start();
    pass(1000);
    pass(2000, { frames: false });
    pass(1000);
    const gaps = ledger.list({ limit: 10 }).reverse();
    expect(gaps).toHaveLength(3);
    for (const [index, { from }] of gaps.entries()) expect(from).toBeGreaterThanOrEqual(gaps[index - 1]?.to ?? 0);
  });

  it("a wall clock that jumps changes no length, and rows neither overlap nor run backwards", () => {
    start();
    pass(5000);
    pass(2000, { frames: false });
    pass(1000);
    wallMs -= 2 * hour;
    pass(2000, { frames: false });
    pass(1000);
    wallMs += 5 * hour;
    pass(2000, { frames: false });
    pass(1000);
    const gaps = ledger.list({ limit: 10 }).reverse();
    expect(gaps.map(({ ms }) => ms)).toEqual([2250, 2250, 2250]);
    for (const [index, { from, to }] of gaps.entries()) {
      expect(to ?? 0).toBe(from + 2250);
      expect(from).toBeGreaterThanOrEqual(gaps[index - 1]?.to ?? 0);
    }
  });

  it("a wall clock that was hours ahead and is set right leaves the availability right", () => {
    start();
    pass(5000);
    pass(2000, { frames: false });
    pass(1000);
    wallMs -= 9 * hour;
    pass(10 * 60_000);
    pass(2000, { frames: false });
    pass(1000);
    pass(10 * 60_000);
    const { observedMs, missingMs, gaps } = ledger.availability().hour;
    expect({ observedMs, missingMs, gaps }).toEqual({ observedMs: 20 * 60_000 + 3000, missingMs: 2250, gaps: 1 });
  });

  it("sums of closed gaps survive a crash", () => {
    start();
    pass(5000);
    pass(2000, { frames: false });
    pass(1000);
    start();
    pass(1000);
    const total = ledger.list({ limit: 10 }).reduce((sum, { ms }) => sum + ms, 0);
    expect(ledger.availability().day.missingMs).toBe(total);
    expect(ledger.availability().hour.missingMs).toBe(total);
  });
});
