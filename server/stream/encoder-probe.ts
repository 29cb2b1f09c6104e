/**
 * Whether an encoder works on this machine: it gets a second of frames exactly as a generation would give them, and what
 * it wrote is looked at as the playlist would. That ffmpeg lists an encoder says nothing: it lists h264_v4l2m2m on a Pi 5,
 * which has no such hardware. Owns its ffmpeg and a temporary folder, and leaves neither behind.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectInit, inspectPart } from "../hls/mp4.js";
import { ticksPerSecond } from "../hls/ticks.js";
import { systemClock } from "../lib/clock.js";
import { silentLog } from "../lib/log.js";
import { exitWords } from "../process/exit-words.js";
import type { EncodedProfile } from "./encoded-profile.js";
import { Encoder } from "./encoder.js";
import { initFile, partsPerSecond } from "./ffmpeg-arguments.js";
import { greyJpeg } from "./grey-jpeg.js";
import type { VideoEncoder } from "./video-encoder.js";

export interface ProbeRequest {
  readonly videoEncoder: VideoEncoder;
  readonly profile: EncodedProfile;
  readonly ffmpegProgram: string;
}

export interface Probe {
  readonly works: boolean;
  /** How long the second took, or why it does not work. For people. */
  readonly said: string;
}

/** A second that takes longer is no live picture. */
const limitMs = 4000;

/** Never rejects; takes 0.1 s to 4 s. */
export async function probeEncoder(request: ProbeRequest): Promise<Probe> {
  const directory = await mkdtemp(join(tmpdir(), "smart-toggle-probe-"));
  try {
    const ms = await encodeSecond(request, directory);
    await lookAt(directory, request.profile);
    return { works: true, said: `encoded a second in ${Math.round(ms)} ms` };
  } catch (error) {
    return { works: false, said: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function encodeSecond(
  { videoEncoder, profile, ffmpegProgram }: ProbeRequest,
  directory: string,
): Promise<number> {
  const encoder = new Encoder({
    ...{ generation: 0, directory, profile, videoEncoder, ffmpegProgram, clock: systemClock, log: silentLog },
  });
  const frame = greyJpeg(profile.width, profile.height);
  for (let count = 0; count < profile.fps; count += 1) encoder.write(frame);
  const { exit, killed, ms } = await encoder.finish(limitMs);
  if (exit.error !== undefined) throw exit.error;
  if (killed) throw new Error(`a second took more than ${limitMs / 1000} s`);
  if (exit.code !== 0) throw new Error(lastWords(encoder.recentLines) ?? exitWords(exit));
  return ms;
}

/** ffmpeg names its part of the program and an address before what it says. */
function lastWords(lines: readonly string[]): string | undefined {
  const found = lines.find((line) => /v4l2|x264|encoder|device/i.test(line)) ?? lines.at(-1);
  return found?.replace(/^\[[^\]]*\] */, "");
}

/** Throws unless there is a second of parts of that size that begins with a key frame. */
async function lookAt(directory: string, { width, height }: EncodedProfile): Promise<void> {
  const init = inspectInit(await readFile(join(directory, initFile)));
  if (init.width !== width || init.height !== height) throw new Error(`it made ${init.width}x${init.height}`);
  const names = (await readdir(directory)).filter((name) => name.endsWith(".m4s")).sort();
  const parts = await Promise.all(
    names.map(async (name) => inspectPart(await readFile(join(directory, name)), init.defaults)),
  );
  const ticks = parts.reduce((sum, part) => sum + part.ticks, 0);
  if (parts.length !== partsPerSecond || ticks !== ticksPerSecond) {
    throw new Error(`of a second it made ${parts.length} parts of ${ticks / ticksPerSecond} s`);
  }
  if (parts[0]?.independent !== true) throw new Error("it does not begin with a key frame");
}
