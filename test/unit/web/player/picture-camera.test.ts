import { describe, expect, it } from "vitest";
import { cameraAt } from "../../../../web/src/player/picture-camera.js";

describe("camera of the picture", () => {
  const ranges = [
    { startMs: 5000, camera: 1 },
    { startMs: 1000, camera: 0 },
    { startMs: 9000, camera: 0 },
  ];

  it("is that of the latest range which has begun, to the frame", () => {
    expect([1000, 4990, 4996, 5000, 8000, 9000, 60_000].map((at) => cameraAt(ranges, at))).toEqual([
      0, 0, 1, 1, 1, 0, 0,
    ]);
  });

  it("is unknown before the first, and without any", () => {
    expect(cameraAt(ranges, 900)).toBeNull();
    expect(cameraAt([], 900)).toBeNull();
  });
});
