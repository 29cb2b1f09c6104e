/**
 * Whether a channel shows the frames of a camera one after the other, each once. The one thing that may keep it from
 * that is a frame that came late: the frame clock repeats the one before it, and may drop what comes in a rush behind it.
 * Pure.
 */

/** When a frame reached the service, on any one clock in milliseconds. */
export interface Arrival {
  readonly number: number;
  readonly atMs: number;
}

/** So many periods late, and the clock may repeat and drop: it may itself be nearly one behind, of one and a half. */
const latePeriods = 0.25;
/**
 * Frames to either side that are compared: on a machine that does much else a camera is late for seconds on end. One that
 * goes on at other moments than before counts as late for as long.
 */
const near = 50;
/** The clock's tolerance, in frames to either side. */
const reach = 2;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The frames that may be repeated or lost, because one of them came late. */
function lateSpans(arrivals: readonly Arrival[], fps: number): Span[] {
  const offsets = arrivals.map(({ number, atMs }) => (atMs * fps) / 1000 - number);
  return arrivals.flatMap(({ number }, index) => {
    const late = (offsets[index] ?? 0) - Math.min(...offsets.slice(Math.max(0, index - near), index + near + 1));
    return late > latePeriods ? [{ from: number - reach, to: number + Math.ceil(late) + reach }] : [];
  });
}

/** What is wrong with frame numbers in the order in which they were shown, each in a line. */
export function cadenceFaults(shown: readonly number[], arrivals: readonly Arrival[], fps: number): string[] {
  const spans = lateSpans(arrivals, fps);
  const isExcused = (frame: number): boolean => spans.some(({ from, to }) => from <= frame && frame <= to);
  return shown.slice(1).flatMap((frame, index) => {
    const former = shown[index] ?? frame;
    if (frame < former) return [`frame ${frame} comes after frame ${former}`];
    if (frame === former) return isExcused(frame) ? [] : [`frame ${frame} is doubled`];
    const skipped = Array.from({ length: frame - former - 1 }, (_, step) => former + 1 + step);
    return skipped.filter((lost) => !isExcused(lost)).map((lost) => `frame ${lost} is lost`);
  });
}
