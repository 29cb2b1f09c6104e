/**
 * The picture that says why there is no picture: label, reason, since when. Drawn once by a one-shot ffmpeg on the
 * camera's last frame, dimmed and blurred, so that plain players stay connected and nobody takes an old picture for a
 * live one. It owns its ffmpeg and a temporary directory, and leaves neither behind.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Log } from "../lib/log.js";
import { Child } from "../process/child.js";
import { killLadder } from "../process/stop-ladder.js";
import type { EncodedProfile } from "./encoded-profile.js";
import { slateArguments, type DrawnLine } from "./ffmpeg-arguments.js";
import { greyJpeg } from "./grey-jpeg.js";
import { findSlateFont } from "./slate-font.js";
import { slateLines } from "./slate-lines.js";

export interface SlateRequest {
  readonly profile: Pick<EncodedProfile, "width" | "height">;
  readonly label: string;
  /** Why there is no picture, in words for people. */
  readonly reason: string;
  /** Since when, in milliseconds since the Unix epoch; shown in local time. */
  readonly sinceEpochMs: number;
  /** The camera's last frame. */
  readonly lastFrame?: Buffer | undefined;
  readonly ffmpegProgram: string;
  readonly log: Log;
}

/** Time for all attempts together. */
const drawMs = 2000;

const localTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A JPEG of exactly the profile's size, after 2 s at the most. Never rejects: what cannot be drawn is left out. */
export async function makeSlate(request: SlateRequest): Promise<Buffer> {
  const { width, height } = request.profile;
  const grey = greyJpeg(width, height);
  const deadlineMs = performance.now() + drawMs;
  try {
    // A last frame that cannot be decoded must not cost the text.
    for (const background of request.lastFrame === undefined ? [grey] : [request.lastFrame, grey]) {
      if (performance.now() >= deadlineMs) break;
      const drawn = await draw(request, background, deadlineMs);
      if (drawn !== null) return drawn;
    }
  } catch (error) {
    request.log.warn("no slate could be drawn", { error: String(error) });
  }
  return grey;
}

async function draw(request: SlateRequest, background: Buffer, deadlineMs: number): Promise<Buffer | null> {
  const directory = await mkdtemp(join(tmpdir(), "smart-toggle-slate-"));
  try {
    const lines = await writeLines(request, directory);
    return await runFfmpeg(request, { lines, directory, background, deadlineMs });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Each line goes into a file of its own: no text can then be taken for a part of the filter. */
async function writeLines(request: SlateRequest, directory: string): Promise<DrawnLine[]> {
  const since = `since ${localTime.format(request.sinceEpochMs)}`;
  const { width, height } = request.profile;
  const drawn: DrawnLine[] = [];
  for (const line of slateLines({ label: request.label, reason: request.reason, since }, width, height)) {
    const fontFile = findSlateFont(line.text);
    if (fontFile === null) {
      request.log.warn("no font is installed, so the slate says nothing (fonts-dejavu-core would do)");
      return [];
    }
    const textFile = `line${drawn.length}.txt`;
    await writeFile(join(directory, textFile), line.text);
    drawn.push({ textFile, fontFile, sizePx: line.sizePx, yPx: line.yPx });
  }
  return drawn;
}

interface Drawing {
  readonly lines: readonly DrawnLine[];
  readonly directory: string;
  readonly background: Buffer;
  readonly deadlineMs: number;
}

async function runFfmpeg(request: SlateRequest, drawing: Drawing): Promise<Buffer | null> {
  const child = new Child({
    name: "slate",
    program: request.ffmpegProgram,
    args: slateArguments({ profile: request.profile, lines: drawing.lines }),
    stdin: "pipe",
    stdout: "pipe",
    cwd: drawing.directory,
    log: request.log,
  });
  const timeout = setTimeout(
    () => void child.stop("took too long", killLadder),
    Math.max(0, drawing.deadlineMs - performance.now()),
  );
  child.stdin.end(drawing.background);
  const [jpeg, exit] = await Promise.all([buffer(child.stdout), child.exited]);
  clearTimeout(timeout);
  if (exit.code === 0 && jpeg.length > 0) return jpeg;
  request.log.warn("a slate could not be drawn", { ...exit, lines: child.recentLines });
  return null;
}
