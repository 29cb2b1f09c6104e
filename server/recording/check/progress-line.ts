import { systemClock, type Clock } from "../../lib/clock.js";

const everyMs = 200;
/** To the begin of the line, and away with what stands there (ECMA-48, EL). */
const anew = "\r\u001b[K";

/** Of a terminal, or of a file or pipe. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far a check has come: one line of a terminal, written over; nothing where no person looks. */
export class ProgressLine {
  readonly #out: Output;
  readonly #clock: Clock;
  #saidMs: number | null = null;

  constructor(out: Output, clock: Clock = systemClock) {
    this.#out = out;
    this.#clock = clock;
  }

  /** To be called as often as wanted. */
  readonly show = (done: number, total: number): void => {
    const nowMs = this.#clock.monotonicMs();
    if (this.#out.isTTY !== true || (this.#saidMs !== null && nowMs - this.#saidMs < everyMs)) return;
    this.#saidMs = nowMs;
    this.#out.write(`${anew}${done} of ${total} recordings read`);
  };

  /** Nothing of it stays. */
  end(): void {
    if (this.#saidMs !== null) this.#out.write(anew);
  }
}
