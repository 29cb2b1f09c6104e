import { describe, expect, it } from "vitest";
import { ShownFrames } from "../../../../web/src/instant/shown-frames.js";

/** Receives and draws `count` frames of a camera, one each 40 ms. */
function show(frames: ShownFrames, count: number, camera = 0, first = 1, fromMs = 0): number {
  let nowMs = fromMs;
  for (let number = first; number < first + count; number++) {
    nowMs += 40;
    frames.received({ camera, number });
    frames.drawn({ camera, number }, 1000, 12, nowMs);
  }
  return nowMs;
}

describe("figures of the instant view (C2)", () => {
  it("are unknown until they are measured, and never 0 for it", () => {
    const frames = new ShownFrames();
    expect(frames.figures(0)).toEqual({ fps: null, frames: 0, meanBytes: null, latencyMs: null, dropped: 0 });
    expect(frames.figures(show(frames, 3))).toMatchObject({ fps: null, frames: 3, meanBytes: 1000, latencyMs: 12 });
  });

  it("are those of the last two seconds", () => {
    const frames = new ShownFrames();
    const nowMs = show(frames, 100);
    expect(frames.figures(nowMs)).toMatchObject({ fps: 25, frames: 100, meanBytes: 1000, dropped: 0 });
    expect(frames.figures(nowMs + 1000).fps).toBeCloseTo(12.5, 0);
    expect(frames.figures(nowMs + 5000)).toMatchObject({ fps: 0, meanBytes: null });
  });

  it("count what the service passed over, but neither a switch nor a new run nor a new connection", () => {
    const frames = new ShownFrames();
    show(frames, 3);
    show(frames, 1, 0, 7);
    expect(frames.figures(0).dropped).toBe(3);
    show(frames, 1, 1, 900);
    show(frames, 1, 1, 1);
    frames.reopened();
    show(frames, 1, 1, 500);
    frames.dropped();
    expect(frames.figures(0).dropped).toBe(4);
  });

  it("I7: the same frame again is no sign of life", () => {
    const frames = new ShownFrames();
    expect(frames.drawn({ camera: 0, number: 5 }, 1, null, 0)).toBe(true);
    expect(frames.drawn({ camera: 0, number: 5 }, 1, null, 40)).toBe(false);
    expect(frames.drawn({ camera: 1, number: 5 }, 1, null, 80)).toBe(true);
    expect(frames.drawn({ camera: null, number: null }, 1, null, 120)).toBe(true);
  });
});
