import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";

export interface LimitedLinesOptions {
  /** Most lines within a minute. */
  readonly most: number;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly log: Pick<Log, "warn">;
}

const minuteMs = 60_000;

/**
 * Passes what a program says on to the log, so many lines a minute: of a broken camera ffmpeg complains frame by frame, and
 * NGINX of each request that some stranger makes wrong on purpose. The log lies on a memory card.
 */
export class LimitedLines {
  readonly #o: LimitedLinesOptions;
  #sinceMs = -Infinity;
  #count = 0;

  constructor(options: LimitedLinesOptions) {
    this.#o = options;
  }

  warn(line: string): void {
    const { most, clock, log } = this.#o;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#sinceMs > minuteMs) {
      if (this.#count > most) log.warn(`${this.#count - most} lines of the minute before were not logged`);
      this.#sinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= most) log.warn(line);
    if (this.#count === most) log.warn("further lines of this minute are not logged");
  }
}
