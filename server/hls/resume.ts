/** How a channel's timeline goes on after a time in which nothing was published. Pure. */
import { type PlaylistStart } from "./playlist.js";
import { ticksPerMs, ticksPerSecond } from "./ticks.js";

/** Up to this, the frame clock pays the time owed with repeated frames (DESIGN), so the timeline must not jump as well. */
export const paidByRepeatsMs = 5_000;

/** A wall clock that is behind by no more than this is met by going on: repeated crashes may run ahead by as much. */
const aheadMs = 60_000;

/** Beyond a week no player waits any more, and it is likelier that somebody set the clock. */
const jumpLimitMs = 7 * 24 * 3_600_000;

export type Resume =
  | { readonly kind: "exact" }
  /** Ticks and sequences go forward by the time that passed: date and ticks stay in step, for players place media by both. */
  | { readonly kind: "jump"; readonly to: PlaylistStart }
  /** The ticks go on, the date they stand for is a new one: the wall clock was set. */
  | { readonly kind: "redate"; readonly to: PlaylistStart };

/** The shortest part there is on average; no channel has made more segments or parts in a time than this allows. */
const shortestTicks = ticksPerSecond / 5;

/**
 * Decides from the position after the last part and the milliseconds since its end, which are negative where the wall
 * clock is behind the channel's date. Up to `paidMs` are no reason to jump.
 */
export function decideResume(position: PlaylistStart, awayMs: number, paidMs = paidByRepeatsMs): Resume {
  if (awayMs >= -aheadMs && awayMs <= paidMs) return { kind: "exact" };
  const ms = Math.round(awayMs);
  if (awayMs < 0 || awayMs > jumpLimitMs) {
    return { kind: "redate", to: { ...position, epochMs: position.epochMs + ms } };
  }
  const ticks = ms * ticksPerMs;
  const steps = Math.ceil(ticks / shortestTicks);
  return {
    kind: "jump",
    to: {
      ...position,
      ticks: position.ticks + ticks,
      // Covers the numbers of a reservation whose last renewals were lost with the power.
      mediaSequence: position.mediaSequence + steps,
      part: position.part + steps,
    },
  };
}
