/** What text in the picture costs the encoder: with and without it at the same time, on the same frames. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock as clock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { Encoder } from "../../server/stream/encoder.js";
import type { Overlay } from "../../server/stream/overlay.js";
import { jpegFrames } from "../support/jpeg-frames.js";
import { CpuMeter } from "./cpu-meter.js";
import type { Measurement } from "./measurement.js";

const from = "overlay";
const profile = { width: 640, height: 480, fps: 30, bitrateKbps: null } as const;

export const overlay: Measurement = {
  name: from,
  async run({ short }) {
    const folder = mkdtempSync(join(tmpdir(), "bench-overlay-"));
    const open = (name: string, text: Overlay | null): Encoder =>
      new Encoder({
        ...{ generation: 1, profile, overlay: text, ffmpegProgram: "ffmpeg", clock, log: silentLog },
        directory: join(folder, name),
      });
    const [plain, drawn] = [open("plain", null), open("drawn", { label: "Front door", time: true })];
    try {
      await feed([plain, drawn], short ? 10 : 30);
      const meters = [plain, drawn].map(({ pid }) => new CpuMeter([pid ?? 0]));
      await feed([plain, drawn], short ? 30 : 900);
      const [without = 0, withText = 0] = meters.map((meter) => meter.percent());
      const note = `${withText.toFixed(1)} against ${without.toFixed(1)} % of a core, label and time, 640x480 at 30 frames/s`;
      const value = without > 0 ? withText / without : null;
      return [{ from, what: "encoder with text in the picture against without", value, unit: "×", note }];
    } finally {
      await Promise.all([plain.finish(5000), drawn.finish(5000)]);
      rmSync(folder, { recursive: true });
    }
  },
};

async function feed(encoders: readonly Encoder[], count: number): Promise<void> {
  const frames = jpegFrames({ width: 640, height: 480, count: 30 });
  const startMs = clock.monotonicMs();
  for (let n = 0; n < count; n++) {
    await wait(Math.max(0, startMs + (n * 1000) / profile.fps - clock.monotonicMs()));
    for (const encoder of encoders) encoder.write(frames[n % frames.length] ?? Buffer.alloc(0), clock.monotonicMs());
  }
}
