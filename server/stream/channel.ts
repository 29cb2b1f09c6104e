/**
 * One public playlist and whatever feeds it: a source and an encoder of its own, or another channel whose parts it goes
 * on with (`follow`). The channel owns the generation that is live and the one prepared to follow, and ends them; it
 * listens to the source, or to the channel it follows, but owns neither. A crashed encoder is replaced here, with the
 * camera running on (`EncoderReplacer`); everything about cameras is the switcher's.
 *
 * Invariants: generations follow each other on one timeline (I3); the former one shows its last frame until the next
 * one's first frame exists; only frames of a camera count as fresh (I7).
 */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { Frame } from "../camera/frame.js";
import type { Source } from "../camera/source.js";
import type { PublishedPart, Publisher } from "../hls/publisher.js";
import { ticksPerMs } from "../hls/ticks.js";
import { AppError, type ErrorCode } from "../lib/errors.js";
import type { ChannelOptions } from "./channel-options.js";
import { EncoderReplacer } from "./encoder-replacer.js";
import type { MediaOrigin } from "./frame-clock.js";
import type { Picture, StandIn } from "./frame-pump.js";
import { Following, type FollowedChannel } from "./following.js";
import { Generation, type FeedStart } from "./generation.js";
import { isSameShowing, type Showing } from "./showing.js";
import { makeSlate } from "./slate.js";

export interface ChannelReason {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ChannelEvents {
  /** Something that a person would see changed: live camera, stand-in, availability. */
  changed: [];
  part: [PublishedPart];
  /** A frame of the camera, as it is passed on; never a repeat. */
  frame: [Frame];
  /** An encoder ended by itself and is being replaced; how it ended, in words. */
  encoderBroken: [how: string];
}

/** Media time owed beyond this is not paid: the publisher jumps instead. */
const mostOwedMs = 5000;

export class Channel extends EventEmitter<ChannelEvents> {
  readonly name: string;
  readonly publisher: Publisher;
  readonly #o: ChannelOptions;
  readonly #replacer: EncoderReplacer;
  readonly #following: Following;
  #current: Generation | null = null;
  #prepared: Generation | null = null;
  #source: Source | null = null;
  #newest: Frame | null = null;
  #unavailable: ChannelReason | null = { code: "notLive", message: "The first picture is awaited." };
  #goneReason = "The camera gives no picture.";
  #closed = false;

  /** Counts the times it was turned off: what was begun before is of no use after. */
  #turnedOff = 0;

  readonly #onFrame = (frame: Frame): void => {
    this.#newest = frame;
    this.#current?.push(frame);
    this.emit("frame", frame);
  };

