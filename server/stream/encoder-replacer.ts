/**
 * Brings a new encoder where one ended by itself: same camera, same profile, for ever, with growing delays. Owned by the
 * channel, which begins what it is given and ends it.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { exitWords } from "../process/exit-words.js";
import type { Encoder } from "./encoder.js";
import type { Picture } from "./frame-pump.js";
import type { Generation } from "./generation.js";

const delaysMs = [0, 500, 1000, 2000, 5000, 10_000];
/** The delays grow with each encoder that ends so soon after the one before it, whatever was switched in between. */
const calmMs = 30_000;

/** What a broken generation left: where its published media end, and the picture it showed. */
export interface Remains {
  readonly mediaMs: number;
  readonly picture: Picture | undefined;
}

export interface EncoderReplacerOptions {
  /** Whether this generation is still the one to be shown. */
  readonly isCurrent: (generation: Generation) => boolean;
  /** Prepares another one that shows the same. */
  readonly renew: (broken: Generation) => Promise<Generation>;
  /** Goes on with it where the broken one ended; the time missed is paid with repeats by its frame clock. */
  readonly begin: (next: Generation, remains: Remains) => void;
  /** Told of each encoder that ended by itself, and how, in words; before the next one is prepared. */
  readonly onBroken: (how: string, encoder: Encoder) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export class EncoderReplacer {
  readonly #o: EncoderReplacerOptions;
  #failures = 0;
  #failedMs = -Infinity;
  #running: Promise<void> = Promise.resolve();
  #waiting = new AbortController();

  constructor(options: EncoderReplacerOptions) {
    this.#o = options;
  }

  /** To be called for each generation that was begun. */
  watch(generation: Generation): void {
    const { clock, log, isCurrent, onBroken } = this.#o;
    void generation.encoder.exited.then((exit) => {
      if (!isCurrent(generation) || !generation.isFeeding) return;
      const nowMs = clock.monotonicMs();
      if (nowMs - this.#failedMs > calmMs) this.#failures = 0;
      this.#failedMs = nowMs;
      const how = exit.reason ?? exitWords(exit);
      const said = generation.encoder.recentLines.at(-1);
      log.warn("the encoder ended by itself", { generation: generation.number, how, said });
      onBroken(how, generation.encoder);
      this.#running = this.#replace(generation);
    });
  }

  /** Ends the wait for the next attempt; resolves when none is under way. */
  async settle(): Promise<void> {
    this.#waiting.abort();
    await this.#running;
  }

  async #replace(broken: Generation): Promise<void> {
    const { isCurrent, log } = this.#o;
    const picture = broken.pump?.picture ?? undefined;
    const { signal } = (this.#waiting = new AbortController());
    const { mediaMs } = await broken.end(0);
    while (isCurrent(broken)) {
      const delayMs = delaysMs[Math.min(this.#failures++, delaysMs.length - 1)];
      await wait(delayMs, undefined, { signal }).catch(() => undefined);
      if (!isCurrent(broken)) return;
      try {
        await this.#attempt(broken, { mediaMs, picture });
      } catch (error) {
        log.error("no new encoder can be started", { error: String(error) });
      }
    }
  }

  /** The channel may have gone on while the new encoder was prepared. */
  async #attempt(broken: Generation, remains: Remains): Promise<void> {
    const { isCurrent, renew, begin } = this.#o;
    const next = await renew(broken);
    if (isCurrent(broken)) begin(next, remains);
    else await next.end(0);
  }
}
