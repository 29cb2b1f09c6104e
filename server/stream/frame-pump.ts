/**
 * Feeds one encoder: each frame as the frame clock decides, and while none comes the last one again, later a slate.
 * Owned by the generation, which closes it before it finishes the encoder. Nothing is written before the first picture.
 */
import { EventEmitter } from "node:events";
import type { Frame } from "../camera/frame.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { Encoder } from "./encoder.js";
import type { FrameClock } from "./frame-clock.js";

/** What is shown instead of the camera. A frame repeated for less than a second does not count. */
export type StandIn = "none" | "lastFrame" | "slate";

/** Without a fresh frame for so long, the last one stands in: the second after which the page no longer says LIVE (C2). */
const standInAfterMs = 1000;

/** When to offer again what the encoder refused. */
const retryMs = 20;

/** The picture that is repeated while no frame comes. */
export interface Picture {
  readonly jpeg: Buffer;
  readonly standIn: StandIn;
  /** Arrival of the newest frame of the camera, on the monotonic clock. */
  readonly freshMs: number;
}

export interface FramePumpOptions {
  readonly encoder: Pick<Encoder, "write">;
  readonly frameClock: FrameClock;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a camera may give no frame before the slate is shown. */
  readonly slateAfterMs: number;
  /** Asked once in each time without frames. A rejection leaves the last frame standing. */
  readonly makeSlate: (picture: Picture) => Promise<Buffer>;
  /** Picture of the former encoder of the same camera, after a crash: shown until the camera's next frame. */
  readonly picture?: Picture | undefined;
}

export class FramePump extends EventEmitter<{ standIn: [StandIn] }> {
  readonly #o: FramePumpOptions;
  #picture: Picture | null;
  #timer: NodeJS.Timeout | undefined;
  #slateAsked = false;
  #closed = false;
  #fresh = 0;
  #repeated = 0;
  #dropped = 0;

  constructor(options: FramePumpOptions) {
    super();
    this.#o = options;
    this.#picture = options.picture ?? null;
    if (this.#picture !== null) this.#arm();
  }

  /** What is repeated now; null before the first frame. */
  get picture(): Picture | null {
    return this.#picture;
  }

  get standIn(): StandIn {
    return this.#picture?.standIn ?? "none";
  }

  /** Media time of the channel, in ms, fed so far. */
  get mediaMs(): number {
    return this.#o.frameClock.mediaMs;
  }

  /** Frames of the camera that were written. */
  get fresh(): number {
    return this.#fresh;
  }

  /** Repeats written, of frames and of slates. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Frames of the camera that were not written: ahead of the clock, or refused by the encoder. */
  get dropped(): number {
    return this.#dropped;
  }

  /** One frame of the camera. After `close` it is ignored. */
  push(frame: Frame): void {
    if (this.#closed) return;
    const times = this.#o.frameClock.onFrame(this.#o.clock.monotonicMs());
    const before = this.#picture ?? { jpeg: frame.jpeg, freshMs: frame.arrivedMs };
    this.#repeat(before, times - 1);
    const written = times > 0 && this.#write(frame.jpeg, frame.arrivedMs);
    if (written) this.#fresh += 1;
    else this.#dropped += 1;
    this.#slateAsked = false;
    this.#show({ jpeg: frame.jpeg, standIn: "none", freshMs: frame.arrivedMs });
    this.#arm();
  }

  /** The encoder lost so many of its frames: repeats make up for them. Negative takes back what was said too much. */
  owe(frames: number): void {
    this.#o.frameClock.owe(frames);
  }

  /** Writes nothing any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #onTimer(): void {
    const nowMs = this.#o.clock.monotonicMs();
    if (this.#picture === null) return;
    this.#age(this.#picture, nowMs);
    this.#repeat(this.#picture, this.#o.frameClock.onTimer(nowMs));
    this.#arm();
  }

  #repeat({ jpeg, freshMs }: Pick<Picture, "jpeg" | "freshMs">, times: number): void {
    for (let n = 0; n < times && this.#write(jpeg, freshMs); n++) this.#repeated += 1;
  }

  #write(jpeg: Buffer, takenMs: number): boolean {
    const written = this.#o.encoder.write(jpeg, takenMs);
    if (written) this.#o.frameClock.wrote(1);
    return written;
  }

  #arm(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const { frameClock, clock } = this.#o;
    // Still due although it was just served: the encoder refuses, so try again a little later.
    const waitMs = frameClock.untilDueMs(clock.monotonicMs()) || retryMs;
    this.#timer = setTimeout(() => {
      this.#onTimer();
    }, waitMs);
  }

  #age(picture: Picture, nowMs: number): void {
    const ageMs = nowMs - picture.freshMs;
    if (picture.standIn === "none" && ageMs > standInAfterMs) this.#show({ ...picture, standIn: "lastFrame" });
    if (ageMs <= this.#o.slateAfterMs || this.#slateAsked || picture.standIn === "slate") return;
    this.#slateAsked = true;
    void this.#askSlate(picture);
  }

  async #askSlate(picture: Picture): Promise<void> {
    try {
      const jpeg = await this.#o.makeSlate(picture);
      // A frame that came meanwhile is better than any slate.
      if (this.#picture?.freshMs === picture.freshMs) this.#show({ ...picture, jpeg, standIn: "slate" });
    } catch (error) {
      this.#o.log.warn("no slate could be made; the last frame stays", { error: String(error) });
    }
  }

  #show(picture: Picture): void {
    const former = this.standIn;
    this.#picture = picture;
    if (picture.standIn !== former) this.emit("standIn", picture.standIn);
  }
}
