import type { Clock } from "../lib/clock.js";

/** A player asks at least once in three target durations of 1 s; two more for a bad network. In milliseconds. */
const windowMs = 5000;
/** Beyond so many, new ones are not told apart any more: an address that invents names must not fill the memory. */
const mostViewers = 2000;

/** Counts the players that asked for a playlist in the last 5 s. */
export class ViewerCounter {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #lastSeenMs = new Map<string, number>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** `name` tells players apart: their address, and a word of their own where they send one. */
  saw(name: string): void {
    if (this.#lastSeenMs.size >= mostViewers && !this.#lastSeenMs.has(name)) this.#forget();
    if (this.#lastSeenMs.size >= mostViewers && !this.#lastSeenMs.has(name)) return;
    this.#lastSeenMs.set(name, this.#clock.monotonicMs());
  }

  get count(): number {
    this.#forget();
    return this.#lastSeenMs.size;
  }

  #forget(): void {
    const since = this.#clock.monotonicMs() - windowMs;
    for (const [name, seenMs] of this.#lastSeenMs) if (seenMs < since) this.#lastSeenMs.delete(name);
  }
}
