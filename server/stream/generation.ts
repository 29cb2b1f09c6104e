import { mkdir, rm } from "node:fs/promises";
import type { Frame } from "../camera/frame.js";
import type { GenerationPublisher, Publisher } from "../hls/publisher.js";
import { ticksPerMs, ticksPerSecond } from "../hls/ticks.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { Encoder } from "./encoder.js";
import { FrameClock, type MediaOrigin } from "./frame-clock.js";
import { FramePump, type Picture } from "./frame-pump.js";
import { LostFrames } from "./lost-frames.js";
import { overlayOf } from "./overlay.js";
import type { Showing } from "./showing.js";
import type { VideoEncoder } from "./video-encoder.js";

export interface GenerationOptions {
  readonly number: number;
  readonly showing: Showing;
  readonly directory: string;
  readonly publisher: Publisher;
  readonly ffmpegProgram: string;
  readonly videoEncoder: VideoEncoder;
  readonly slateAfterMs: number;
  readonly makeSlate: (picture: Picture) => Promise<Buffer>;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where a generation's media begin. */
export interface FeedStart {
  /** Media time of the channel in ms. */
  readonly mediaMs: number;
  readonly origin: MediaOrigin;
  /** Shown until the first frame: after a crash of the encoder, the picture it showed. */
  readonly picture?: Picture | undefined;
  /** Of a time without any media, so much is owed; what is more the timeline jumps over. Without it: the usual. */
  readonly paidMs?: number;
}

export interface GenerationEnd {
  /** The encoder was killed; whole parts stand. */
  readonly killed: boolean;
  /** Where its published media end, in ms of media time. */
  readonly mediaMs: number;
}

/** The same start, so much later in media time. */
function movedBy(start: FeedStart, ms: number): FeedStart {
  const { mediaMs, origin } = start;
  return { ...start, mediaMs: mediaMs + ms, origin: { ...origin, mediaMs: origin.mediaMs + ms } };
}

interface Feeding {
  readonly pump: FramePump;
  readonly clock: FrameClock;
  readonly parts: GenerationPublisher;
}

/**
 * One camera-and-profile behind one encoder run: the encoder, its pump and the publication of its parts. Made ahead by
 * `prepare`, it idles until `feed`; the channel ends it. Its directory goes when it has ended.
 */
export class Generation {
  readonly number: number;
  readonly showing: Showing;
  readonly encoder: Encoder;

  readonly #o: GenerationOptions;
  readonly #lost = new LostFrames();
  #feeding: Feeding | null = null;
  #ticksPublished = 0;
  /** Where its media really begin, in ms. */
  #startMediaMs = 0;
  /** True media time less what the pump believes, in ms; less than half a frame. */
  #offsetMs = 0;
  #fedSinceMs = 0;
  #end: Promise<GenerationEnd> | null = null;

  static async prepare(options: GenerationOptions): Promise<Generation> {
    await rm(options.directory, { recursive: true, force: true });
    await mkdir(options.directory, { recursive: true });
    return new Generation(options);
  }

  private constructor(options: GenerationOptions) {
    this.#o = options;
    this.number = options.number;
    this.showing = options.showing;
    this.encoder = new Encoder({
      generation: options.number,
      directory: options.directory,
      profile: options.showing.profile,
      overlay: overlayOf(options.showing.profile, options.showing.label),
      ffmpegProgram: options.ffmpegProgram,
      videoEncoder: options.videoEncoder,
      records: options.records,
      clock: options.clock,
      log: options.log,
    });
  }

  get pump(): FramePump | undefined {
    return this.#feeding?.pump;
  }

  /** When `feed` was called, on the monotonic clock; 0 before. */
  get fedSinceMs(): number {
    return this.#fedSinceMs;
  }

  /** True from `feed` until `end`. */
  get isFeeding(): boolean {
    return this.#feeding !== null && this.#end === null;
  }

  /** Media time fed so far, in ms, and the origin to go on with. */
  get position(): FeedStart | null {
    const feeding = this.#feeding;
    return feeding && { mediaMs: feeding.pump.mediaMs + this.#offsetMs, origin: feeding.clock.origin };
  }

  /** Media time that was fed and is not published yet, in ms. */
  get pendingMs(): number {
    return (this.position?.mediaMs ?? 0) - this.#startMediaMs - this.#ticksPublished / ticksPerMs;
  }

  /** Begins to write: from now on pushed frames, and repeats in their stead, become media. */
  feed(wanted: FeedStart): void {
    const { showing, clock, log, publisher } = this.#o;
    const { camera, label } = showing;
    const edgeTicks = publisher.edgeTicks;
    const info = { generation: this.number, camera, label, directory: this.#o.directory };
    const parts = publisher.begin(info, wanted.paidMs);
    // After a long time without media the timeline has just jumped, and its clock with it.
    const start = movedBy(wanted, (publisher.edgeTicks - edgeTicks) / ticksPerMs);
    const frameClock = new FrameClock({ fps: showing.profile.fps, startMediaMs: start.mediaMs, origin: start.origin });
    const pump = new FramePump({
      encoder: this.encoder,
      frameClock,
      clock,
      log,
      slateAfterMs: this.#o.slateAfterMs,
      makeSlate: this.#o.makeSlate,
      picture: start.picture,
    });
    this.#fedSinceMs = clock.monotonicMs();
    this.#startMediaMs = start.mediaMs;
    this.#feeding = { pump, clock: frameClock, parts };
  }

  push(frame: Frame): void {
    if (this.isFeeding) this.#feeding?.pump.push(frame);
  }

  /** Called for each of its parts that was published, with the part's length. */
  onPart(ticks: number): void {
    this.#ticksPublished += ticks;
    const { fps } = this.showing.profile;
    const lost = this.#lost.onPart({
      framesWritten: this.encoder.framesWritten,
      framesPublished: Math.round((this.#ticksPublished * fps) / ticksPerSecond),
      backlogBytes: this.encoder.backlogBytes,
    });
    if (lost !== 0) this.#owe(lost);
  }

  /** The former generation's media ended here, in ms: what that is short of what was assumed is made up for. */
  joinAt(mediaMs: number): void {
    const shortMs = this.#startMediaMs - mediaMs;
    const frameMs = 1000 / this.showing.profile.fps;
    const frames = Math.round(shortMs / frameMs);
    this.#startMediaMs = mediaMs;
    this.#offsetMs = frames * frameMs - shortMs;
    if (frames !== 0) this.#owe(frames);
  }

  /** Closes the encoder's input, waits for its tail (killing it after `timeoutMs`) and publishes it. Idempotent. */
  end(timeoutMs: number): Promise<GenerationEnd> {
    this.#end ??= this.#finish(timeoutMs);
    return this.#end;
  }

  #owe(frames: number): void {
    this.#o.log.debug("media time is put right", { generation: this.number, frames });
    this.#feeding?.pump.owe(frames);
  }

  async #finish(timeoutMs: number): Promise<GenerationEnd> {
    this.#feeding?.pump.close();
    const { killed } = await this.encoder.finish(timeoutMs);
    const published = await this.#feeding?.parts.end();
    await rm(this.#o.directory, { recursive: true, force: true });
    return { killed, mediaMs: this.#startMediaMs + (published?.ticks ?? 0) / ticksPerMs };
  }
}
