import type { Clock } from "../../lib/clock.js";
import { clockIsTrusted } from "./clock-trust.js";

/** A time server is met within seconds, or not for days. */
const askMs = 10_000;

/**
 * Whether the wall clock was set, asked for each file that begins. A clock that was set stays so; another one is asked
 * again from time to time, and only the first answer is waited for: a recording must not wait for a program.
 */
export class DatedClock {
  readonly #clock: Clock;
  readonly #ask: () => Promise<boolean>;
  #known: boolean | null = null;
  #asking: Promise<void> | null = null;
  #askedMs = 0;

  constructor(clock: Clock, ask: () => Promise<boolean> = clockIsTrusted) {
    this.#clock = clock;
    this.#ask = ask;
  }

  async isSet(): Promise<boolean> {
    const isDue = this.#asking === null || this.#clock.monotonicMs() - this.#askedMs > askMs;
    if (this.#known !== true && isDue) this.#askAgain();
    if (this.#known === null) await this.#asking;
    return this.#known === true;
  }

  #askAgain(): void {
    this.#askedMs = this.#clock.monotonicMs();
    this.#asking = this.#ask().then(
      (isSet) => void (this.#known = isSet),
      () => void (this.#known ??= false),
    );
  }
}
