/** Between the time of a player and the time of the day. Pure. */

/** A segment of the playlist: where it begins in the player (seconds), how long it is, and when it was recorded. */
export interface PlacedSegment {
  readonly startS: number;
  readonly durationS: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** When the picture at this place was recorded; null before the playlist is known. */
export function recordedAt(segments: readonly PlacedSegment[], playerS: number): number | null {
  const found = lastWhere(segments, ({ startS }) => startS <= playerS + 1e-6) ?? segments[0];
  if (found === undefined) return null;
  return found.atMs + Math.min(Math.max(0, playerS - found.startS), found.durationS) * 1000;
}

/** Where the player has this time; in a gap: where the next recording begins. Null: nothing was recorded after it. */
export function placeOf(segments: readonly PlacedSegment[], epochMs: number): number | null {
  const found = lastWhere(segments, ({ atMs }) => atMs <= epochMs);
  if (found !== undefined && epochMs < found.atMs + found.durationS * 1000) {
    return found.startS + (epochMs - found.atMs) / 1000;
  }
  return segments.find(({ atMs }) => atMs > epochMs)?.startS ?? null;
}

/** By halves: a day has thousands of segments, and the picture asks with each frame. */
function lastWhere(
  segments: readonly PlacedSegment[],
  holds: (segment: PlacedSegment) => boolean,
): PlacedSegment | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment !== undefined && holds(segment)) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}
