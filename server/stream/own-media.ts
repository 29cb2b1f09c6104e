/**
 * What a channel encodes itself: a source's frames, through one encoder after the other. Owns the generation that is live
 * and the one prepared to follow, and ends them; listens to the source and does not own it. A crashed encoder is replaced
 * here, with the camera running on (`EncoderReplacer`). The channel closes it.
 *
 * Invariants: generations follow each other on one timeline (I3); the former one shows its last frame until the next
 * one's first frame exists.
 */
import { join } from "node:path";
import type { Frame } from "../camera/frame.js";
import type { Source } from "../camera/source.js";
import type { PublishedPart } from "../hls/publisher.js";
import { AppError } from "../lib/errors.js";
import type { ChannelOptions } from "./channel-options.js";
import { EncoderReplacer } from "./encoder-replacer.js";
import { originAt, startAtEdge, startUnowed, type TimelineEdge } from "./feed-start.js";
import type { Picture, StandIn } from "./frame-pump.js";
import { Generation, type FeedStart } from "./generation.js";
import { isSameShowing, type Showing } from "./showing.js";
import { makeSlate } from "./slate.js";

export interface OwnMediaOptions extends ChannelOptions {
  /** The channel's newest frame of a camera. */
  readonly newest: () => Frame | null;
  /** Told of each frame of the source, once it is on its way to the encoder. */
  readonly onFrame: (frame: Frame) => void;
  readonly onChange: () => void;
  /** An encoder ended by itself and is being replaced; how it ended, in words. */
  readonly onBroken: (how: string) => void;
}

export class OwnMedia {
  readonly #o: OwnMediaOptions;
  readonly #replacer: EncoderReplacer;
  #current: Generation | null = null;
  #prepared: Generation | null = null;
  #source: Source | null = null;
  #goneReason = "The camera gives no picture.";
  #closed = false;
  /** Counts the times it was turned off: what was begun before is of no use after. */
  #turnedOff = 0;
  #hasBegun = false;
  /** Whether a time without media is made up for: an outage is, a time in which nothing was to be shown is not. */
  #owesAway = true;

