/**
 * Finds a camera that gives no frames, or always the same one, and an encoder that gives no parts, and ends it; the
 * switcher and the channel bring a new one (B3, I7). `judge` is pure; the watch around it reads and acts.
 */
import type { Clock } from "../lib/clock.js";

/** What was seen; ages in milliseconds. */
export interface Reading {
  /** Age of the newest frame; null when no camera is meant to run now. */
  readonly frameAgeMs: number | null;
  /** How long the frames have been byte-identical; null when they differ. */
  readonly identicalMs: number | null;
  /** Age of the newest part, or of the encoder where it has none yet; null when no encoder is fed. */
  readonly partAgeMs: number | null;
}

export interface StallLimits {
  readonly stallMs: number;
  readonly frozenMs: number;
}

export type Verdict = "fine" | "sourceStalled" | "sourceFrozen" | "encoderStalled";

/** `frozenTold`: this picture was restarted once already; a second restart would help nobody. */
export function judge(reading: Reading, limits: StallLimits, frozenTold: boolean): Verdict {
  const { frameAgeMs, identicalMs, partAgeMs } = reading;
  if (frameAgeMs !== null && frameAgeMs > limits.stallMs) return "sourceStalled";
  if (identicalMs !== null && identicalMs > limits.frozenMs && !frozenTold) return "sourceFrozen";
  if (partAgeMs !== null && partAgeMs > limits.stallMs) return "encoderStalled";
  return "fine";
}

export interface StallWatchOptions {
  readonly limits: StallLimits;
  readonly read: () => Reading;
  readonly act: (verdict: Exclude<Verdict, "fine">) => void;
  readonly clock: Clock;
}

const everyMs = 250;
/** So long after a restart for a frozen picture, pictures that still change show that it helped. */
const thawedAfterMs = 10_000;
/** If the watch itself comes so late, the whole process stood still, and ages say nothing about anybody else. */
const ownDelayMs = 500;

export class StallWatch {
  readonly #o: StallWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #lastMs: number;
  #frozenToldMs = -Infinity;
  #quietUntilMs = 0;
  #looks = 0;

  constructor(options: StallWatchOptions) {
    this.#o = options;
    this.#lastMs = options.clock.monotonicMs();
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs);
  }

  /** How often it has looked: it goes on as long as the watch does its work. */
  get looks(): number {
    return this.#looks;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#looks += 1;
    const nowMs = this.#o.clock.monotonicMs();
    const late = nowMs - this.#lastMs > everyMs + ownDelayMs;
    this.#lastMs = nowMs;
    if (late) this.#quietUntilMs = nowMs + ownDelayMs;
    if (nowMs < this.#quietUntilMs) return;
    const reading = this.#o.read();
    if (this.#thawed(reading, nowMs)) this.#frozenToldMs = -Infinity;
    const verdict = judge(reading, this.#o.limits, this.#frozenToldMs > -Infinity);
    if (verdict === "fine") return;
    if (verdict === "sourceFrozen") this.#frozenToldMs = nowMs;
    // What was ended needs a moment until it is gone and its successor is judged by its own age.
    this.#quietUntilMs = nowMs + this.#o.limits.stallMs;
    this.#o.act(verdict);
  }

  #thawed({ frameAgeMs, identicalMs }: Reading, nowMs: number): boolean {
    const moves = frameAgeMs !== null && (identicalMs ?? 0) < this.#o.limits.frozenMs;
    return moves && nowMs - this.#frozenToldMs > thawedAfterMs;
  }
}
