/**
 * Which recording goes next, if any. Pure: measured anew after each deletion, so that what somebody else freed or took
 * meanwhile counts. Order of the reasons: a disk that is nearly full first, because all cameras suffer from it.
 */

export interface RetentionLimits {
  /** Milliseconds; null: kept for ever. */
  readonly maxAgeMs: number | null;
  /** Of each camera; null: no limit. */
  readonly maxBytes: number | null;
  /** So many bytes are to stay free on the disk. */
  readonly floorBytes: number;
}

/** One that may be deleted: finished, and not pinned. */
export interface Candidate {
  readonly id: number;
  readonly camera: number;
  /** Milliseconds since the Unix epoch. */
  readonly endedAt: number;
}

export interface RetentionFacts {
  /** The oldest candidate of each camera. */
  readonly oldest: readonly Candidate[];
  /** The same of those whose time is certain. */
  readonly oldestDated: readonly Candidate[];
  /** Bytes of all recordings of each camera, pinned ones too. */
  readonly bytes: ReadonlyMap<number, number>;
  /** Null: unknown, and nothing is deleted for it. */
  readonly freeBytes: number | null;
  /** Milliseconds since the Unix epoch; null while the clock cannot be trusted: nothing is deleted for its age. */
  readonly nowMs: number | null;
}

export type RetentionReason = "space" | "bytes" | "age";

export interface Deletion {
  readonly id: number;
  readonly reason: RetentionReason;
}

/** Null: all is within the limits, or nothing may go. */
export function chooseDeletion(limits: RetentionLimits, facts: RetentionFacts): Deletion | null {
  const { bytes, freeBytes, nowMs } = facts;
  const { maxAgeMs, maxBytes, floorBytes } = limits;
  const byAge = inOrder(facts.oldest);
  const [first] = byAge;
  if (first !== undefined && freeBytes !== null && freeBytes < floorBytes) return { id: first.id, reason: "space" };
  const tooMuch = byAge.find(({ camera }) => maxBytes !== null && (bytes.get(camera) ?? 0) > maxBytes);
  if (tooMuch !== undefined) return { id: tooMuch.id, reason: "bytes" };
  const [dated] = inOrder(facts.oldestDated);
  const isOld = dated !== undefined && maxAgeMs !== null && nowMs !== null && nowMs - dated.endedAt > maxAgeMs;
  return isOld ? { id: dated.id, reason: "age" } : null;
}

function inOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => a.endedAt - b.endedAt || a.id - b.id);
}

/** What `hours` of recording at this rate need. Null, when no rate is known: then `leastBytes` counts alone. */
export function floorBytesOf(hours: number, bytesPerHour: number | null, leastBytes: number): number {
  return Math.max(leastBytes, Math.round((bytesPerHour ?? 0) * hours));
}
