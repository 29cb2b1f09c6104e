import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { frameRates } from "../../../server/config/profile.js";
import { silentLog } from "../../../server/lib/log.js";
import { greyJpeg } from "../../../server/stream/grey-jpeg.js";
import { makeSlate } from "../../../server/stream/slate.js";
import {
  type Encoded,
  cycle,
  newDirectory,
  partNames,
  readEncoded,
  startEncoder,
  vga,
  writeAll,
} from "../../support/encoder-bench.js";
import { jpegFrames } from "../../support/jpeg-frames.js";
import { until } from "../../support/until.js";

const frames = jpegFrames({ width: 640, height: 480, count: 60 });
const small = jpegFrames({ width: 160, height: 120, count: 30 });

/** Middle pixel of each decoded frame, as luma in the range of the stream, without any conversion. */
function decodedLuma(whole: Buffer): number[] {
  const args = ["-v", "error", "-i", "pipe:0", "-vf", "crop=2:2,extractplanes=y", "-f", "rawvideo", "pipe:1"];
  const { stdout } = spawnSync("ffmpeg", args, { input: whole, maxBuffer: 1 << 28 });
  return Array.from({ length: stdout.length / 4 }, (_, n) => stdout[n * 4] ?? -1);
}

/** Shapes of the pixels over all frames, as a player learns them. */
function pixelShapes(whole: Buffer): string[] {
  const fields = ["-v", "error", "-show_entries", "frame=sample_aspect_ratio", "-of", "csv=p=0", "-i", "pipe:0"];
  const { stdout } = spawnSync("ffprobe", fields, { input: whole, maxBuffer: 1 << 28 });
  return [
    ...new Set(
      stdout
        .toString()
        .trim()
        .split(/[,\s]+/),
    ),
  ];
}

/** The same picture with other pixels, as its JFIF header says (the density follows `JFIF`, version and unit). */
function withPixels(jpeg: Buffer, x: number, y: number): Buffer {
  const copy = Buffer.from(jpeg);
  const density = copy.indexOf("JFIF\0") + 8;
  copy.writeUInt16BE(x, density);
  copy.writeUInt16BE(y, density + 2);
  return copy;
}

