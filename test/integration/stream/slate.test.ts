import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import { silentLog, type Log } from "../../../server/lib/log.js";
import { listProcesses } from "../../../server/process/process-table.js";
import { greyJpeg } from "../../../server/stream/grey-jpeg.js";
import { makeSlate, type SlateRequest } from "../../../server/stream/slate.js";
import { cycle, newDirectory, readEncoded, startEncoder, writeAll } from "../../support/encoder-bench.js";
import { jpegFrames } from "../../support/jpeg-frames.js";

const request: SlateRequest = {
  profile: { width: 640, height: 480 },
  label: "현관 “100%” {x}: 'a\\b'; [0]",
  reason: "The camera program ended before it gave a picture: ERROR: *** Camera frontend has timed out! ***",
  sinceEpochMs: Date.UTC(2026, 4, 1),
  ffmpegProgram: "ffmpeg",
  log: silentLog,
};

function describeJpeg(jpeg: Buffer): string {
  const fields = ["-v", "error", "-show_entries", "stream=width,height,pix_fmt", "-of", "csv=p=0", "-i", "pipe:0"];
  return spawnSync("ffprobe", fields, { input: jpeg }).stdout.toString().trim();
}

/** Share of pixels as bright as the text is. */
async function whiteShare(jpeg: Buffer): Promise<number> {
  const { data } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.filter((value) => value > 230).length / data.length;
}

/** A program in place of ffmpeg. */
function standIn(script: string): string {
  const path = join(newDirectory(), "ffmpeg");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("smart-toggle-slate-"));

describe("makeSlate", () => {
  it.each([
    [640, 480],
    [1280, 720],
    [320, 240],
    [162, 122],
  ])("draws text on a dimmed last frame, at %ix%i", async (width, height) => {
    const [bright] = jpegFrames({ source: "color=c=white", width, height, count: 1 });
    const slate = await makeSlate({ ...request, profile: { width, height }, lastFrame: bright });
    expect(describeJpeg(slate)).toBe(`${width},${height},yuvj420p`);
    expect(await whiteShare(slate)).toBeGreaterThan(0.01);
    expect(await whiteShare(slate)).toBeLessThan(0.25);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ["no last frame", undefined],
    ["a last frame that cannot be decoded", Buffer.from("rubbish")],
  ])("draws text on grey with %s", async (_, lastFrame) => {
    const slate = await makeSlate({ ...request, lastFrame });
    expect(describeJpeg(slate)).toBe("640,480,yuvj420p");
    expect(await whiteShare(slate)).toBeGreaterThan(0.01);
  });

  it("gives plain grey after 2 s when ffmpeg hangs, says so, and leaves nothing running", async () => {
    const warn = vi.fn();
    const log: Log = { ...silentLog, warn };
    const startMs = performance.now();
    const slate = await makeSlate({ ...request, ffmpegProgram: standIn("exec sleep 987"), log });
    expect(performance.now() - startMs).toBeLessThan(6000);
    expect(slate).toEqual(greyJpeg(640, 480));
    expect(warn).toHaveBeenCalled();
    expect(listProcesses().filter(({ name, parentPid }) => name === "sleep" && parentPid === process.pid)).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ["fails", () => standIn("exit 1")],
    ["is missing", () => "/no/such/ffmpeg"],
  ])("gives plain grey when ffmpeg %s", async (_, program) => {
    expect(await makeSlate({ ...request, ffmpegProgram: program() })).toEqual(greyJpeg(640, 480));
  });

  it("makes what the encoder goes on with: neither part nor init differ", async () => {
    const frames = jpegFrames({ width: 640, height: 480, count: 15 });
    const slate = await makeSlate({ ...request, lastFrame: frames[14] });
    const encoder = startEncoder();
    await writeAll(encoder, [...frames, ...cycle([slate], 30), ...cycle([greyJpeg(640, 480)], 15), ...frames]);
    await encoder.finish(5000);
    const plain = startEncoder();
    await writeAll(plain, frames);
    await plain.finish(5000);
    const { init, parts } = readEncoded(encoder.directory);
    expect(parts.map(({ ticks }) => ticks)).toEqual([...new Array<number>(12).fill(18_000), 9000]);
    expect(init).toEqual(readEncoded(plain.directory).init);
  });
});

describe("greyJpeg", () => {
  it.each([
    [640, 480],
    [48, 48],
    [162, 122],
    [1920, 1080],
  ])("is plain mid-grey at %ix%i to more than one decoder", async (width, height) => {
    const jpeg = greyJpeg(width, height);
    expect(describeJpeg(jpeg)).toBe(`${width},${height},yuvj420p`);
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, new Set(data)]).toEqual([width, height, new Set([128])]);
  });
});
