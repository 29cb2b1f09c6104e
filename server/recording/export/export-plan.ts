/** Which recordings an export takes, and where it cuts them. Pure. */
import { AppError } from "../../lib/errors.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import type { Movie } from "../playback/movie.js";
import { follows } from "../playback/vod-playlist.js";

/** Seconds within the first and the last recording; null: from its start, to its end. */
export interface Cut {
  readonly inPoint: number | null;
  readonly outPoint: number | null;
}

/**
 * A day at 30 frames a second, with some to spare. ffmpeg keeps the table of all frames in memory until it writes it: 0.1 KB
 * for each, and a week would take more than a Raspberry Pi has.
 */
const mostFrames = 3_000_000;
/** Recordings that are looked at for one export: more than a day has, of 5 s each. */
export const mostSources = 20_000;

/** Throws for what one MP4 cannot hold: a picture of two sizes, more than about a day. `rows`: one more than may be, at most. */
export function checkSources(rows: readonly RecordingRow[]): void {
  const [first] = rows;
  if (first === undefined) throw new AppError("nothingRecorded", "Nothing of this camera was recorded in that time.");
  const all = rows.reduce((sum, { frames }) => sum + frames, 0);
  if (rows.length > mostSources || all > mostFrames)
    throw new AppError("exportTooLong", `One export holds ${mostFrames} frames at the most: choose a shorter time.`);
  const other = rows.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other === undefined) return;
  const at = new Date(other.started_at).toISOString();
  const sizes = `${first.width}×${first.height} to ${other.width}×${other.height}`;
  throw new AppError(
    "exportMixed",
    `The picture changes from ${sizes} at ${at}: export up to there, and from there on.`,
  );
}

/** Where nothing was recorded between two of them, in milliseconds since the Unix epoch. A seam of no time is none. */
export function gapsBetween(rows: readonly RecordingRow[]): { readonly from: number; readonly to: number }[] {
  return rows.slice(1).flatMap((row, index) => {
    const former = rows[index];
    if (former === undefined || follows(playedOf(former), playedOf(row))) return [];
    return row.started_at <= former.ended_at ? [] : [{ from: former.ended_at, to: row.started_at }];
  });
}

/** A row as the playlist takes it. */
export function playedOf(row: RecordingRow) {
  const { id, channel, generation, started_at: startedAt, start_ticks: startTicks, end_ticks: endTicks } = row;
  return { id, channel, generation, startedAt, startTicks, endTicks };
}

/** Start of the last key frame at or before `seconds`. */
export function keyFrameAt({ samples, timescale }: Pick<Movie, "samples" | "timescale">, seconds: number): number {
  let found = 0;
  let ticks = 0;
  for (const { sync, ticks: lasts } of samples) {
    if (ticks / timescale > seconds) break;
    if (sync) found = ticks;
    ticks += lasts;
  }
  return found / timescale;
}

/** Frames that begin within a cut. */
export function framesOf(
  { samples, timescale }: Pick<Movie, "samples" | "timescale">,
  { inPoint, outPoint }: Cut,
): number {
  // Half a tick: a time of the list, in microseconds, may stand a little beside the tick that is meant.
  const [first, end] = [(inPoint ?? 0) * timescale - 0.5, (outPoint ?? Infinity) * timescale - 0.5];
  let frames = 0;
  let at = 0;
  for (const { ticks } of samples) {
    if (at >= first && at < end) frames++;
    at += ticks;
  }
  return frames;
}

/**
 * The list that ffmpeg's concat demuxer reads: one recording after the other. A path stands in quotes, in which nothing
 * but the quote itself has a meaning.
 */
export function concatList(paths: readonly string[], { inPoint, outPoint }: Cut): string {
  const lines = paths.flatMap((path, index) => [
    `file 'file:${path.replaceAll("'", "'\\''")}'`,
    ...(index === 0 && inPoint !== null ? [`inpoint ${inPoint.toFixed(6)}`] : []),
    ...(index === paths.length - 1 && outPoint !== null ? [`outpoint ${outPoint.toFixed(6)}`] : []),
  ]);
  return `ffconcat version 1.0\n${lines.join("\n")}\n`;
}

/** A moment, and the offset that the clock on the wall had then, in minutes east of UTC. */
export interface WallMoment {
  readonly atMs: number;
  readonly tzOffsetMinutes: number;
}

/** `cam0_20261121_143000-20261121_144500.mp4`, by the clock on the wall where it was recorded. */
export function exportName(camera: number, from: WallMoment, to: WallMoment): string {
  const stamp = ({ atMs, tzOffsetMinutes }: WallMoment) =>
    new Date(atMs + tzOffsetMinutes * 60_000).toISOString().slice(0, 19).replace("T", "_").replace(/[-:]/g, "");
  return `cam${camera}_${stamp(from)}-${stamp(to)}.mp4`;
}
