import { setTimeout as wait } from "node:timers/promises";

const lookMs = 250;

/** Looks again and again until it is stopped. Whoever makes it stops it; a look that rejects ends it, and `stop` rejects. */
export class RepeatedLook {
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(look: () => Promise<void>) {
    this.#running = this.#run(look);
    this.#running.catch(() => undefined);
  }

  /** Resolves when the last look is over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(look: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await look();
      await wait(lookMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
