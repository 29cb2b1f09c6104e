import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameRates } from "../../../server/config/profile.js";
import { FrameClock } from "../../../server/stream/frame-clock.js";

interface Result {
  readonly clock: FrameClock;
  readonly written: number;
  readonly repeated: number;
  readonly dropped: number;
  /** Each written frame: how far its media time was behind the moment of writing, in frames. */
  readonly offsets: readonly number[];
}

interface Camera {
  readonly fps: number;
  readonly arrivals: readonly number[];
  readonly untilMs: number;
  /** How late the timer fires, in ms. */
  readonly timerDelayMs?: number;
  readonly startLagMs?: number;
}

/** A pump without an encoder: it does what the clock says, and its timer fires when the clock asks, a little late. */
function simulate({ fps, arrivals, untilMs, timerDelayMs = 0, startLagMs = 0 }: Camera): Result {
  const clock = new FrameClock({ fps, startMediaMs: 1000, origin: { mediaMs: 1000 + startLagMs, monotonicMs: 0 } });
  const offsets: number[] = [];
  let [repeated, dropped, nowMs] = [0, 0, 0];
  const write = (times: number): void => {
    for (let n = 0; n < times; n++) {
      offsets.push(((1000 + startLagMs + nowMs - clock.mediaMs) * fps) / 1000);
      clock.wrote(1);
    }
  };
  const runTimerUntil = (endMs: number): void => {
    for (let dueMs = nowMs + clock.untilDueMs(nowMs) + timerDelayMs; dueMs < endMs && offsets.length > 0;) {
      nowMs = dueMs;
      const repeats = clock.onTimer(nowMs);
      repeated += repeats;
      write(repeats);
      dueMs = nowMs + clock.untilDueMs(nowMs) + timerDelayMs + 1e-6;
    }
  };
  for (const arrival of arrivals) {
    runTimerUntil(arrival);
    nowMs = arrival;
    const times = clock.onFrame(nowMs);
    if (times === 0) dropped += 1;
    else repeated += times - 1;
    write(times);
  }
  runTimerUntil(untilMs);
  return { clock, written: offsets.length, repeated, dropped, offsets };
}

const evenly = (rate: number, count: number): number[] => Array.from({ length: count }, (_, n) => (n * 1000) / rate);

describe("FrameClock", () => {
  it("loses and doubles nothing of an even camera with a jitter of ±3 ms", () => {
    const jitter = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 899, maxLength: 899 });
    fc.assert(
      fc.property(jitter, (offsets) => {
        const arrivals = evenly(30, 899).map((ms, n) => Math.max(0, ms + (offsets[n] ?? 0)));
        const result = simulate({ fps: 30, arrivals, untilMs: arrivals.at(-1) ?? 0 });
        expect([result.written, result.repeated, result.dropped]).toEqual([899, 0, 0]);
      }),
      { numRuns: 50 },
    );
  });

  it.each(frameRates)("writes each frame once at %i frames/s", (fps) => {
    const result = simulate({ fps, arrivals: evenly(fps, fps * 20), untilMs: 20_000 });
    expect([result.written, result.repeated, result.dropped]).toEqual([fps * 20, 0, 0]);
    expect(result.clock.mediaMs).toBeCloseTo(21_000, 6);
  });

  it.each([
    [29.7, 30, "repeated", 180],
    [30.3, 30, "dropped", 180],
    [30, 25, "dropped", 3000],
    [10, 30, "repeated", 12_000],
  ] as const)("turns %d frames/s into %d exactly", (rate, fps, kind, expected) => {
    const result = simulate({ fps, arrivals: evenly(rate, rate * 600), untilMs: 600_000 });
    expect(Math.abs(result[kind] - expected)).toBeLessThanOrEqual(2);
    expect(kind === "repeated" ? result.dropped : result.repeated).toBe(0);
    expect(Math.abs(result.clock.mediaMs - 601_000)).toBeLessThanOrEqual((1.5 * 1000) / fps + 1e-6);
  });

  it("keeps each frame within 1.5 frames and one delay of the timer, however frames come", () => {
    const camera = fc.record({
      fps: fc.constantFrom(...frameRates),
      gaps: fc.array(
        fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0, max: 3000, noNaN: true })),
        { minLength: 1, maxLength: 300 },
      ),
      timerDelayMs: fc.double({ min: 0, max: 30, noNaN: true }),
    });
    fc.assert(
      fc.property(camera, ({ fps, gaps, timerDelayMs }) => {
        let ms = -(gaps[0] ?? 0);
        const arrivals = gaps.map((gap) => (ms += gap));
        const result = simulate({ fps, arrivals, untilMs: ms + 2000, timerDelayMs });
        const late = 1.5 + (timerDelayMs * fps) / 1000 + 1e-3;
        for (const offset of result.offsets) {
          expect(offset).toBeLessThanOrEqual(late);
          expect(offset).toBeGreaterThanOrEqual(-1.5 - 1e-6);
        }
      }),
    );
  });

  it("pays lost frames with repeats at the next occasion, to within the tolerance", () => {
    const property = fc.property(fc.integer({ min: 2, max: 140 }), (lost) => {
      const clock = new FrameClock({ fps: 30, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: 0 } });
      clock.wrote(clock.onFrame(0));
      clock.owe(lost);
      clock.wrote(clock.onFrame(1000 / 30));
      expect(Math.abs(clock.mediaMs - 2000 / 30)).toBeLessThanOrEqual(1000 / 30 + 1e-6);
      expect(clock.onFrame(2000 / 30)).toBe(1);
    });
    fc.assert(property);
  });

  it("neither repeats nor drops for one frame said lost and taken back, again and again", () => {
    const clock = new FrameClock({ fps: 30, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: 0 } });
    for (let n = 0; n < 100; n++) {
      clock.owe(n % 2 === 0 ? 1 : -1);
      expect(clock.onFrame((n * 1000) / 30)).toBe(1);
      clock.wrote(1);
    }
  });

  it("catches up on a crash of the encoder from the first frame on", () => {
    const result = simulate({ fps: 30, arrivals: evenly(30, 30), untilMs: 1000, startLagMs: 2000 });
    expect(result.repeated).toBeGreaterThanOrEqual(59);
    expect(result.clock.mediaMs).toBeGreaterThan(1000 + 3000 - 50);
  });

  it("forgives what is more than 5 s, and says so in its origin", () => {
    const clock = new FrameClock({ fps: 10, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: 0 } });
    expect(clock.onFrame(60_000)).toBe(51);
    expect(clock.origin).toEqual({ mediaMs: -55_000, monotonicMs: 0 });
    clock.wrote(51);
    expect(clock.onFrame(60_100)).toBe(1);
  });

  it("forgives owed frames beyond 5 s too", () => {
    const clock = new FrameClock({ fps: 10, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: 0 } });
    clock.wrote(200);
    clock.owe(200);
    expect(clock.onFrame(20_000)).toBe(51);
  });

  it("asks for its timer 1.5 frames after the moment a frame was expected", () => {
    const clock = new FrameClock({ fps: 10, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: 0 } });
    clock.wrote(clock.onFrame(0));
    expect(clock.untilDueMs(0)).toBeCloseTo(250, 6);
    expect(clock.onTimer(249)).toBe(0);
    expect(clock.onTimer(251)).toBe(1);
  });
});
