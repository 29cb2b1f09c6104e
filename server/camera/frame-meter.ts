export interface FrameRate {
  /** Frames per second; 0 as long as there are fewer than two in the window. */
  readonly fps: number;
  /** Mean size in bytes; null when there is none in the window. */
  readonly meanBytes: number | null;
}

interface Entry {
  readonly timeMs: number;
  readonly bytes: number;
}

/** The first frames of a source come in a burst: over less than this they are no rate. */
const leastSpanMs = 500;

/** How many frames come, and how large they are, over the last moments. */
export class FrameMeter {
  readonly #windowMs: number;
  readonly #entries: Entry[] = [];

  constructor(windowMs = 2000) {
    this.#windowMs = windowMs;
  }

  /** Notes one frame; times never go down. */
  note(timeMs: number, bytes: number): void {
    this.#entries.push({ timeMs, bytes });
    this.#forgetBefore(timeMs - this.#windowMs);
  }

  /** Up to now, so that silence counts. */
  rate(nowMs: number): FrameRate {
    this.#forgetBefore(nowMs - this.#windowMs);
    const [first] = this.#entries;
    if (first === undefined) return { fps: 0, meanBytes: null };
    const count = this.#entries.length;
    const total = this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
    // From the first frame on, since the window of a source just started is filled in part only.
    const spanMs = Math.max(nowMs - first.timeMs, leastSpanMs);
    return { fps: ((count - 1) * 1000) / spanMs, meanBytes: Math.round(total / count) };
  }

  #forgetBefore(timeMs: number): void {
    while ((this.#entries[0]?.timeMs ?? timeMs) < timeMs) this.#entries.shift();
  }
}
