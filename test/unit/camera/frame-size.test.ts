import { describe, expect, it } from "vitest";
import { isUsual, usualFrameBytes } from "../../../server/camera/frame-size.js";

describe("usualFrameBytes", () => {
  it("has D4's bounds for 480p and 720p", () => {
    expect(usualFrameBytes({ width: 640, height: 480 })).toEqual({ minBytes: 2048, maxBytes: 204_800 });
    expect(usualFrameBytes({ width: 1280, height: 720 })).toEqual({ minBytes: 5120, maxBytes: 512_000 });
  });

  it("rises with the number of pixels", () => {
    const sizes = [160, 320, 640, 800, 1024, 1280, 1920].map((width) => ({ width, height: (width * 9) / 16 }));
    const bounds = sizes.map(usualFrameBytes);
    for (const key of ["minBytes", "maxBytes"] as const) {
      const values = bounds.map((bound) => bound[key]);
      expect(values).toEqual([...values].sort((one, other) => one - other));
    }
  });
});

describe("isUsual", () => {
  it("counts the bounds in", () => {
    const range = { minBytes: 10, maxBytes: 20 };
    expect([9, 10, 20, 21].map((bytes) => isUsual(bytes, range))).toEqual([false, true, true, false]);
  });
});
