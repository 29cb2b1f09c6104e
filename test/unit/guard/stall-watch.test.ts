import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { judge, StallWatch, type Reading, type Verdict } from "../../../server/guard/stall-watch.js";

const limits = { stallMs: 1500, frozenMs: 3000 };
const fine: Reading = { frameAgeMs: 30, identicalMs: null, partAgeMs: 100 };

describe("B3 judge", () => {
  it.each<[string, Partial<Reading>, boolean, Verdict]>([
    ["all is well", {}, false, "fine"],
    ["no camera is meant to run", { frameAgeMs: null, partAgeMs: null }, false, "fine"],
    ["no frames", { frameAgeMs: 1501, partAgeMs: 1600 }, false, "sourceStalled"],
    ["no parts although there are frames", { partAgeMs: 1501 }, false, "encoderStalled"],
    ["I7 the same picture", { identicalMs: 3001 }, false, "sourceFrozen"],
    ["I7 the same picture after its restart", { identicalMs: 3001 }, true, "fine"],
  ])("%s", (_, seen, told, verdict) => {
    expect(judge({ ...fine, ...seen }, limits, told)).toBe(verdict);
  });
});

describe("StallWatch", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function setUp(reading: Reading) {
    const acts: Verdict[] = [];
    const world = { reading };
    const watch = new StallWatch({
      limits,
      read: () => world.reading,
      act: (verdict) => acts.push(verdict),
      clock: { monotonicMs: () => Date.now(), epochMs: () => Date.now() },
    });
    return { acts, world, watch };
  }

  it("gives what it ended time to come back before it acts again", () => {
    const { acts, watch } = setUp({ ...fine, frameAgeMs: 2000 });
    vi.advanceTimersByTime(1700);
    expect(acts).toEqual(["sourceStalled"]);
    vi.advanceTimersByTime(300);
    expect(acts).toHaveLength(2);
    expect(watch.looks).toBe(8);
    watch.close();
  });

  it("I7 restarts a frozen camera once, and again only after it had thawed", () => {
    const { acts, world, watch } = setUp({ ...fine, identicalMs: 4000 });
    vi.advanceTimersByTime(60_000);
    expect(acts).toEqual(["sourceFrozen"]);
    world.reading = fine;
    vi.advanceTimersByTime(1000);
    world.reading = { ...fine, identicalMs: 4000 };
    vi.advanceTimersByTime(1000);
    expect(acts).toEqual(["sourceFrozen", "sourceFrozen"]);
    watch.close();
  });
});
