import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localTime } from "../../../server/lib/local-time.js";
import { cycle, readEncoded, startEncoder, vga, writeAll } from "../../support/encoder-bench.js";
import { jpegFrames } from "../../support/jpeg-frames.js";
import { decodeLumas, OverlayReader } from "../../support/overlay-reader.js";

const profile = { ...vga, bitrateKbps: 5000 };
const grey = jpegFrames({ source: "color=c=gray", width: 640, height: 480, count: 1 });
const frameMs = 1000 / 30;

/** What the rows above the text differ by: nothing but what the encoder makes of plain grey. */
function unevenness(luma: Buffer | undefined): number {
  const above = luma?.subarray(0, 640 * 380) ?? Buffer.from([0, 255]);
  return (
    above.reduce((most, value) => Math.max(most, value), 0) - above.reduce((least, value) => Math.min(least, value))
  );
}

describe("Text in the picture (H1)", () => {
  it("has the second of each frame, and a clock that stands while the picture stands (I7)", async () => {
    const encoder = startEncoder(profile, { time: true, label: "Door" });
    // From half a second before the next full one: 15 frames of it, 30 of the next, and that one's last frame repeated.
    const beganMs = performance.now() + 2000 - (Date.now() % 1000);
    for (let n = 0; n < 75; n++) {
      const takenMs = beganMs - 500 + Math.min(n, 44) * frameMs;
      await wait(Math.max(0, beganMs - 500 + n * frameMs - performance.now()));
      encoder.write(grey[0] ?? Buffer.alloc(0), takenMs);
    }
    await encoder.finish(5000);
    const frames = decodeLumas("pipe:0", profile, readEncoded(encoder.directory).whole);
    expect(frames).toHaveLength(75);
    const secondMs = Math.round((Date.now() - performance.now() + beganMs) / 1000) * 1000;
    const texts = [-2, -1, 0, 1, 2].map((second) => `Door\n${localTime(secondMs + second * 1000)}`);
    const reader = new OverlayReader(profile);
    const seen = frames.map((luma) => texts.indexOf(reader.best(luma, texts).text) - 2);
    // What ffmpeg still holds of the former second may be drawn with the next one.
    expect(seen.slice(0, 12)).toEqual(new Array<number>(12).fill(-1));
    expect(seen.slice(16)).toEqual(new Array<number>(59).fill(0));
    expect(reader.best(frames[5] ?? Buffer.alloc(0), texts).likeness).toBeGreaterThan(0.7);
    expect(unevenness(frames[5])).toBeLessThan(16);
  });

  const hostile = [
    "%{localtime} %{eif:1:d} %{pts}",
    "a':text=b,drawbox=x=0:y=0:w=640:h=480:c=white:t=fill[out];[in]",
    "\\' \\\\ : , ; [ ] = {x} $(id) `id` | > /etc/passwd",
    "textfile=/etc/passwd:reload=1",
    "현관 ‮gnp.exe 👪 e\u0301",
    "%".repeat(40),
  ];

  it.each([
    ...hostile,
    ...fc.sample(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), { numRuns: 6, seed: 4 }),
  ])("draws the label %j and nothing else of it", async (label) => {
    const encoder = startEncoder(profile, { time: false, label });
    await writeAll(encoder, cycle(grey, 6));
    const { exit } = await encoder.finish(5000);
    expect([exit.code, encoder.recentLines]).toEqual([0, []]);
    expect(readdirSync(join(encoder.directory, "overlay"))).toEqual(["overlay.txt"]);
    const [luma] = decodeLumas("pipe:0", profile, readEncoded(encoder.directory).whole);
    expect(unevenness(luma)).toBeLessThan(16);
  });

  it("changes nothing of the init segment, so a change of it needs no discontinuity (I3)", async () => {
    const inits = [];
    for (const overlay of [null, { time: true, label: "Door" }]) {
      const encoder = startEncoder(profile, overlay);
      await writeAll(encoder, cycle(grey, 7));
      await encoder.finish(5000);
      inits.push(readEncoded(encoder.directory).init);
    }
    expect(inits[1]).toEqual(inits[0]);
  });
});
