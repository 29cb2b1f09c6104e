/** Where a day of a camera has nothing, and why. Pure. Times in milliseconds since the Unix epoch. */
import type { RecordingHole, RecordingSpan } from "../../../server/http/wire-recording.js";
import type { Day } from "./day.js";
import type { Gap } from "../../../server/http/wire-protection.js";

/** A time that is missing between two recordings. */
export interface Missing {
  readonly from: number;
  readonly to: number;
  /** Null: nobody knows, or recording was simply off. */
  readonly code: string | null;
  readonly message: string;
}

/** What the recorder says of a time in which nobody wanted a recording. */
const off = "recordingOff";
/** Shorter ones are seams of another generation: the time a switch takes is longer. */
const leastMs = 300;

export interface HoleFacts {
  readonly day: Pick<Day, "from" | "to">;
  /** Of one camera, in order. */
  readonly spans: readonly RecordingSpan[];
  /** What the recorder says of it. */
  readonly gaps: readonly RecordingHole[];
  /** When there was no picture to record. */
  readonly pictureGaps: readonly Gap[];
}

/**
 * What is missing between the first recording and the last one, each with the reason that covers most of it, if one does; and
 * what of it reaches over the borders of the day, where the recorder says so. Recording that was off there is no loss.
 */
export function missingBetween({ day, spans, gaps, pictureGaps }: HoleFacts): Missing[] {
  const reasons = [
    ...gaps,
    ...pictureGaps.map(({ from, to, ms, code, message }) => ({ from, to: to ?? from + ms, code, message })),
  ];
  const missing: Missing[] = [];
  let end = spans[0]?.to ?? 0;
  for (const span of spans.slice(1)) {
    if (span.from - end > leastMs) missing.push(explained(end, span.from, reasons));
    end = Math.max(end, span.to);
  }
  return [...atBegin(day, spans, gaps), ...missing, ...atEnd(day, end, gaps)];
}

const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= leastMs;

function atBegin({ from }: HoleFacts["day"], [first]: readonly RecordingSpan[], gaps: HoleFacts["gaps"]): Missing[] {
  if (first === undefined) return [];
  const gap = gaps.find((each) => each.code !== off && each.from < from && isNear(each.to, first.from));
  return gap === undefined || gap.to <= from ? [] : [{ from, to: gap.to, code: gap.code, message: gap.message }];
}

function atEnd({ to }: HoleFacts["day"], lastMs: number, gaps: HoleFacts["gaps"]): Missing[] {
  const gap = gaps.find((each) => each.code !== off && each.to > to && isNear(each.from, lastMs));
  return gap === undefined || gap.from >= to ? [] : [{ from: gap.from, to, code: gap.code, message: gap.message }];
}

type Reason = Pick<RecordingHole, "from" | "to" | "code" | "message">;

function explained(from: number, to: number, reasons: readonly Reason[]): Missing {
  const covered = (reason: Reason) => Math.min(to, reason.to) - Math.max(from, reason.from);
  const best = reasons.reduce<Reason | null>((found, reason) => {
    return covered(reason) > (found === null ? 0 : covered(found)) ? reason : found;
  }, null);
  // A second without a picture does not explain an hour.
  const isIt = best !== null && covered(best) * 2 >= to - from;
  return isIt ? { from, to, code: best.code, message: best.message } : { from, to, code: null, message: "" };
}

/** The nearest one after, or before, a time; null: there is none. */
export function nextMissing(missing: readonly Missing[], atMs: number, step: 1 | -1): Missing | null {
  // Just landed at the end of one: the next one before it is meant.
  const before = missing.filter(({ to }) => to < atMs - 2500);
  return (step === 1 ? missing.find(({ from }) => from > atMs) : before.at(-1)) ?? null;
}

/** Where playing goes on from a time: itself where something was recorded, else the next recording's start. */
export function playableFrom(spans: readonly RecordingSpan[], atMs: number): number | null {
  const span = spans.find(({ to }) => to > atMs);
  return span === undefined ? null : Math.max(span.from, atMs);
}
