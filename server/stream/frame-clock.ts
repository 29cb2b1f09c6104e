/** Beyond so many frames media time is put right; less is the jitter of an ordinary camera. */
const toleranceFrames = 1.5;
/** What is missing beyond this is forgiven: nobody wants minutes of a still picture encoded in one rush. */
const mostMissingMs = 5000;

/** One moment on both clocks: it ties a channel's media time to the monotonic clock. */
export interface MediaOrigin {
  readonly mediaMs: number;
  readonly monotonicMs: number;
}

export interface FrameClockOptions {
  /** Frames per second of the encoder's input. */
  readonly fps: number;
  /** Media time of the channel, in ms, at which this encoder's first frame begins. */
  readonly startMediaMs: number;
  readonly origin: MediaOrigin;
}

/**
 * Holds one encoder's media time to the monotonic clock. It only counts and decides; the pump writes.
 *
 * A frame is written when it arrives. Only when media time is more than 1.5 frames off is one dropped, or are repeats
 * written. So no frame begins, in media time, more than 1.5 frames from the moment it was written (and one delay of the
 * pump's timer), whatever the camera does; and an even camera loses and doubles nothing.
 */
export class FrameClock {
  readonly #fps: number;
  readonly #startMediaMs: number;
  #origin: MediaOrigin;
  /** Frames written, less those that the encoder lost. */
  #frames = 0;

  constructor(options: FrameClockOptions) {
    this.#fps = options.fps;
    this.#startMediaMs = options.startMediaMs;
    this.#origin = options.origin;
  }

  /** The origin given, moved by what was forgiven since. The next encoder of the channel needs it. */
  get origin(): MediaOrigin {
    return this.#origin;
  }

  /** Media time, in ms, at which the next frame will begin. */
  get mediaMs(): number {
    return this.#startMediaMs + (this.#frames * 1000) / this.#fps;
  }

  /** How often to write now that a frame arrived: none drops it, else the last is that frame, those before are repeats. */
  onFrame(nowMs: number): number {
    const lag = this.#lag(nowMs);
    return repeatsFor(lag) + (lag < -toleranceFrames ? 0 : 1);
  }

  /** Repeats due now, while no frame comes. */
  onTimer(nowMs: number): number {
    return repeatsFor(this.#lag(nowMs));
  }

  /** Milliseconds from now until repeats are due if no frame comes before; 0: due. */
  untilDueMs(nowMs: number): number {
    return Math.max(0, ((toleranceFrames - this.#lag(nowMs)) * 1000) / this.#fps);
  }

  /** So many frames, fresh or repeated, were written. */
  wrote(frames: number): void {
    this.#frames += frames;
  }

  /**
   * The encoder lost so many of the frames written: media time is put back by them, and repeats make up for what is
   * more than the tolerance. Negative takes back what was said too much.
   */
  owe(frames: number): void {
    this.#frames -= frames;
  }

  /** Frames missing (positive) or ahead (negative) now. */
  #lag(nowMs: number): number {
    const { mediaMs, monotonicMs } = this.#origin;
    const missingMs = mediaMs + (nowMs - monotonicMs) - this.mediaMs;
    const forgivenMs = Math.max(0, missingMs - mostMissingMs);
    if (forgivenMs > 0) this.#origin = { mediaMs: mediaMs - forgivenMs, monotonicMs };
    return ((missingMs - forgivenMs) * this.#fps) / 1000;
  }
}

/** Repeats that bring a lag back to less than a frame. */
function repeatsFor(lag: number): number {
  return lag < toleranceFrames ? 0 : Math.round(lag - 0.5);
}
