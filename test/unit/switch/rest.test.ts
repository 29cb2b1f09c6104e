import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { silentLog } from "../../../server/lib/log.js";
import { Rest } from "../../../server/switch/rest.js";

class Scene {
  stopAfterSeconds = 10;
  isWatched = false;
  isSettled = true;
  readonly changes: boolean[] = [];
  readonly rest = new Rest({
    stopAfterSeconds: () => this.stopAfterSeconds,
    isWatched: () => this.isWatched,
    isSettled: () => this.isSettled,
    clock: { monotonicMs: () => Date.now(), epochMs: () => Date.now() },
    log: silentLog,
  });

  constructor() {
    this.rest.on("changed", () => this.changes.push(this.rest.isResting));
  }
}

describe("Rest (H4)", () => {
  let scene: Scene;

  beforeEach(() => {
    vi.useFakeTimers();
    scene = new Scene();
  });

  afterEach(() => {
    scene.rest.close();
    vi.useRealTimers();
  });

  it("begins when nobody watched for the time that is set, and ends at once when a picture is asked for", () => {
    vi.advanceTimersByTime(9900);
    expect(scene.rest.isResting).toBe(false);
    vi.advanceTimersByTime(1100);
    expect(scene.rest.isResting).toBe(true);
    scene.rest.wake("a player");
    expect(scene.changes).toEqual([true, false]);
    vi.advanceTimersByTime(9000);
    expect(scene.changes).toEqual([true, false]);
  });

  it("counts from the first picture on, however long the camera takes, and goes on while it is being stopped", () => {
    scene.isSettled = false;
    vi.advanceTimersByTime(30_000);
    expect(scene.changes).toEqual([]);
    scene.isSettled = true;
    vi.advanceTimersByTime(12_000);
    scene.isSettled = false;
    vi.advanceTimersByTime(30_000);
    expect(scene.changes).toEqual([true]);
  });

  it("does not begin while somebody watches, and is over a second after somebody was seen", () => {
    scene.isWatched = true;
    vi.advanceTimersByTime(60_000);
    expect(scene.changes).toEqual([]);
    scene.isWatched = false;
    vi.advanceTimersByTime(12_000);
    scene.isWatched = true;
    vi.advanceTimersByTime(1000);
    expect(scene.changes).toEqual([true, false]);
  });

  it("is kept off until the last hold is let go, each once", () => {
    const [one, two] = [scene.rest.keepAwake("recording"), scene.rest.keepAwake("recording")];
    one();
    one();
    vi.advanceTimersByTime(60_000);
    expect(scene.rest.isResting).toBe(false);
    two();
    vi.advanceTimersByTime(9000);
    expect(scene.rest.isResting).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(scene.rest.isResting).toBe(true);
  });

  it("is off with 0, also when that is set while it rests", () => {
    vi.advanceTimersByTime(12_000);
    expect(scene.rest.isResting).toBe(true);
    scene.stopAfterSeconds = 0;
    vi.advanceTimersByTime(1000);
    expect(scene.rest.isResting).toBe(false);
    vi.advanceTimersByTime(3_600_000);
    expect(scene.changes).toEqual([true, false]);
  });

  it("never rests within the time after somebody watched, asked or held, whatever happens in between", () => {
    const step = fc.record({
      act: fc.constantFrom("watch", "leave", "wake", "hold", "release", "nothing"),
      ms: fc.integer({ min: 1, max: 15_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const it = new Scene();
        const holds: (() => void)[] = [];
        let wantedMs = Date.now();
        it.rest.on("changed", () => {
          if (it.rest.isResting) expect(Date.now() - wantedMs).toBeGreaterThanOrEqual(10_000);
        });
        for (const { act, ms } of steps) {
          if (act === "watch" || act === "leave") it.isWatched = act === "watch";
          if (act === "wake") it.rest.wake("test");
          if (act === "hold") holds.push(it.rest.keepAwake("test"));
          if (act === "wake" || act === "hold") expect(it.rest.isResting).toBe(false);
          if (act === "wake" || act === "hold" || (act === "release" && holds.length > 0)) wantedMs = Date.now();
          if (act === "release") holds.pop()?.();
          vi.advanceTimersByTime(ms);
          // It looks for viewers once a second.
          const isWanted = holds.length > 0 || (it.isWatched && ms >= 1000);
          if (isWanted) wantedMs = Math.max(wantedMs, Date.now() - 1000);
          if (isWanted) expect(it.rest.isResting).toBe(false);
        }
        it.rest.close();
      }),
    );
  });
});
