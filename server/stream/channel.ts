/**
 * One public playlist and whatever feeds it: frames that it encodes itself (`OwnMedia`), or another channel whose parts
 * it goes on with (`Following`); never both. Owns the two and the publisher, and ends them. Everything about cameras is
 * the switcher's.
 *
 * Invariants: one timeline, whatever feeds it (I3); only frames of a camera count as fresh (I7).
 */
import { EventEmitter } from "node:events";
import type { Frame } from "../camera/frame.js";
import type { Source } from "../camera/source.js";
import type { MirroredCamera } from "../hls/mirror.js";
import type { PublishedPart, Publisher } from "../hls/publisher.js";
import type { ErrorCode } from "../lib/errors.js";
import type { ChannelOptions } from "./channel-options.js";
import type { StandIn } from "./frame-pump.js";
import { Following, type FollowedChannel } from "./following.js";
import type { Generation } from "./generation.js";
import { OwnMedia } from "./own-media.js";
import type { Showing } from "./showing.js";

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

export class Channel extends EventEmitter<ChannelEvents> {
  readonly name: string;
  readonly publisher: Publisher;
  readonly #own: OwnMedia;
  readonly #following: Following;
  #newest: Frame | null = null;
  #unavailable: ChannelReason | null = { code: "notLive", message: "The first picture is awaited." };

  constructor(options: ChannelOptions) {
    super();
    this.name = options.name;
    this.publisher = options.publisher;
    if (options.publisher.text !== null) this.#unavailable = null;
    const told = {
      onFrame: (frame: Frame): void => {
        this.#newest = frame;
        this.emit("frame", frame);
      },
      onChange: (): void => {
        this.emit("changed");
      },
    };
    const onBroken = (how: string): void => {
      this.emit("encoderBroken", how);
    };
    const own = new OwnMedia({ ...options, ...told, newest: () => this.#newest, onBroken });
    this.#own = own;
    const { publisher, nextGeneration, clock } = options;
    this.#following = new Following({ ...told, own, into: publisher, nextGeneration, clock });
    publisher.on("part", (part) => {
      own.onPart(part);
      if (part.generation === this.generationNumber) this.#onPart();
      this.emit("part", part);
    });
  }

  /** Its own generation whose parts are, or will be next, in the playlist; null when it is off or follows another. */
  get generation(): Generation | null {
    return this.#own.generation;
  }

  /** The number under which its picture is in the playlist, or will be next; null when it is off. */
  get generationNumber(): number | null {
    return this.followed === null ? (this.generation?.number ?? null) : this.#following.generation;
  }

  /** What is shown, own or followed; null when nothing is. */
  get showing(): Showing | null {
    return (this.followed ?? this.generation)?.showing ?? null;
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
    return (this.followed ?? this.#own).source;
  }

  get standIn(): StandIn {
    return (this.followed ?? this.#own).standIn;
  }

  /** Why the playlist is not to be shown; null when it is. */
  get unavailable(): ChannelReason | null {
    return this.#unavailable;
  }

  // ── media of its own ──────────────────────────────────────────────────────────────────────────────────────────────

  /** What a slate says while the camera is away. */
  sayGone(reason: string): void {
    this.#own.sayGone(reason);
  }

  /** Spawns the encoder for what is to be shown next, unless the present one shows exactly that. Answers its generation. */
  prepare(showing: Showing): Promise<{ generation: number; reused: boolean }> {
    return this.#own.prepare(showing);
  }

  /** Ends what was prepared and not used. */
  discardPrepared(): Promise<void> {
    return this.#own.discardPrepared();
  }

  /** Takes the frames of this source from its newest one on; what fed it before ends, and its tail is published. */
  async handOver(source: Source): Promise<string | undefined> {
    await this.#following.end();
    return this.#own.handOver(source);
  }

  /**
   * Another channel has shown the source's frames up to this moment: what was prepared goes on with the next one. The
   * time in which this channel showed nothing is not made up for.
   */
  takeOver(source: Source): void {
    this.#own.begin(this.#own.takePrepared(), source);
  }

  /** Nothing was ever shown, or the cameras were off, and no camera comes: at least says so to whoever looks. */
  showSlate(showing: Showing): Promise<void> {
    return this.#own.showSlate(showing);
  }

  /** The source is gone: its last frame is repeated, later the slate. */
  releaseSource(): void {
    this.#own.releaseSource();
  }

  // ── another channel's media ───────────────────────────────────────────────────────────────────────────────────────

  /** As `Following.follow`. */
  follow(other: FollowedChannel, camera: MirroredCamera): Promise<void> {
    return this.#following.follow(other, camera);
  }

  /** Goes on with another channel's picture instead of the one it follows. Rejects with the signal's reason. */
  async turnTo(other: FollowedChannel, signal: AbortSignal): Promise<void> {
    await this.#following.turnTo(other, signal);
    this.#newest = other.newestFrame;
    this.emit("changed");
  }

  /** As `Following.takeBack`. */
  takeBack(source: Source): Promise<void> {
    return this.#following.takeBack(source);
  }

  /** Another channel goes on with its source: it shows no more frames from this moment on. Resolves when all are published. */
  async handOff(): Promise<void> {
    const ended = this.#own.end();
    this.#newest = null;
    this.emit("changed");
    await ended;
  }

  // ── either ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resolves with the next part of this generation that is published after the call. */
  async nextPart(generation: number, signal: AbortSignal): Promise<PublishedPart> {
    for (;;) {
      const [part] = await onceWith(this, signal);
      if (part.generation === generation) return part;
    }
  }

  /** Ends whatever feeds it; the playlist is answered with this reason from now on. */
  async turnOff(reason: ChannelReason): Promise<void> {
    const ended = this.#own.turnOff();
    this.#following.forget();
    this.#newest = null;
    this.#unavailable = reason;
    this.emit("changed");
    await Promise.all([this.#following.end(), ended]);
    if (!this.#own.isOccupied()) this.publisher.forget();
  }

  async close(): Promise<void> {
    this.#own.close();
    await this.turnOff({ code: "shuttingDown", message: "The service is stopping." });
    await this.publisher.close();
  }

  /** The playlist is shown again with the first part: until then it is that of the time before. */
  #onPart(): void {
    if (this.#unavailable === null) return;
    this.#unavailable = null;
    this.emit("changed");
  }
}

function onceWith(channel: Channel, signal: AbortSignal): Promise<[PublishedPart]> {
  return EventEmitter.once(channel, "part", { signal }) as Promise<[PublishedPart]>;
}
