/** Readings of the last while and their mean. Pure: adding a reading makes a new window. */
export interface ReadingWindow {
  /** Of the first reading ever, on the monotonic clock; null before it. */
  readonly sinceMs: number | null;
  /** Oldest first; null is unknown. */
  readonly readings: readonly { readonly atMs: number; readonly value: number | null }[];
}

export const emptyWindow: ReadingWindow = { sinceMs: null, readings: [] };

/** With this reading, and without those that are older than `lengthMs`. */
export function withReading(
  { sinceMs, readings }: ReadingWindow,
  value: number | null,
  lengthMs: number,
  nowMs: number,
): ReadingWindow {
  const kept = readings.filter(({ atMs }) => nowMs - atMs <= lengthMs);
  return { sinceMs: sinceMs ?? nowMs, readings: [...kept, { atMs: nowMs, value }] };
}

/**
 * Mean of the known readings of the last `lengthMs`. Null (unknown) as long as the readings do not reach back so far,
 * while the newest or most of them are unknown, and where one reading would have to stand for 2 s or more.
 */
export function meanOf({ sinceMs, readings }: ReadingWindow, lengthMs: number, nowMs: number): number | null {
  if (sinceMs === null || nowMs - sinceMs < lengthMs) return null;
  if ((readings.at(-1)?.value ?? null) === null) return null;
  const known = readings.flatMap(({ value }) => value ?? []);
  const fewest = Math.max(lengthMs >= 2000 ? 2 : 1, readings.length / 2);
  if (known.length < fewest) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
