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

/** Rejects what one MP4 cannot hold: a picture of two sizes. */
export function checkSources(rows: readonly RecordingRow[]): void {
  const [first] = rows;
  if (first === undefined) throw new AppError("notFound", "Nothing of this camera was recorded in that time.");
  const other = rows.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other === undefined) return;
  const at = new Date(other.started_at).toISOString();
  const sizes = `${first.width}×${first.height} to ${other.width}×${other.height}`;
  throw new AppError(
    "exportMixed",
    `The picture changes from ${sizes} at ${at}: export up to there, and from there on.`,
  );
}

/** Where nothing was recorded between two of them, in milliseconds since the Unix epoch. */
export function gapsBetween(rows: readonly RecordingRow[]): { readonly from: number; readonly to: number }[] {
  return rows.slice(1).flatMap((row, index) => {
    const former = rows[index];
    if (former === undefined || follows(playedOf(former), playedOf(row))) return [];
    return [{ from: former.ended_at, to: Math.max(former.ended_at, row.started_at) }];
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

/** `cam0_20261121_143000-20261121_144500.mp4`, by the clock on the wall where it was recorded. */
export function exportName(camera: number, fromMs: number, toMs: number, tzOffsetMinutes: number): string {
  const stamp = (ms: number) =>
    new Date(ms + tzOffsetMinutes * 60_000).toISOString().slice(0, 19).replace("T", "_").replace(/[-:]/g, "");
  return `cam${camera}_${stamp(fromMs)}-${stamp(toMs)}.mp4`;
}
