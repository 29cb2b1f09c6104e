/** Recordings put together to what a timeline draws. Pure. */
import type { RecordingRow } from "./recording-row.js";

/** Recordings of one camera that follow each other without a gap. Times in milliseconds since the Unix epoch. */
export interface Span {
  readonly camera: number;
  readonly from: number;
  readonly to: number;
  readonly recordings: number;
  readonly bytes: number;
  readonly pinned: number;
}

/** A time without a recording between two, and why. */
export interface Hole {
  readonly camera: number;
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly message: string;
}

export interface TimelineView {
  /** By camera, then by time. */
  readonly spans: readonly Span[];
  readonly gaps: readonly Hole[];
}

export type SpanRow = Pick<
  RecordingRow,
  "camera" | "channel" | "started_at" | "ended_at" | "start_ticks" | "end_ticks" | "bytes" | "pinned"
>;

/** `rows` by camera, then by time. On one channel's timeline the tick says it all, whatever the wall clock did. */
export function spansOf(rows: readonly SpanRow[]): Span[] {
  const spans: { -readonly [Key in keyof Span]: Span[Key] }[] = [];
  let former: SpanRow | undefined;
  for (const row of rows) {
    const last = spans.at(-1);
    if (last !== undefined && former !== undefined && continues(former, row)) {
      last.to = Math.max(last.to, row.ended_at);
      last.recordings += 1;
      last.bytes += row.bytes;
      last.pinned += row.pinned;
    } else {
      const { camera, started_at: from, ended_at: to, bytes, pinned } = row;
      spans.push({ camera, from, to, recordings: 1, bytes, pinned });
    }
    former = row;
  }
  return spans;
}

function continues(former: SpanRow, row: SpanRow): boolean {
  return row.camera === former.camera && row.channel === former.channel && row.start_ticks === former.end_ticks;
}
