import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programDateMs } from "../../../server/hls/playlist.js";
import { decideResume } from "../../../server/hls/resume.js";

const position = {
  mediaSequence: 100,
  discontinuitySequence: 1,
  part: 500,
  ticks: 9_000_000,
  epochMs: 1_700_000_000_000,
};

describe("decideResume", () => {
  test.each([0, 4_999, 5_000, -1, -60_000])("I3: away for %i ms, it goes on exactly", (awayMs) => {
    expect(decideResume(position, awayMs)).toEqual({ kind: "exact" });
  });

  test("a longer pause moves ticks, sequence and part forward, and the date with them", () => {
    const resume = decideResume(position, 5_001);
    expect(resume).toEqual({
      kind: "jump",
      to: { ...position, ticks: 9_450_090, mediaSequence: 126, part: 526 },
    });
  });

  test.each([-60_001, 8 * 24 * 3_600_000])(
    "a wall clock that was set (%i ms) changes the date, not the ticks",
    (awayMs) => {
      expect(decideResume(position, awayMs)).toEqual({
        kind: "redate",
        to: { ...position, epochMs: position.epochMs + awayMs },
      });
    },
  );

  test("wherever it jumps to, the date is true to the millisecond and nothing goes down", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (awayMs) => {
        const resume = decideResume(position, awayMs);
        if (resume.kind === "exact") return;
        const now = programDateMs(position, position.ticks) + awayMs;
        expect(Math.abs(programDateMs(resume.to, resume.to.ticks) - now)).toBeLessThanOrEqual(1);
        expect(resume.to.ticks).toBeGreaterThanOrEqual(position.ticks);
        expect(resume.to.mediaSequence).toBeGreaterThanOrEqual(position.mediaSequence);
        expect(resume.to.part).toBeGreaterThanOrEqual(position.part);
      }),
    );
  });
});
