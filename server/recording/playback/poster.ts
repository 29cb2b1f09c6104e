import { buffer } from "node:stream/consumers";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { Child } from "../../process/child.js";
import { posterArguments } from "../../stream/ffmpeg-arguments.js";
import { killLadder } from "../../process/stop-ladder.js";

export interface PosterTask {
  /** Of the recording. */
  readonly path: string;
  /** ffmpeg. */
  readonly program: string;
  readonly log: Log;
}

/** It takes 0.1 s; a disk that hangs must not hold the next ones up for ever. */
const limitMs = 10_000;
const widthPixels = 320;

/** The first frame of a recording as a JPEG of 320 pixels. Rejects `mediaInvalid` when ffmpeg finds none. */
export async function drawPoster({ path, program, log }: PosterTask): Promise<Buffer> {
  const child = new Child({ name: "poster", program, args: posterArguments(path, widthPixels), stdout: "pipe", log });
  const timer = setTimeout(() => void child.stop("took too long", killLadder), limitMs);
  const jpeg = await buffer(child.stdout);
  const { code, error } = await child.exited;
  clearTimeout(timer);
  if (error !== undefined) throw error;
  if (code !== 0 || jpeg.length === 0) {
    throw new AppError(
      "mediaInvalid",
      `The recording has no picture: ${child.recentLines.at(-1) ?? "ffmpeg says nothing"}`,
    );
  }
  return jpeg;
}
