import { describe, expect, it } from "vitest";
import { trimTo } from "../../../../web/src/player/back-buffer.js";

describe("the buffer behind the picture", () => {
  it("is emptied to the last five seconds when 25 s have gathered", () => {
    expect(trimTo({ bufferedFromS: 100, currentS: 125.1, isNewest: true })).toBeCloseTo(120.1);
  });

  it("is left alone before, so that trimming is rare", () => {
    expect(trimTo({ bufferedFromS: 100, currentS: 124.9, isNewest: true })).toBeNull();
  });

  it("is left alone while more is on its way into the buffer: hls.js would take that for gone", () => {
    expect(trimTo({ bufferedFromS: 100, currentS: 200, isNewest: false })).toBeNull();
  });
});
