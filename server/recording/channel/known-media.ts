/** What is recorded of a channel already, of the time before this process. Pure. */
import { ticksPerMs } from "../../hls/ticks.js";
import type { RecordedPart } from "../messages.js";

/** A stretch of a channel's timeline that a file holds. */
export interface RecordedStretch {
  readonly generation: number;
  readonly startTicks: number;
  readonly endTicks: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A file's start is off from its parts' by half a second at most, and drifts from them by next to nothing. */
const toleranceMs = 3000;

/**
 * Whether a stretch holds this part. The same ticks of the same generation are another picture where the wall clock says
 * so: both begin anew when the state of the service is lost.
 */
export function holds(stretch: RecordedStretch, part: Pick<RecordedPart, "generation" | "startTicks" | "startedAtMs">) {
  const { generation, startTicks, endTicks, startedAtMs } = stretch;
  const isThere = generation === part.generation && startTicks <= part.startTicks && part.startTicks < endTicks;
  return (
    isThere && Math.abs(startedAtMs + (part.startTicks - startTicks) / ticksPerMs - part.startedAtMs) < toleranceMs
  );
}

/**
 * Where a channel went on last. `recorded` are finished files, the newest first; `left` may still be finished. What was
 * left is newer as a rule, and may be one that could not be finished for long.
 */
export function newestOf(
  recorded: readonly RecordedStretch[],
  left: readonly RecordedStretch[],
): RecordedStretch | null {
  const [finished = null] = recorded;
  const [open = null] = left.toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  if (finished === null || open === null) return finished ?? open;
  const isOlder = open.startTicks < finished.startTicks && open.startedAtMs < finished.startedAtMs;
  return isOlder ? finished : open;
}
