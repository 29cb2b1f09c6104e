import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripPattern } from "../../../server/camera/simulated/strip.js";
import { readStrip, stripFrames } from "../../support/strip.js";

const nowMs = Date.UTC(2026, 10, 21);
const lumasOf = (cells: readonly boolean[]): number[] => cells.map((bright) => (bright ? 235 : 16));

describe("readStrip", () => {
  it("reads what the simulated camera draws, also after the encoder has blurred it", () => {
    const camera = fc.integer({ min: 0, max: 15 });
    const frame = fc.integer({ min: 0, max: stripFrames - 1 });
    const age = fc.integer({ min: -1000, max: 10_000_000 });
    const noise = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(camera, frame, age, noise, (number, count, ageMs, blur) => {
        const drawnMs = nowMs - ageMs;
        const cells = stripPattern({ camera: number, frame: count, epochMs: drawnMs });
        const lumas = lumasOf(cells).map((luma, cell) => luma + (blur[cell] ?? 0));
        expect(readStrip(lumas, nowMs)).toEqual({ valid: true, camera: number, frame: count, drawnMs });
      }),
    );
  });

  it("says why it cannot read", () => {
    const lumas = lumasOf(stripPattern({ camera: 1, frame: 7, epochMs: nowMs }));
    expect(readStrip(lumas.with(20, 120), nowMs)).toEqual({ valid: false, why: "cell 20 has luma 120" });
    expect(readStrip(lumas.with(0, 16), nowMs)).toEqual({ valid: false, why: "begins with 0010" });
    expect(readStrip(lumas.slice(1), nowMs)).toEqual({ valid: false, why: "63 cells instead of 64" });
  });
});
