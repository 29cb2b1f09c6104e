/** Whether the recordings of a channel follow each other as they should. Pure. */
import { groupBy } from "../../lib/group-by.js";
import { ticksPerMs } from "../../hls/ticks.js";
import type { RecordingRow } from "../catalogue/recording-row.js";

/** A time without recordings that was written down, on the channel's timeline. */
export interface GapRow {
  readonly channel: string;
  readonly from_ticks: number;
  readonly to_ticks: number;
}

/** A time without a picture, or of a switch, in milliseconds since the Unix epoch. */
export interface Explained {
  readonly fromMs: number;
  readonly toMs: number;
}

export type TimelineFinding =
  | { readonly kind: "overlap"; readonly row: RecordingRow; readonly other: RecordingRow; readonly ms: number }
  /** Nobody wrote down why nothing was recorded: deleted recordings, or a catalogue that was lost. */
  | { readonly kind: "unexplained"; readonly row: RecordingRow; readonly other: RecordingRow; readonly ms: number };

/** Neighbours of one timeline are off from each other by what a clock drifts. */
const otherTimelineMs = 60_000;

type Stretch = Pick<RecordingRow, "channel" | "start_ticks" | "end_ticks">;

/** `rows` are finished recordings; `row` follows `other` in each finding. */
export function timelineFindings(
  rows: readonly RecordingRow[],
  gaps: readonly GapRow[],
  explained: readonly Explained[],
): TimelineFinding[] {
  return [...groupBy(rows, ({ channel }) => channel)].flatMap(([channel, ofChannel]) => {
    const own = gaps.filter((gap) => gap.channel === channel);
    const sorted = ofChannel.toSorted((a, b) => a.start_ticks - b.start_ticks);
    return sorted.slice(1).flatMap((row, index) => between(sorted[index] ?? row, row, own, explained));
  });
}

function between(
  other: RecordingRow,
  row: RecordingRow,
  gaps: readonly GapRow[],
  explained: readonly Explained[],
): TimelineFinding[] {
  const ticks = row.start_ticks - other.end_ticks;
  const ms = Math.round(Math.abs(ticks) / ticksPerMs);
  if (ticks < 0) return isOtherTimeline(other, row) ? [] : [{ kind: "overlap", row, other, ms }];
  if (ticks === 0 || isWrittenDown({ ...other, start_ticks: other.end_ticks, end_ticks: row.start_ticks }, gaps))
    return [];
  const isExplained = explained.some(({ fromMs, toMs }) => fromMs < row.started_at && toMs > other.ended_at);
  return isExplained ? [] : [{ kind: "unexplained", row, other, ms }];
}

/** Ticks begin anew where the state was lost: the same ticks are another time then. */
function isOtherTimeline(a: RecordingRow, b: RecordingRow): boolean {
  const originMs = ({ started_at, start_ticks }: RecordingRow): number => started_at - start_ticks / ticksPerMs;
  return Math.abs(originMs(a) - originMs(b)) > otherTimelineMs;
}

/** Several gaps may make one: what lay between them was deleted. */
function isWrittenDown({ start_ticks: from, end_ticks: to }: Stretch, gaps: readonly GapRow[]): boolean {
  return gaps.some((gap) => gap.from_ticks < to && gap.to_ticks > from);
}