describe("Encoder", () => {
  it.each(frameRates)("writes parts of exactly 0.2 s and a key frame each second at %i frames/s (I3)", async (fps) => {
    const encoder = startEncoder({ fps, width: 160, height: 120 });
    await writeAll(encoder, cycle(small, fps * 4 + 1));
    const end = await encoder.finish(5000);
    expect([end.exit.code, end.killed, encoder.recentLines]).toEqual([0, false, []]);
    const { parts } = readEncoded(encoder.directory);
    expect(parts).toEqual([
      ...Array.from({ length: 20 }, (_, n) => ({
        decodeTicks: n * 18_000,
        ticks: 18_000,
        samples: fps / 5,
        independent: n % 5 === 0,
      })),
      { decodeTicks: 360_000, ticks: 90_000 / fps, samples: 1, independent: true },
    ]);
  });

  it("writes the same init segment for the same profile, whatever the picture (I3)", async () => {
    const inits = [];
    for (const source of ["testsrc2", "color=c=red", "mandelbrot"]) {
      const encoder = startEncoder({ width: 320, height: 240 });
      await writeAll(encoder, jpegFrames({ source, width: 320, height: 240, count: 7 }));
      await encoder.finish(5000);
      inits.push(readEncoded(encoder.directory).init);
    }
    expect(inits[1]).toEqual(inits[0]);
    expect(inits[2]).toEqual(inits[0]);
  });

  it("makes the profile's size of whatever JPEG comes", async () => {
    const encoder = startEncoder({ width: 160, height: 120 });
    await writeAll(encoder, [...frames.slice(0, 2), ...small.slice(0, 10)]);
    await encoder.finish(5000);
    const same = startEncoder({ width: 160, height: 120 });
    await writeAll(same, small.slice(0, 12));
    await same.finish(5000);
    expect(readEncoded(encoder.directory).init).toEqual(readEncoded(same.directory).init);
    expect(readEncoded(encoder.directory).parts.map(({ samples }) => samples)).toEqual([6, 6]);
  });

  it("writes square pixels and one init segment, whatever comes first (I3)", async () => {
    const profile = { width: 320, height: 180 };
    const wide = jpegFrames({ ...profile, count: 10 });
    const drawn = { label: "0", reason: "", sinceEpochMs: 0, ffmpegProgram: "ffmpeg", log: silentLog };
    const slate = await makeSlate({ ...drawn, profile, lastFrame: frames[0] });
    const firsts = [
      wide[0],
      slate,
      greyJpeg(profile.width, profile.height),
      frames[0],
      withPixels(small[0] ?? slate, 5, 1),
    ];
    const written: Encoded[] = [];
    for (const first of firsts) {
      const encoder = startEncoder(profile);
      await writeAll(encoder, [...cycle([first ?? slate], 40), ...wide, ...cycle([first ?? slate], 10)]);
      await encoder.finish(5000);
      expect(encoder.recentLines).toEqual([]);
      written.push(readEncoded(encoder.directory));
    }
    expect(written.map(({ whole }) => pixelShapes(whole))).toEqual(firsts.map(() => ["1:1"]));
    expect(written.map(({ init }) => init.equals(written[0]?.init ?? slate))).toEqual(firsts.map(() => true));
  });

  it("keeps the camera's full range of brightness, and says so", async () => {
    const levels = [0, 16, 128, 235, 255];
    const encoder = startEncoder({ width: 160, height: 120 });
    for (const level of levels) {
      const filters = `format=gray,geq=lum=${level}`;
      await writeAll(encoder, cycle(jpegFrames({ width: 160, height: 120, count: 1, filters }), 6));
    }
    await encoder.finish(5000);
    const { whole } = readEncoded(encoder.directory);
    const luma = decodedLuma(whole);
    for (const [n, level] of levels.entries()) expect(Math.abs((luma[n * 6 + 5] ?? -9) - level)).toBeLessThanOrEqual(2);
    const file = join(newDirectory(), "levels.mp4");
    writeFileSync(file, whole);
    const fields = [
      "-v",
      "error",
      "-show_entries",
      "stream=pix_fmt,color_range,color_space,color_transfer,color_primaries",
      "-of",
      "csv=p=0",
      file,
    ];
    expect(spawnSync("ffprobe", fields).stdout.toString().trim()).toBe("yuvj420p,pc,bt470bg,iec61966-2-1,bt709");
  });

  it.each([300, 1000])("holds a ceiling of %i kbit/s on a picture that cannot be compressed (A8)", async (kbps) => {
    const noise = jpegFrames({ width: 640, height: 480, count: 60, filters: "noise=alls=60:allf=t" });
    const encoder = startEncoder({ bitrateKbps: kbps });
    await writeAll(encoder, cycle(noise, 300));
    await encoder.finish(20_000);
    const actual = (readEncoded(encoder.directory).bytes * 8) / 10 / 1000;
    expect(actual).toBeLessThan(kbps * 1.15);
    expect(actual).toBeGreaterThan(kbps * 0.7);
  });

  it("needs far less for a still picture", async () => {
    const encoder = startEncoder();
    await writeAll(encoder, cycle(frames.slice(0, 1), 300));
    await encoder.finish(10_000);
    expect((readEncoded(encoder.directory).bytes * 8) / 10 / 1000).toBeLessThan(600);
  });

  it("waits idle when spawned ahead, and writes nothing until the first frame", async () => {
    const encoder = startEncoder();
    await until("it runs", 5000, () => encoder.pid !== undefined);
    expect(partNames(encoder.directory)).toEqual([]);
    await writeAll(encoder, frames.slice(0, 12));
    await until("parts", 5000, () => partNames(encoder.directory).includes("p000000.m4s"));
    const { gone } = await encoder.stop("the test has seen enough");
    expect([gone, (await encoder.exited).reason]).toEqual([true, "the test has seen enough"]);
  });

  it("ends soon after its input is closed, with every frame written", async () => {
    const encoder = startEncoder();
    await writeAll(encoder, cycle(frames, 33));
    await until("parts", 5000, () => partNames(encoder.directory).length === 5);
    const end = await encoder.finish(5000);
    const samples = readEncoded(encoder.directory).parts.map((part) => part.samples);
    expect([end.killed, samples, encoder.framesWritten]).toEqual([false, [6, 6, 6, 6, 6, 3], 33]);
    expect(end.ms).toBeLessThan(1000);
  });

  it("is killed when it does not end in time; whole parts stand", async () => {
    const encoder = startEncoder();
    await writeAll(encoder, cycle(frames, 33));
    await until("parts", 5000, () => partNames(encoder.directory).length === 5);
    process.kill(encoder.pid ?? 0, "SIGSTOP");
    const end = await encoder.finish(100);
    expect([end.killed, end.exit.signal]).toEqual([true, "SIGKILL"]);
    expect(readEncoded(encoder.directory).parts.map((part) => part.samples)).toEqual([6, 6, 6, 6, 6]);
  });

  it("outlives the death of ffmpeg: frames are refused, and the end is told", async () => {
    const encoder = startEncoder();
    await writeAll(encoder, frames.slice(0, 12));
    process.kill(encoder.pid ?? 0, "SIGKILL");
    for (let n = 0; n < 20; n++) encoder.write(frames[0] ?? Buffer.alloc(0));
    expect((await encoder.exited).signal).toBe("SIGKILL");
    expect(encoder.write(frames[0] ?? Buffer.alloc(0))).toBe(false);
    expect(encoder.framesRefused).toBeGreaterThanOrEqual(1);
    expect((await encoder.finish(1000)).exit.signal).toBe("SIGKILL");
  });

  it("bounds what waits for a stalled ffmpeg, and goes on when it does", async () => {
    const encoder = startEncoder();
    await writeAll(encoder, frames.slice(0, 12));
    await until("parts", 5000, () => partNames(encoder.directory).length > 0);
    process.kill(encoder.pid ?? 0, "SIGSTOP");
    for (let n = 0; n < 200; n++) encoder.write(frames[0] ?? Buffer.alloc(0));
    expect(encoder.framesWritten).toBeLessThanOrEqual(12 + vga.fps + 1);
    expect(encoder.framesRefused).toBe(212 - encoder.framesWritten);
    process.kill(encoder.pid ?? 0, "SIGCONT");
    await until("no backlog", 5000, () => encoder.backlogBytes === 0);
    await encoder.finish(5000);
    const samples = readEncoded(encoder.directory).parts.reduce((sum, part) => sum + part.samples, 0);
    expect(samples).toBe(encoder.framesWritten);
  });

  it("names the missing program", async () => {
    const encoder = startEncoder({}, null, "no-such-ffmpeg");
    expect(encoder.write(frames[0] ?? Buffer.alloc(0))).toBe(false);
    expect((await encoder.exited).error?.code).toBe("programMissing");
  });
});
