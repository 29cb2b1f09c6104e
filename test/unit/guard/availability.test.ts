import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Buckets, spanOf } from "../../../server/guard/ledger/availability.js";

const minute = 60_000;
const hour = 60 * minute;

describe("availability (D4)", () => {
  it("is the share of the observed time with a fresh picture, planned gaps apart", () => {
    const sum = { observedMs: 100_000, missingMs: 9000, plannedMs: 10_000, gaps: 2 };
    expect(spanOf(sum, null, hour)).toEqual({ ...sum, percent: 90 });
  });

  it("counts a gap that lasts, up to the length of the window", () => {
    const sum = { observedMs: hour, missingMs: 0, plannedMs: 0, gaps: 0 };
    expect(spanOf(sum, { ms: hour / 4, planned: false }, hour)).toMatchObject({ percent: 75, gaps: 1 });
    expect(spanOf(sum, { ms: 30 * hour, planned: false }, hour)).toMatchObject({ percent: 0, missingMs: hour });
    expect(spanOf(sum, { ms: hour / 4, planned: true }, hour)).toMatchObject({ percent: 100, plannedMs: hour / 4 });
  });

  it("says nothing where nothing was to be observed", () => {
    const none = { observedMs: 0, missingMs: 0, plannedMs: 0, gaps: 0 };
    expect(spanOf(none, null, hour).percent).toBeNull();
    expect(spanOf({ ...none, observedMs: 5000, plannedMs: 5000 }, null, hour).percent).toBeNull();
  });

  it("spreads a time over the buckets it lies in, and lets go of what is too old", () => {
    const buckets = new Buckets(minute, 60);
    expect(buckets.add("observedMs", 0.5 * minute, 2.25 * minute)).toEqual([0, minute, 2 * minute]);
    expect([0, 1, 2].map((n) => buckets.get(n * minute).observedMs)).toEqual([30_000, 60_000, 15_000]);
    buckets.advance(61 * minute);
    expect(buckets.sum.observedMs).toBe(75_000);
    buckets.advance(1000 * minute);
    expect(buckets.sum).toEqual({ observedMs: 0, missingMs: 0, plannedMs: 0, gaps: 0 });
  });

  it("takes only the part of a long outage that lies in the window", () => {
    const buckets = new Buckets(minute, 60);
    buckets.add("missingMs", 0, 1000 * minute);
    expect(buckets.sum.missingMs).toBe(60 * minute);
  });

  it("bears a wall clock that goes back", () => {
    const buckets = new Buckets(minute, 60);
    buckets.add("observedMs", 100 * minute, 101 * minute);
    buckets.add("observedMs", 50 * minute, 51 * minute);
    buckets.advance(45 * minute);
    expect(buckets.sum.observedMs).toBe(2 * minute);
  });

  it("begins anew when the wall clock goes back by more than all it holds", () => {
    const buckets = new Buckets(minute, 60);
    buckets.restore(20 * minute, { observedMs: minute, missingMs: 0, plannedMs: 0, gaps: 0 });
    buckets.add("observedMs", 600 * minute, 601 * minute);
    expect(buckets.add("observedMs", 50 * minute, 51 * minute)).toEqual([50 * minute]);
    buckets.add("missingMs", 51 * minute, 51.5 * minute);
    expect(buckets.sum).toEqual({ observedMs: minute, missingMs: minute / 2, plannedMs: 0, gaps: 0 });
  });

  it("the running sum is that of the buckets, and goes on over a restart", () => {
    const times = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200 })));
    fc.assert(
      fc.property(times, (spans) => {
        const buckets = new Buckets(10, 12);
        let nowMs = 0;
        for (const [pauseMs, ms] of spans) {
          nowMs += pauseMs + ms;
          buckets.add("observedMs", nowMs - ms, nowMs);
          buckets.countGap(nowMs);
        }
        const kept = buckets.entries();
        const total = kept.reduce((sum, [, tally]) => sum + tally.observedMs, 0);
        expect(buckets.sum.observedMs).toBeCloseTo(total, 6);
        expect(total).toBeLessThanOrEqual(13 * 10 + 1e-6);
        const next = new Buckets(10, 12);
        for (const [at, tally] of kept) next.restore(at, tally);
        next.advance(nowMs);
        expect(next.sum.observedMs).toBeCloseTo(total, 6);
        expect(next.sum.gaps).toBe(buckets.sum.gaps);
      }),
    );
  });
});
