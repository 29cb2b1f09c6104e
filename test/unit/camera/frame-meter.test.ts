import { describe, expect, it } from "vitest";
import { FrameMeter } from "../../../server/camera/frame-meter.js";

describe("FrameMeter", () => {
  it("measures a steady rate from its start on", () => {
    const meter = new FrameMeter();
    for (let frame = 0; frame <= 15; frame += 1) meter.note(1000 + (frame * 1000) / 30, 100 + frame);
    expect(meter.rate(1500).fps).toBeCloseTo(30);
    expect(meter.rate(1500).meanBytes).toBe(108);
  });

  it("counts only the window, and silence in it", () => {
    const meter = new FrameMeter(2000);
    for (let frame = 0; frame <= 300; frame += 1) meter.note(frame * 100, 50);
    expect(meter.rate(30_000).fps).toBeCloseTo(10);
    expect(meter.rate(31_000).fps).toBeCloseTo(5);
    expect(meter.rate(32_001)).toEqual({ fps: 0, meanBytes: null });
  });

  it("knows no rate of one frame", () => {
    const meter = new FrameMeter();
    meter.note(5, 7);
    expect(meter.rate(6)).toEqual({ fps: 0, meanBytes: 7 });
  });
});