  readonly #onFrame = (frame: Frame): void => {
    this.#current?.push(frame);
    this.#o.onFrame(frame);
  };

  constructor(options: OwnMediaOptions) {
    this.#o = options;
    const { encoders, clock, log, onBroken } = options;
    this.#replacer = new EncoderReplacer({
      isCurrent: (generation) => generation === this.#current && !this.#closed,
      renew: (broken) => this.#newGeneration(broken.showing),
      begin: (next, { mediaMs, picture }) => {
        this.#begin(next, { mediaMs, origin: originAt(mediaMs, this.#edge), picture: this.#freshest(picture) });
      },
      onBroken: (how, { videoEncoder }) => {
        encoders.failed(videoEncoder, how);
        onBroken(how);
      },
      clock,
      log,
    });
  }

  /** The one that is live; null when it is off. */
  get generation(): Generation | null {
    return this.#current;
  }

  get source(): Source | null {
    return this.#source;
  }

  get standIn(): StandIn {
    return this.#current?.pump?.standIn ?? "none";
  }

  /** Something is shown, or nothing ever will be again. */
  isOccupied(): boolean {
    return this.#current !== null || this.#closed;
  }

  /** What a slate says while the camera is away. */
  sayGone(reason: string): void {
    this.#goneReason = reason;
  }

  /** To be called for each part that the channel publishes. */
  onPart({ generation, ticks }: PublishedPart): void {
    if (generation === this.#current?.number) this.#current.onPart(ticks);
  }

  /** As `Channel.prepare`. */
  async prepare(showing: Showing): Promise<{ generation: number; reused: boolean }> {
    await this.discardPrepared();
    const current = this.#current;
    if (current?.isFeeding && isSameShowing(current.showing, showing))
      return { generation: current.number, reused: true };
    this.#prepared = await this.#newGeneration(showing);
    return { generation: this.#prepared.number, reused: false };
  }

  /** Ends what was prepared and not used. */
  async discardPrepared(): Promise<void> {
    const prepared = this.#prepared;
    this.#prepared = null;
    await prepared?.end(this.#o.handOverMs);
  }

  /** Takes the frames of this source from its newest one on; the former encoder ends and its tail is published. */
  async handOver(source: Source): Promise<string | undefined> {
    const former = this.#current;
    if (this.#prepared === null && former !== null) {
      this.#listenTo(source);
      this.#pushNewest(source);
      return "the same encoder goes on";
    }
    const next = this.takePrepared();
    this.#listenTo(source);
    this.#begin(next, await this.#startAfter(former));
    this.#pushNewest(source);
    if (former === null) return undefined;
    const end = await former.end(this.#o.handOverMs);
    next.joinAt(end.mediaMs);
    return end.killed ? "the former encoder was killed" : undefined;
  }

  /** What was prepared is the caller's, to be begun. Throws `internal` where nothing was. */
  takePrepared(): Generation {
    const next = this.#prepared;
    if (next === null) throw new AppError("internal", "No generation was prepared.");
    this.#prepared = null;
    return next;
  }

  /** Goes on with the source's next frame. Without `start`: nothing is owed for the time before. */
  begin(generation: Generation, source: Source, start: FeedStart = startUnowed(this.#edge)): void {
    this.#listenTo(source);
    this.#begin(generation, start);
  }

  /** As `Channel.showSlate`. */
  async showSlate(showing: Showing): Promise<void> {
    if (this.isOccupied()) return;
    const turnedOff = this.#turnedOff;
    const nowMs = this.#o.clock.monotonicMs();
    const jpeg = await this.#drawSlate(showing, undefined, 0);
    const generation = await this.#newGeneration(showing);
    // A camera came after all, or the channel was turned off.
    if (this.isOccupied() || turnedOff !== this.#turnedOff) await generation.end(0);
    else this.#begin(generation, { ...this.#startAnew(), picture: { jpeg, standIn: "slate", freshMs: nowMs } });
  }

  /** The source is gone: its last frame is repeated, later the slate. */
  releaseSource(): void {
    this.#source?.off("frame", this.#onFrame);
    this.#source = null;
  }

  /** Takes no more frames from this moment on; resolves when all that it was given is published. */
  async end(): Promise<void> {
    await this.#letGo()?.end(this.#o.handOverMs);
  }

  /** The same, and what was prepared, or is on its way to replace a broken encoder, comes to nothing. */
  async turnOff(): Promise<void> {
    this.#turnedOff += 1;
    // What a former run left was shown until that run ended.
    this.#owesAway = !this.#hasBegun && this.#o.publisher.text !== null;
    const current = this.#letGo();
    const settled = this.#replacer.settle();
    await this.discardPrepared();
    await settled;
    await current?.end(this.#o.handOverMs);
  }

  /** Nothing is begun from now on; what is live is still to be turned off. */
  close(): void {
    this.#closed = true;
  }

  #newGeneration(showing: Showing): Promise<Generation> {
    const number = this.#o.nextGeneration();
    return Generation.prepare({
      ...this.#o,
      number,
      showing,
      videoEncoder: this.#o.encoders.taken,
      directory: join(this.#o.directory, number.toString()),
      makeSlate: ({ jpeg, freshMs }) => this.#drawSlate(showing, jpeg, this.#o.clock.monotonicMs() - freshMs),
    });
  }

  #begin(generation: Generation, start: FeedStart): void {
    const { onChange } = this.#o;
    this.#hasBegun = true;
    this.#owesAway = true;
    this.#current = generation;
    generation.feed(start);
    this.#replacer.watch(generation);
    generation.pump?.on("standIn", onChange);
    onChange();
  }

  /**
   * The camera ran on while there was no encoder: the time missed is paid with its newest frame, for repeats of the
   * picture that was shown last would be taken for a live one (I7).
   */
  #freshest(picture: Picture | undefined): Picture | undefined {
    const frame = this.#o.newest();
    if (frame === null || frame.arrivedMs <= (picture?.freshMs ?? -Infinity)) return picture;
    return { jpeg: frame.jpeg, standIn: "none", freshMs: frame.arrivedMs };
  }

  #drawSlate({ profile, label }: Showing, lastFrame: Buffer | undefined, ageMs: number): Promise<Buffer> {
    const { clock, ffmpegProgram, log } = this.#o;
    const sinceEpochMs = clock.epochMs() - ageMs;
    return makeSlate({ profile, label, reason: this.#goneReason, sinceEpochMs, lastFrame, ffmpegProgram, log });
  }

  /** No source and no generation is live any more; the generation is the caller's to end. */
  #letGo(): Generation | null {
    this.releaseSource();
    const former = this.#current;
    this.#current = null;
    return former;
  }

  #listenTo(source: Source): void {
    this.releaseSource();
    this.#source = source;
    source.on("frame", this.#onFrame);
  }

  #pushNewest(source: Source): void {
    if (source.newest !== undefined) this.#onFrame(source.newest);
  }

  async #startAfter(former: Generation | null): Promise<FeedStart> {
    if (former?.isFeeding && former.position !== null) return former.position;
    if (former === null) return this.#startAnew();
    // Its encoder crashed a while ago and has no successor yet.
    const { mediaMs } = await former.end(0);
    return { mediaMs, origin: originAt(mediaMs, this.#edge) };
  }

  /** After a time without a generation. */
  #startAnew(): FeedStart {
    return this.#owesAway ? startAtEdge(this.#edge) : startUnowed(this.#edge);
  }

  get #edge(): TimelineEdge {
    const { publisher, clock } = this.#o;
    return { edgeTicks: publisher.edgeTicks, awayMs: publisher.awayMs, nowMs: clock.monotonicMs() };
  }
}
