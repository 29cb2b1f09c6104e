import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { FrameClock } from "../../../server/stream/frame-clock.js";
import { FramePump, type FramePumpOptions, type StandIn } from "../../../server/stream/frame-pump.js";

const clock: Clock = { monotonicMs: () => performance.now(), epochMs: () => Date.now() };

interface Bench {
  readonly pump: FramePump;
  /** What the encoder was given, as text. */
  readonly written: string[];
  readonly standIns: StandIn[];
  /** Frames that the encoder still takes. */
  room: number;
  /** One frame of the camera, now. */
  push(text: string): void;
}

function build(options: Partial<FramePumpOptions> = {}): Bench {
  const written: string[] = [];
  const standIns: StandIn[] = [];
  const write = (jpeg: Buffer): boolean => {
    if (bench.room === 0) return false;
    bench.room -= 1;
    written.push(jpeg.toString());
    return true;
  };
  const pump = new FramePump({
    encoder: { write },
    frameClock: new FrameClock({ fps: 10, startMediaMs: 0, origin: { mediaMs: 0, monotonicMs: clock.monotonicMs() } }),
    clock,
    log: silentLog,
    slateAfterMs: 3000,
    makeSlate: () => Promise.resolve(Buffer.from("slate")),
    ...options,
  });
  let number = 0;
  const push = (text: string): void => {
    pump.push({ jpeg: Buffer.from(text), camera: 0, number: ++number, arrivedMs: clock.monotonicMs() });
  };
  pump.on("standIn", (standIn) => standIns.push(standIn));
  const bench: Bench = { pump, written, standIns, room: Infinity, push };
  return bench;
}

/** Calls `push` every 100 ms: at 10 frames/s an even camera. */
async function feedEvenly(bench: Bench, from: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    bench.push(`${from}${n}`);
    await vi.advanceTimersByTimeAsync(100);
  }
}

describe("FramePump", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("writes nothing, and keeps no timer, before the first frame", async () => {
    const { pump, written } = build();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([written, vi.getTimerCount(), pump.picture]).toEqual([[], 0, null]);
  });

  it("writes each frame of an even camera once", async () => {
    const bench = build();
    await feedEvenly(bench, "a", 20);
    expect(bench.written).toEqual(Array.from({ length: 20 }, (_, n) => `a${n}`));
    expect([bench.pump.fresh, bench.pump.repeated, bench.pump.dropped]).toEqual([20, 0, 0]);
    expect(bench.pump.mediaMs).toBeCloseTo(2000, 6);
    bench.pump.close();
  });

  it("repeats the last frame while none comes, and counts it as a repeat", async () => {
    const bench = build();
    bench.push("a");
    await vi.advanceTimersByTimeAsync(960);
    expect(new Set(bench.written)).toEqual(new Set(["a"]));
    expect([bench.pump.fresh, bench.pump.repeated, bench.standIns]).toEqual([1, 8, []]);
    bench.push("b");
    expect(bench.written.at(-1)).toBe("b");
    bench.pump.close();
  });

  it("says what stands in: first the last frame, then the slate, asked for once (I7)", async () => {
    const makeSlate = vi.fn(() => Promise.resolve(Buffer.from("slate")));
    const bench = build({ makeSlate });
    bench.push("a");
    await vi.advanceTimersByTimeAsync(2000);
    expect(bench.standIns).toEqual(["lastFrame"]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(bench.standIns).toEqual(["lastFrame", "slate"]);
    expect(makeSlate).toHaveBeenCalledTimes(1);
    expect(bench.written.slice(-100)).toEqual(Array.from({ length: 100 }, () => "slate"));
    bench.push("b");
    expect(bench.standIns).toEqual(["lastFrame", "slate", "none"]);
    await vi.advanceTimersByTimeAsync(4000);
    expect(makeSlate).toHaveBeenCalledTimes(2);
    bench.pump.close();
  });

  it("leaves the last frame standing when no slate can be made, and does not ask again", async () => {
    const makeSlate = vi.fn(() => Promise.reject(new Error("no ffmpeg")));
    const bench = build({ makeSlate });
    bench.push("a");
    await vi.advanceTimersByTimeAsync(20_000);
    expect([bench.standIns, makeSlate.mock.calls.length, bench.written.at(-1)]).toEqual([["lastFrame"], 1, "a"]);
    bench.pump.close();
  });

  it("keeps the camera's frame that came while the slate was drawn", async () => {
    let answer: (jpeg: Buffer) => void = () => undefined;
    const bench = build({ makeSlate: () => new Promise((resolve) => (answer = resolve)) });
    bench.push("a");
    await vi.advanceTimersByTimeAsync(3500);
    bench.push("b");
    answer(Buffer.from("slate"));
    await vi.advanceTimersByTimeAsync(500);
    expect([bench.standIns, bench.written.at(-1)]).toEqual([["lastFrame", "none"], "b"]);
    bench.pump.close();
  });

  it("goes on with the picture of an encoder that crashed, paying the missing time at once", async () => {
    const origin = { mediaMs: 0, monotonicMs: clock.monotonicMs() - 1000 };
    const picture = { jpeg: Buffer.from("slate"), standIn: "slate" as const, freshMs: clock.monotonicMs() - 9000 };
    const bench = build({ picture, frameClock: new FrameClock({ fps: 10, startMediaMs: 0, origin }) });
    await vi.advanceTimersByTimeAsync(20);
    expect(bench.written.length).toBeGreaterThanOrEqual(9);
    expect([bench.pump.standIn, bench.pump.repeated]).toEqual(["slate", bench.written.length]);
    bench.pump.close();
  });

  it("pays lost frames with repeats of the frame before", async () => {
    const bench = build();
    await feedEvenly(bench, "a", 3);
    bench.pump.owe(2);
    bench.push("b");
    expect(bench.written).toEqual(["a0", "a1", "a2", "a2", "a2", "b"]);
    bench.pump.close();
  });

  it("drops what the encoder refuses, counts it, and catches up when there is room again", async () => {
    const bench = build();
    await feedEvenly(bench, "a", 3);
    bench.room = 0;
    await feedEvenly(bench, "b", 10);
    expect([bench.written.length, bench.pump.dropped]).toEqual([3, 10]);
    bench.room = Infinity;
    await feedEvenly(bench, "c", 3);
    expect(bench.written.length).toBeGreaterThanOrEqual(15);
    expect(Math.abs(bench.pump.mediaMs - 1600)).toBeLessThanOrEqual(150);
    bench.pump.close();
  });

  it("writes nothing after close, and leaves no timer", async () => {
    const bench = build();
    bench.push("a");
    bench.pump.close();
    bench.push("b");
    await vi.advanceTimersByTimeAsync(5000);
    expect([bench.written, vi.getTimerCount()]).toEqual([["a"], 0]);
  });
});
