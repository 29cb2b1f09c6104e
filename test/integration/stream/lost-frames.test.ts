import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { FrameClock } from "../../../server/stream/frame-clock.js";
import { FramePump } from "../../../server/stream/frame-pump.js";
import { LostFrames } from "../../../server/stream/lost-frames.js";
import { readEncoded, startEncoder } from "../../support/encoder-bench.js";
import { jpegFrames } from "../../support/jpeg-frames.js";

const fps = 30;
const count = 3000;
const undecodable = new Map([400, 900, 901, 902, 2500].map((at) => [at, Buffer.from([0xff, 0xd8, 0xff, 0xd9])]));
const small = jpegFrames({ width: 160, height: 120, count: 30 });

/** Time runs five times as fast, so that 100 s of a camera take 20. */
function fastClock(): Clock {
  const startMs = performance.now();
  return { monotonicMs: () => (performance.now() - startMs) * 5, epochMs: () => Date.now() };
}

describe("Frames lost in ffmpeg", () => {
  it("are found by counting and paid with repeats: after 3000 frames media time is right", async () => {
    const clock = fastClock();
    const encoder = startEncoder({ width: 160, height: 120, fps });
    const frameClock = new FrameClock({
      fps,
      startMediaMs: 0,
      origin: { mediaMs: 0, monotonicMs: clock.monotonicMs() },
    });
    const makeSlate = () => Promise.reject(new Error("no slate in this test"));
    const pump = new FramePump({ encoder, frameClock, clock, log: silentLog, slateAfterMs: 60_000, makeSlate });
    const lost = new LostFrames();
    let [parts, told] = [0, 0];
    const lookForParts = (): void => {
      while (existsSync(join(encoder.directory, `p${String(parts).padStart(6, "0")}.m4s`))) {
        parts += 1;
        const { framesWritten, backlogBytes } = encoder;
        const news = lost.onPart({ framesWritten, framesPublished: parts * 6, backlogBytes });
        told += news;
        pump.owe(news);
      }
    };
    const originMs = frameClock.origin.monotonicMs;
    for (let n = 0; n < count; n++) {
      while (clock.monotonicMs() - originMs < (n * 1000) / fps) await wait(1);
      const jpeg = undecodable.get(n) ?? small[n % small.length] ?? Buffer.alloc(0);
      pump.push({ jpeg, camera: 0, number: n + 1, arrivedMs: clock.monotonicMs() });
      lookForParts();
    }
    pump.close();
    await encoder.finish(5000);
    const ticks = readEncoded(encoder.directory).parts.reduce((sum, part) => sum + part.ticks, 0);
    // One too many is within the pipeline's own jitter at five times the speed, and within the clock's tolerance.
    expect([undecodable.size, undecodable.size + 1]).toContain(told);
    // The clock itself holds media time within 1.5 frames; what was lost would be five more.
    expect(Math.abs(ticks / 3000 - count)).toBeLessThanOrEqual(1.5);
  });
});
