import type { Clock } from "../lib/clock.js";

/** A player asks at least once in three target durations of 1 s; two more for a bad network. In milliseconds. */
const windowMs = 5000;
/** Beyond so many, new ones are not told apart any more: an address that invents names must not fill the memory. */
const mostViewers = 2000;

/** Counts those who watch: who asked for a playlist or a snapshot in the last 5 s, and whom others know of. */
export class ViewerCounter {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #lastSeenMs = new Map<string, number>();
  readonly #others: (() => number)[] = [];

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** `name` tells players apart: their address, and a word of their own where they send one. */
  saw(name: string): void {
    if (this.#lastSeenMs.size >= mostViewers && !this.#lastSeenMs.has(name)) this.#forget();
    if (this.#lastSeenMs.size >= mostViewers && !this.#lastSeenMs.has(name)) return;
    this.#lastSeenMs.set(name, this.#clock.monotonicMs());
  }

  /** Those who watch in another way, as long as they do. */
  alsoCount(others: () => number): void {
    this.#others.push(others);
  }

  get count(): number {
    this.#forget();
    return this.#others.reduce((sum, others) => sum + others(), this.#lastSeenMs.size);
  }

  #forget(): void {
    const since = this.#clock.monotonicMs() - windowMs;
    for (const [name, seenMs] of this.#lastSeenMs) if (seenMs < since) this.#lastSeenMs.delete(name);
  }
}