  constructor(options: ChannelOptions) {
    super();
    this.#o = options;
    this.name = options.name;
    this.publisher = options.publisher;
    if (options.publisher.text !== null) this.#unavailable = null;
    this.#following = new Following({
      ...{ into: options.publisher, nextGeneration: options.nextGeneration, clock: options.clock },
      onFrame: this.#onFrame,
      onChange: () => this.emit("changed"),
    });
    this.#replacer = new EncoderReplacer({
      isCurrent: (generation) => generation === this.#current && !this.#closed,
      renew: (broken) => this.#newGeneration(broken.showing),
      begin: (next, { mediaMs, picture }) => {
        this.#begin(next, { mediaMs, origin: this.#originAt(mediaMs), picture: this.#freshest(picture) });
      },
      onBroken: (how, { videoEncoder }) => {
        options.encoders.failed(videoEncoder, how);
        this.emit("encoderBroken", how);
      },
      clock: options.clock,
      log: options.log,
    });
    options.publisher.on("part", (part) => {
      if (part.generation === this.#current?.number) this.#current.onPart(part.ticks);
      if (part.generation === this.generationNumber) this.#onPart();
      this.emit("part", part);
    });
  }

  /** Its own generation whose parts are, or will be next, in the playlist; null when it is off or follows another. */
  get generation(): Generation | null {
    return this.#current;
  }

  /** The number under which its picture is in the playlist, or will be next; null when it is off. */
  get generationNumber(): number | null {
    return this.followed === null ? (this.#current?.number ?? null) : this.#following.generation;
  }

  /** What is shown, own or followed; null when nothing is. */
  get showing(): Showing | null {
    return (this.followed ?? this.#current)?.showing ?? null;
  }

  /** The channel whose parts it goes on with; null when it has its own. */
  get followed(): FollowedChannel | null {
    return this.#following.channel;
  }

  /** The newest frame of a camera, never a repeat. */
  get newestFrame(): Frame | null {
    return this.#newest;
  }

  get source(): Source | null {
    return this.followed === null ? this.#source : this.followed.source;
  }

  get standIn(): StandIn {
    return (this.followed ?? this.#current?.pump)?.standIn ?? "none";
  }

  /** Why the playlist is not to be shown; null when it is. */
  get unavailable(): ChannelReason | null {
    return this.#unavailable;
  }

  /** What a slate says while the camera is away. */
  sayGone(reason: string): void {
    this.#goneReason = reason;
  }

  /** Spawns the encoder for what is to be shown next, unless the present one shows exactly that. Answers its generation. */
  async prepare(showing: Showing): Promise<{ generation: number; reused: boolean }> {
    await this.discardPrepared();
    const current = this.#current;
    if (current?.isFeeding && isSameShowing(current.showing, showing))
      return { generation: current.number, reused: true };
    this.#prepared = await this.#newGeneration(showing);
    return { generation: this.#prepared.number, reused: false };
  }

  /** Takes the frames of this source from its newest one on; the former encoder ends and its tail is published. */
  async handOver(source: Source): Promise<string | undefined> {
    const next = this.#prepared ?? this.#current;
    if (next === null) throw new AppError("internal", "No generation was prepared.");
    this.#prepared = null;
    const former = this.#current;
    await this.#following.end();
    this.#listenTo(source);
    if (next === former) {
      this.#pushNewest(source);
      return "the same encoder goes on";
    }
    const start = await this.#startAfter(former);
    this.#begin(next, start);
    this.#pushNewest(source);
    if (former === null) return undefined;
    const end = await former.end(this.#o.handOverMs);
    next.joinAt(end.mediaMs);
    return end.killed ? "the former encoder was killed" : undefined;
  }

  /**
   * Another channel has shown the source's frames up to this moment: what was prepared goes on with the next one. The
   * time in which this channel showed nothing is not made up for.
   */
  takeOver(source: Source): void {
    const next = this.#takePrepared();
    this.#listenTo(source);
    const mediaMs = this.publisher.edgeTicks / ticksPerMs;
    this.#begin(next, { mediaMs, origin: { mediaMs, monotonicMs: this.#o.clock.monotonicMs() }, paidMs: 0 });
  }

  /**
   * Goes on with what another channel begins to show now. Its own generation ends at this moment; resolves when that one's
   * tail is published.
   */
  async follow(other: FollowedChannel, camera: { readonly camera: number; readonly label: string }): Promise<void> {
    const former = this.#letGo();
    const ended = former?.end(this.#o.handOverMs);
    this.#following.begin(other, camera);
    this.emit("changed");
    await ended;
  }

  /** Goes on with another channel's picture instead of the one it follows. Rejects with the signal's reason. */
  async turnTo(other: FollowedChannel, signal: AbortSignal): Promise<void> {
    await this.#following.turnTo(other, signal);
    this.#newest = other.newestFrame;
    this.emit("changed");
  }

  /**
   * Follows no more: what was prepared here goes on with the source of the channel it followed, from the frame after the
   * last one that was shown there. That channel shows nothing from then on.
   */
  async takeBack(source: Source): Promise<void> {
    const other = this.followed;
    if (other === null) throw new AppError("internal", "The channel follows no other one.");
    const next = this.#takePrepared();
    const [edge, otherEdge] = [this.publisher.edgeTicks, other.publisher.edgeTicks];
    const start = this.#startAfterOther(other, edge);
    this.#following.forget();
    const ended = other.handOff();
    this.#listenTo(source);
    this.#begin(next, start);
    await ended;
    await this.#following.end();
    next.joinAt((edge + other.publisher.edgeTicks - otherEdge) / ticksPerMs);
  }

  /** Shows no more frames from this moment on; resolves when all that it was given is published. */
  async handOff(): Promise<void> {
    const former = this.#letGo();
    this.#newest = null;
    this.emit("changed");
    await former?.end(this.#o.handOverMs);
  }

  /** Resolves with the next part of this generation that is published after the call. */
  async nextPart(generation: number, signal: AbortSignal): Promise<PublishedPart> {
    for (;;) {
      const [part] = await onceWith(this, signal);
      if (part.generation === generation) return part;
    }
  }

  /** Nothing was ever shown, or the cameras were off, and no camera comes: at least says so to whoever looks. */
  async showSlate(showing: Showing): Promise<void> {
    if (this.#current !== null || this.#closed) return;
    const turnedOff = this.#turnedOff;
    const nowMs = this.#o.clock.monotonicMs();
    const jpeg = await this.#drawSlate(showing, undefined, 0);
    const generation = await this.#newGeneration(showing);
    // A camera came after all, or the channel was turned off.
    if (this.#occupied() || turnedOff !== this.#turnedOff) await generation.end(0);
    else this.#begin(generation, { ...this.#freshStart(), picture: { jpeg, standIn: "slate", freshMs: nowMs } });
  }

  /** Ends what was prepared and not used. */
  async discardPrepared(): Promise<void> {
    const prepared = this.#prepared;
    this.#prepared = null;
    await prepared?.end(this.#o.handOverMs);
  }

  /** The source is gone: its last frame is repeated, later the slate. */
  releaseSource(): void {
    this.#source?.off("frame", this.#onFrame);
    this.#source = null;
  }

  /** Ends the live generation; the playlist is answered with this reason from now on. */
  async turnOff(reason: ChannelReason): Promise<void> {
    this.#turnedOff += 1;
    const current = this.#letGo();
    this.#following.forget();
    this.#newest = null;
    this.#unavailable = reason;
    this.emit("changed");
    const settled = this.#replacer.settle();
    await this.#following.end();
    await this.discardPrepared();
    await settled;
    await current?.end(this.#o.handOverMs);
    if (!this.#occupied()) this.publisher.forget();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.turnOff({ code: "shuttingDown", message: "The service is stopping." });
    await this.publisher.close();
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
    this.#current = generation;
    generation.feed(start);
    this.#replacer.watch(generation);
    generation.pump?.on("standIn", () => this.emit("changed"));
    this.emit("changed");
  }

  /**
   * The camera ran on while there was no encoder: the time missed is paid with its newest frame, for repeats of the
   * picture that was shown last would be taken for a live one (I7).
   */
  #freshest(picture: Picture | undefined): Picture | undefined {
    const frame = this.#newest;
    if (frame === null || frame.arrivedMs <= (picture?.freshMs ?? -Infinity)) return picture;
    return { jpeg: frame.jpeg, standIn: "none", freshMs: frame.arrivedMs };
  }

  /** The playlist is shown again with the first part: until then it is that of the time before. */
  #onPart(): void {
    if (this.#unavailable === null) return;
    this.#unavailable = null;
    this.emit("changed");
  }

  #occupied(): boolean {
    return this.#current !== null || this.#closed;
  }

  #drawSlate(showing: Showing, lastFrame: Buffer | undefined, ageMs: number): Promise<Buffer> {
    return makeSlate({
      profile: showing.profile,
      label: showing.label,
      reason: this.#goneReason,
      sinceEpochMs: this.#o.clock.epochMs() - ageMs,
      lastFrame,
      ffmpegProgram: this.#o.ffmpegProgram,
      log: this.#o.log,
    });
  }

  /** No source and no generation of its own is live any more; the generation is the caller's to end. */
  #letGo(): Generation | null {
    this.releaseSource();
    const former = this.#current;
    this.#current = null;
    return former;
  }

  #takePrepared(): Generation {
    const next = this.#prepared;
    if (next === null) throw new AppError("internal", "No generation was prepared.");
    this.#prepared = null;
    return next;
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
    if (former === null) return this.#freshStart();
    // Its encoder crashed a while ago and has no successor yet.
    const { mediaMs } = await former.end(0);
    return { mediaMs, origin: this.#originAt(mediaMs) };
  }

  /** Where media begin that follow another channel's: after all that it was fed, on the same clock. */
  #startAfterOther(other: FollowedChannel, edgeTicks: number): FeedStart {
    const generation = other.generation;
    const mediaMs = edgeTicks / ticksPerMs + (generation?.pendingMs ?? 0);
    const there = generation?.position;
    if (!there) return { mediaMs, origin: this.#originAt(mediaMs) };
    const origin = { ...there.origin, mediaMs: there.origin.mediaMs + mediaMs - there.mediaMs };
    return { mediaMs, origin };
  }

  #freshStart(): FeedStart {
    const mediaMs = this.publisher.edgeTicks / ticksPerMs;
    return { mediaMs, origin: this.#originAt(mediaMs) };
  }

  /** After a pause the time missed is owed, as the wall clock tells it; what is not payable the publisher jumps over. */
  #originAt(mediaMs: number): MediaOrigin {
    const missedMs = this.publisher.awayMs;
    const owedMs = missedMs > 0 && missedMs <= mostOwedMs ? missedMs : 0;
    return { mediaMs: mediaMs + owedMs, monotonicMs: this.#o.clock.monotonicMs() };
  }
}

function onceWith(channel: Channel, signal: AbortSignal): Promise<[PublishedPart]> {
  return EventEmitter.once(channel, "part", { signal }) as Promise<[PublishedPart]>;
}
