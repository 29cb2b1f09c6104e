/**
 * Says whether the cameras may rest because nobody watches (H4). It starts and stops nothing: whoever brings the picture
 * to what is allowed asks for `isResting` and listens to `changed`. Owns one timer; whoever made it closes it.
 *
 * Invariants: it never rests while somebody watches or holds it awake, and not before nobody did for the time that is
 * set; it wakes in the very call that asks for a picture.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";

export interface RestOptions {
  /** Time without anybody who watches until it rests, in seconds; 0: never. Asked again at each look. */
  readonly stopAfterSeconds: () => number;
  /** Whether anybody watches now. */
  readonly isWatched: () => boolean;
  /** Whether a picture is there, or is tried for in vain: while one is just on its way, nobody can watch it. */
  readonly isSettled: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const lookMs = 1000;

export class Rest extends EventEmitter<{ changed: [] }> {
  readonly #o: RestOptions;
  readonly #holds = new Map<symbol, string>();
  readonly #timer: NodeJS.Timeout;
  #wantedMs: number;
  #isResting = false;

  constructor(options: RestOptions) {
    super();
    this.#o = options;
    this.#wantedMs = options.clock.monotonicMs();
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  get isResting(): boolean {
    return this.#isResting;
  }

  get stopAfterSeconds(): number {
    return this.#o.stopAfterSeconds();
  }

  /** Somebody wants a picture now, or asked for something that only awake cameras can do. */
  wake(why: string): void {
    this.#wantedMs = this.#o.clock.monotonicMs();
    this.#become(false, why);
  }

  /** A picture is needed as long as the answer was not called: by a recording, a drill. `reason` is for the log. */
  keepAwake(reason: string): () => void {
    const hold = Symbol(reason);
    this.#holds.set(hold, reason);
    this.wake(reason);
    return () => {
      if (this.#holds.delete(hold)) this.#wantedMs = this.#o.clock.monotonicMs();
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const [hold] = this.#holds.values();
    const stopAfterMs = this.#o.stopAfterSeconds() * 1000;
    if (stopAfterMs === 0) this.wake("idle.stopAfterSeconds is 0");
    else if (hold !== undefined) this.wake(hold);
    else if (this.#o.isWatched()) this.wake("somebody watches");
    else if (!this.#isResting && !this.#o.isSettled()) this.#wantedMs = this.#o.clock.monotonicMs();
    else if (this.#o.clock.monotonicMs() - this.#wantedMs >= stopAfterMs) this.#become(true, "nobody watches");
  }

  #become(resting: boolean, why: string): void {
    if (resting === this.#isResting) return;
    this.#isResting = resting;
    this.#o.log.info(resting ? "the cameras go to rest" : "the cameras wake up", { why });
    this.emit("changed");
  }
}
