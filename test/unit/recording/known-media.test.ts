import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds, newestOf, type RecordedStretch } from "../../../server/recording/channel/known-media.js";

const second = 90_000;
const noon = Date.parse("2026-11-21T12:00:00Z");

/** From one second of the channel to another; noon is its beginning. */
function stretch(from: number, to: number, given: Partial<RecordedStretch> = {}): RecordedStretch {
  const [startedAtMs, endedAtMs] = [noon + from * 1000, noon + to * 1000];
  return { generation: 1, startTicks: from * second, endTicks: to * second, startedAtMs, endedAtMs, ...given };
}

describe("E1 what is recorded already", () => {
  const part = (at: number, offMs = 0, generation = 1) => ({
    ...{ generation, startTicks: Math.round(at * second), startedAtMs: noon + at * 1000 + offMs },
  });

  it("is every part of a stretch, also where its clock is a little off, and nothing beside it", () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 40_000 }), fc.integer({ min: -2000, max: 2000 }), (atMs, offMs) => {
        const given = part(atMs / 1000, offMs);
        const isWithin = given.startTicks >= 0 && given.startTicks < 30 * second;
        expect(holds(stretch(0, 30), given)).toBe(isWithin);
      }),
    );
    expect([0, 29.9999, 30].map((at) => holds(stretch(0, 30), part(at)))).toEqual([true, true, false]);
  });

  it("is not what has the same ticks at another time, nor another generation", () => {
    expect(holds(stretch(0, 30), part(10, 3_600_000))).toBe(false);
    expect(holds(stretch(0, 30), part(10, -3_600_000))).toBe(false);
    expect(holds(stretch(0, 30), part(10, 0, 2))).toBe(false);
  });

  it("went on last with what is left open, if that is not of long ago, whatever the clock did", () => {
    const recorded = [stretch(30, 60), stretch(0, 30)];
    expect(newestOf([], [])).toBeNull();
    expect(newestOf(recorded, [])).toBe(recorded[0]);
    const open = stretch(60, 70, { startedAtMs: noon - 3_600_000 });
    expect(newestOf(recorded, [open])).toBe(open);
    expect(newestOf(recorded, [stretch(0, 10)])).toBe(recorded[0]);
  });
});
