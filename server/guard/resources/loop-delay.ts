const everyMs = 50;

/**
 * How long the event loop kept a timer waiting. Not `monitorEventLoopDelay` of Node: after each reset that forgets when
 * its timer was last due, so it misses a loop that stands still from that moment on.
 */
export class LoopDelay {
  readonly #timer: NodeJS.Timeout;
  #lastMs = performance.now();
  #longestMs = 0;

  constructor() {
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs);
    this.#timer.unref();
  }

  /** The longest delay since it was asked last, in milliseconds. */
  take(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - everyMs);
    this.#lastMs = nowMs;
  }
}
