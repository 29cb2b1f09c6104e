/** Keeps what is published below a stored upper bound, so that a start without a playlist never goes back (I3). */
import type { PlaylistStart } from "./playlist.js";
import { ticksPerSecond } from "./ticks.js";

/** Where the upper bound of a channel's positions is kept. */
export interface Reservation {
  readonly reserved?: PlaylistStart;
  /** Must have been stored when it returns; called every 30 s on the loop that publishes, so it must be quick. */
  reserve(upTo: PlaylistStart): void;
}

/** How far ahead a bound is set: a start without a playlist jumps by half of it on average. */
const blockSeconds = 30;

export class ReservedPositions {
  readonly #reservation: Reservation;
  #bound: PlaylistStart | null = null;

  constructor(reservation: Reservation) {
    this.#reservation = reservation;
  }

  /** Returns when the position lies within what is stored. Throws what `reserve` throws. */
  cover(position: PlaylistStart): void {
    if (this.#bound && isWithin(position, this.#bound)) return;
    this.#store({
      ...position,
      ticks: position.ticks + blockSeconds * ticksPerSecond,
      mediaSequence: position.mediaSequence + blockSeconds,
      part: position.part + blockSeconds * 5,
    });
  }

  /** Stores the position itself: nothing more is published before the next start. */
  settle(position: PlaylistStart): void {
    this.#store(position);
  }

  #store(bound: PlaylistStart): void {
    this.#reservation.reserve(bound);
    this.#bound = bound;
  }
}

/** The discontinuity sequence is exact, not a bound: players stall when it rises with nothing to show for it. */
function isWithin(position: PlaylistStart, bound: PlaylistStart): boolean {
  return (
    position.discontinuitySequence === bound.discontinuitySequence &&
    position.epochMs === bound.epochMs &&
    position.ticks <= bound.ticks &&
    position.mediaSequence <= bound.mediaSequence &&
    position.part <= bound.part
  );
}
