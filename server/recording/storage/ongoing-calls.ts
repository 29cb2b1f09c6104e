import type { Clock } from "../../lib/clock.js";

/** File calls under way: one that takes long is told to the controller, which ends a process that hangs on a disk. */
export class OngoingCalls {
  readonly #clock: Clock;
  readonly #since = new Map<symbol, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long the oldest one has taken so far, in milliseconds; 0: there is none. */
  get oldestMs(): number {
    const [first] = this.#since.values();
    return first === undefined ? 0 : this.#clock.monotonicMs() - first;
  }

  /** Waits for a call; its result and its error are passed on. */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    const key = Symbol();
    this.#since.set(key, this.#clock.monotonicMs());
    try {
      return await call();
    } finally {
      this.#since.delete(key);
    }
  }
}
