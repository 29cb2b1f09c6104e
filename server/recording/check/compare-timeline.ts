/** Whether the recordings of a channel follow each other as they should. Pure. */
import { ticksPerMs } from "../../hls/ticks.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { Intervals, type Interval } from "./intervals.js";

/** A time without recordings that was written down, on the channel's timeline. */
export interface GapRow {
  readonly channel: string;
  readonly from_ticks: number;
  readonly to_ticks: number;
}

/** What of a finished recording says where it lies. */
export type TimelineRow = Pick<
  RecordingRow,
  "channel" | "path" | "started_at" | "ended_at" | "start_ticks" | "end_ticks"
>;

export type TimelineFinding =
  | { readonly kind: "overlap"; readonly row: TimelineRow; readonly other: TimelineRow; readonly ms: number }
  /** Nobody wrote down why nothing was recorded: deleted recordings, or a catalogue that was lost. */
  | { readonly kind: "unexplained"; readonly row: TimelineRow; readonly other: TimelineRow; readonly ms: number };

/** Neighbours of one timeline are off from each other by what a clock drifts. */
const otherTimelineMs = 60_000;

/**
 * `rows` are finished recordings by channel, then by ticks, and need not be all in memory; `row` follows `other` in each
 * finding. `explained` are times without a picture, and of switches, in milliseconds since the Unix epoch.
 *
 * Two channels are never compared: what two files of one channel share is the same media twice. A camera that moves to a
 * channel of its own (dual mode) is recorded there from the frame after the last one here, and only the times of the two
 * on the wall clock may overlap, because each channel counts its own.
 */
export function* timelineFindings(
  rows: Iterable<TimelineRow>,
  gaps: readonly GapRow[],
  explained: Intervals,
): Generator<TimelineFinding> {
  const written = new WrittenDown(gaps);
  let other: TimelineRow | null = null;
  for (const row of rows) {
    const found = other?.channel === row.channel ? between(other, row, written, explained) : null;
    if (found !== null) yield found;
    other = row;
  }
}

function between(
  other: TimelineRow,
  row: TimelineRow,
  written: WrittenDown,
  explained: Intervals,
): TimelineFinding | null {
  const ticks = row.start_ticks - other.end_ticks;
  const ms = Math.round(Math.abs(ticks) / ticksPerMs);
  if (ticks < 0) return isOtherTimeline(other, row) ? null : { kind: "overlap", row, other, ms };
  if (ticks === 0 || written.holds(row.channel, { from: other.end_ticks, to: row.start_ticks })) return null;
  const isExplained = explained.meets({ from: other.ended_at, to: row.started_at });
  return isExplained ? null : { kind: "unexplained", row, other, ms };
}

/** Ticks begin anew where the state was lost: the same ticks are another time then. */
function isOtherTimeline(a: TimelineRow, b: TimelineRow): boolean {
  const originMs = ({ started_at, start_ticks }: TimelineRow): number => started_at - start_ticks / ticksPerMs;
  return Math.abs(originMs(a) - originMs(b)) > otherTimelineMs;
}

/** Several gaps may make one: what lay between them was deleted. */
class WrittenDown {
  readonly #ofChannel = new Map<string, Intervals>();

  constructor(gaps: readonly GapRow[]) {
    for (const channel of new Set(gaps.map((gap) => gap.channel))) {
      const own = gaps.filter((gap) => gap.channel === channel);
      const intervals = own.map(({ from_ticks: from, to_ticks: to }) => ({ from, to }));
      this.#ofChannel.set(channel, new Intervals(intervals));
    }
  }

  holds(channel: string, missing: Interval): boolean {
    return this.#ofChannel.get(channel)?.meets(missing) === true;
  }
}
