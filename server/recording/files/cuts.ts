/** Where recordings begin and end. Pure. */
import { ticksPerMs, ticksPerSecond } from "../../hls/ticks.js";
import type { RecordedPart } from "../messages.js";

/** The file being written, as far as it decides what becomes of the next part. */
export interface OpenFile {
  readonly generation: number;
  readonly camera: number;
  readonly init: string;
  /** Where its last part ends. */
  readonly endTicks: number;
  /** From here on the next key frame begins another file. */
  readonly cutTicks: number;
}

export type PartDecision =
  /** It is in the file already, or no file can begin with it. */
  | { readonly kind: "skip"; readonly why: "known" | "noKeyFrame" }
  | { readonly kind: "append" }
  /** The file ends before it. Whether another begins with it is asked again, without a file. */
  | { readonly kind: "end"; readonly why: "boundary" | "generation" | "gap" }
  | { readonly kind: "begin" };

/** What becomes of a part (I2: a file has one generation, and begins with a key frame). */
export function decidePart(file: OpenFile | null, part: RecordedPart): PartDecision {
  if (file === null) return part.independent ? { kind: "begin" } : { kind: "skip", why: "noKeyFrame" };
  if (part.generation !== file.generation || part.init !== file.init || part.camera !== file.camera) {
    return { kind: "end", why: "generation" };
  }
  if (part.startTicks < file.endTicks) return { kind: "skip", why: "known" };
  if (part.startTicks > file.endTicks) return { kind: "end", why: "gap" };
  return part.independent && part.startTicks >= file.cutTicks ? { kind: "end", why: "boundary" } : { kind: "append" };
}

/** Files of a generation end at these ticks. */
export interface CutPlan {
  readonly generation: number;
  readonly firstTicks: number;
  readonly everyTicks: number;
}

/**
 * The boundaries of a generation from its first recorded part on: every so many whole segments, and the first where it
 * brings the beginnings of files nearest to whole multiples on the wall clock. The clock is looked at once, so that
 * neither drift nor a clock that is set makes any other file longer or shorter.
 */
export function planCuts(
  { generation, startTicks, startedAtMs }: Pick<RecordedPart, "generation" | "startTicks" | "startedAtMs">,
  fileSeconds: number,
): CutPlan {
  const intoFile = (startedAtMs / 1000) % fileSeconds;
  const first = Math.round(fileSeconds - intoFile);
  const segments = first < 1 ? fileSeconds : first;
  const everyTicks = fileSeconds * ticksPerSecond;
  return { generation, firstTicks: startTicks + segments * ticksPerSecond, everyTicks };
}

/** The first boundary after these ticks. */
export function cutAfter({ firstTicks, everyTicks }: CutPlan, ticks: number): number {
  return firstTicks + Math.max(0, Math.floor((ticks - firstTicks) / everyTicks) + 1) * everyTicks;
}

/** A moment of a channel on both clocks. */
export interface ClockAnchor {
  readonly ticks: number;
  readonly epochMs: number;
}

/** A part's own time is off by some frames at most; more is a clock that was set. */
const toleranceMs = 500;

/**
 * When a file that begins with this part starts on the wall clock: counted in ticks from the anchor, so that files that
 * follow each other adjoin to the millisecond; by the clock anew where that was set, or there is no anchor.
 */
export function anchorFor(anchor: ClockAnchor | null, { startTicks, startedAtMs }: RecordedPart): ClockAnchor {
  const byClock = { ticks: startTicks, epochMs: Math.round(startedAtMs) };
  if (anchor === null) return byClock;
  return Math.abs(epochAt(anchor, startTicks) - startedAtMs) > toleranceMs ? byClock : anchor;
}

/** The moment of these ticks, in whole milliseconds since the Unix epoch. */
export function epochAt({ ticks, epochMs }: ClockAnchor, at: number): number {
  return Math.round(epochMs + (at - ticks) / ticksPerMs);
}
