import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Scene } from "../../../server/guard/ledger/gap-tracker.js";
import { hour, LedgerWorld, off, quiet } from "../../support/ledger-world.js";

describe("gap ledger over restarts (D4)", () => {
  let world: LedgerWorld;

  beforeEach(() => {
    world = new LedgerWorld();
  });

  afterEach(() => {
    world.close();
  });

  const rows = () =>
    world.ledger.list({ limit: 10 }).map(({ code, planned, ms, to }) => ({ code, planned, ms, open: to === null }));

  it("a first start has nothing to account for", () => {
    world.start();
    world.pass(10_000);
    expect(rows()).toEqual([]);
    expect(world.ledger.availability().month).toEqual({
      percent: 100,
      observedMs: 10_000,
      missingMs: 0,
      plannedMs: 0,
      gaps: 0,
    });
  });

  it("a crash is one gap from the last sign of life to the first frame, and counts", () => {
    world.start();
    world.pass(20_000);
    world.wait(30_000);
    world.start();
    world.pass(750, { frames: false });
    world.pass(19_250);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 31_000, open: false }]);
    const { hour: span } = world.ledger.availability();
    expect(span).toMatchObject({ observedMs: 70_000, missingMs: 31_000, gaps: 1 });
    expect(span.percent).toBeCloseTo((39 / 70) * 100, 3);
    expect(world.ledger.list({ limit: 1 })).toMatchObject([{ camera: 1, from: world.wallMs - 50_000 }]);
  });

  it("several crashes before a picture comes are one outage", () => {
    world.start();
    world.pass(20_000);
    for (let n = 0; n < 3; n++) {
      world.wait(5000);
      world.start();
      world.pass(500, { frames: false });
    }
    world.pass(1000);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 16_750, open: false }]);
  });

  it("a start that fails and is tried again leaves no planned stop", () => {
    world.start();
    world.pass(20_000);
    world.wait(5000);
    world.start().close(false);
    world.wait(5000);
    world.start();
    world.pass(1000);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 10_250, open: false }]);
  });

  it("a stop in order is planned and does not count", () => {
    world.start();
    world.pass(20_000);
    world.ledger.close(true);
    world.wait(2 * hour);
    world.start();
    world.pass(10_000);
    expect(rows()).toEqual([{ code: "serviceStopped", planned: true, ms: 2 * hour + 250, open: false }]);
    expect(world.ledger.availability().day).toMatchObject({ percent: 100, missingMs: 0, plannedMs: 2 * hour + 250 });
  });

  it("a camera that was lost before the crash is one gap with its own reason", () => {
    world.start();
    world.pass(20_000);
    const scene: Scene = { ...quiet, cause: { code: "cameraGone", message: "gone", planned: false, camera: 0 } };
    world.pass(5000, { frames: false, scene });
    world.wait(4000);
    world.start();
    world.pass(250, { frames: false });
    world.pass(1000);
    expect(rows()).toEqual([{ code: "cameraGone", planned: false, ms: 9500, open: false }]);
  });

  it("a switch that a crash cuts off is a crash", () => {
    world.start();
    world.pass(20_000);
    const scene: Scene = { ...quiet, cause: { code: "switch", message: "", planned: true, camera: 0 } };
    world.pass(1500, { frames: false, scene });
    world.start();
    world.pass(1000);
    expect(rows()).toMatchObject([{ code: "serviceCrashed", planned: false }]);
  });

  it("off is neither observed nor a gap, also over a restart", () => {
    world.start();
    world.pass(10_000);
    world.ledger.look(off);
    world.pass(10_000, { frames: false, scene: off });
    world.ledger.close(true);
    world.wait(hour);
    world.start({ isOn: false });
    world.pass(5000, { frames: false, scene: off });
    expect(rows()).toEqual([]);
    expect(world.ledger.availability().hour).toMatchObject({ observedMs: 10_000, percent: 100 });
  });

  it("after a reboot without a stop the machine was down, by the wall clock", () => {
    world.start();
    world.pass(20_000);
    world.bootId = "b";
    world.loseTmpfs();
    world.wait(60_000);
    world.uptimeMs = 10_000;
    world.start();
    world.pass(1000);
    // The database knows the last sign of life to ten seconds.
    expect(rows()).toMatchObject([{ code: "serviceDown", planned: false }]);
    expect(rows()[0]?.ms).toBeGreaterThanOrEqual(60_250);
    expect(rows()[0]?.ms).toBeLessThanOrEqual(70_250);
  });

  it.each([1000, 5000])(
    "a machine without a battery learns how long it was off, %d ms after its start",
    (setAfterMs) => {
      world.start();
      world.pass(20_000);
      world.ledger.close(false);
      world.bootId = "b";
      world.loseTmpfs();
      world.uptimeMs = 10_000;
      world.wallMs -= 3000; // As it was when it was last written down.
      world.start();
      world.pass(setAfterMs - 250, { frames: setAfterMs > 2000 });
      world.wallMs += 6 * hour;
      world.pass(5000);
      const [gap] = world.ledger.list({ limit: 1 });
      expect(gap).toMatchObject({ code: "serviceDown", planned: false });
      expect(gap?.ms).toBeGreaterThan(6 * hour - 15_000);
      expect(gap?.ms).toBeLessThan(6 * hour + 1000);
      expect(gap?.to).toBe((gap?.from ?? 0) + (gap?.ms ?? 0));
      const { missingMs, observedMs } = world.ledger.availability().day;
      expect(Math.abs(missingMs - (gap?.ms ?? 0))).toBeLessThan(10);
      expect(observedMs).toBeGreaterThan(missingMs);
      expect(rows()).toHaveLength(1);
    },
  );

  it("no row overlaps one of a former run, though the clock went back between them", () => {
    world.start();
    world.pass(5000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.ledger.close(true);
    world.wallMs -= hour;
    world.start();
    world.pass(1000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    const gaps = world.ledger.list({ limit: 10 }).reverse();
    expect(gaps).toHaveLength(3);
    for (const [index, { from }] of gaps.entries()) expect(from).toBeGreaterThanOrEqual(gaps[index - 1]?.to ?? 0);
  });

  it("a wall clock that jumps changes no length, and rows neither overlap nor run backwards", () => {
    world.start();
    world.pass(5000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.wallMs -= 2 * hour;
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.wallMs += 5 * hour;
    world.pass(2000, { frames: false });
    world.pass(1000);
    const gaps = world.ledger.list({ limit: 10 }).reverse();
    expect(gaps.map(({ ms }) => ms)).toEqual([2250, 2250, 2250]);
    for (const [index, { from, to }] of gaps.entries()) {
      expect(to ?? 0).toBe(from + 2250);
      expect(from).toBeGreaterThanOrEqual(gaps[index - 1]?.to ?? 0);
    }
  });

  it("a wall clock that was hours ahead and is set right leaves the availability right", () => {
    world.start();
    world.pass(5000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.wallMs -= 9 * hour;
    world.pass(10 * 60_000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.pass(10 * 60_000);
    const { observedMs, missingMs, gaps } = world.ledger.availability().hour;
    expect({ observedMs, missingMs, gaps }).toEqual({ observedMs: 20 * 60_000 + 3000, missingMs: 2250, gaps: 1 });
  });

  it("sums of closed gaps survive a crash", () => {
    world.start();
    world.pass(5000);
    world.pass(2000, { frames: false });
    world.pass(1000);
    world.start();
    world.pass(1000);
    const total = world.ledger.list({ limit: 10 }).reduce((sum, { ms }) => sum + ms, 0);
    expect(world.ledger.availability().day.missingMs).toBe(total);
    expect(world.ledger.availability().hour.missingMs).toBe(total);
  });
});
