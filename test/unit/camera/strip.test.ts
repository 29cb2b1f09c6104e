import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stripPattern } from "../../../server/camera/simulated/strip.js";
import { readStrip } from "../../support/strip.js";

/** Lumas at the centres of the 64 cells, from a picture of that width. */
function lumasOf(cells: readonly boolean[], width: number): number[] {
  const pixels = Array.from({ length: width }, (_, x) => (cells[Math.floor((x * 64) / width)] === true ? 235 : 16));
  return cells.map((_, cell) => pixels[Math.floor(((cell + 0.5) * width) / 64)] ?? 0);
}

describe("the strip", () => {
  it("reads as it was written, at any width", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.nat({ max: 2 ** 26 }),
        fc.nat({ max: 2 ** 42 }),
        fc.integer({ min: 160, max: 1920 }),
        (camera, frame, epochMs, width) => {
          const lumas = lumasOf(stripPattern({ camera, frame, epochMs }), width);
          const expected = { valid: true, camera, frame: frame % 2 ** 24, drawnMs: epochMs };
          expect(readStrip(lumas, epochMs + 1234)).toEqual(expected);
        },
      ),
    );
  });

  it("has each field's highest bit first, as DESIGN says", () => {
    const cells = stripPattern({ camera: 8, frame: 1, epochMs: 2 ** 31 })
      .map(Number)
      .join("");
    expect(cells).toBe(`10101000${"0".repeat(23)}11${"0".repeat(31)}`);
  });
});
