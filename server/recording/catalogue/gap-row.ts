/** A time that is missing in the recordings of a channel, as the catalogue keeps it. */
export interface GapRow {
  readonly channel: string;
  /** Of the file after it. */
  readonly camera: number;
  /** Milliseconds since the Unix epoch. */
  readonly from_at: number;
  readonly to_at: number;
  /** On the channel's timeline. */
  readonly from_ticks: number;
  readonly to_ticks: number;
  readonly code: string;
  readonly message: string;
}

/** Where a file begins and ends, on both clocks. */
export interface Covered {
  readonly startTicks: number;
  readonly endTicks: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** What is left of a gap that a file lies in, or overlaps: nothing, or what is before and after it. Pure. */
export function stillMissing(gap: GapRow, file: Covered): GapRow[] {
  const before = { ...gap, to_ticks: file.startTicks, to_at: file.startedAtMs };
  const after = { ...gap, from_ticks: file.endTicks, from_at: file.endedAtMs };
  return [before, after].filter(({ from_ticks, to_ticks }) => from_ticks < to_ticks);
}
