/**
 * Lets a channel go on with another one's picture instead of its own, and comes back from it: its parts go on in the
 * playlist (`Mirror`), and its frames are told. Owned by the channel that follows, with its own media beside it; the
 * channel that is followed is not its to end.
 *
 * Invariant: a frame is shown on one side of a change, never on both or on neither.
 */
import type { Frame } from "../camera/frame.js";
import type { Source } from "../camera/source.js";
import { Mirror, type MirrorOptions, type MirroredCamera } from "../hls/mirror.js";
import type { Publisher } from "../hls/publisher.js";
import { ticksPerMs } from "../hls/ticks.js";
import { AppError } from "../lib/errors.js";
import { startAfterFollowed } from "./feed-start.js";
import type { StandIn } from "./frame-pump.js";
import type { Generation } from "./generation.js";
import type { OwnMedia } from "./own-media.js";
import type { Showing } from "./showing.js";

/** What is followed: another channel. */
export interface FollowedChannel {
  readonly publisher: Publisher;
  readonly generation: Generation | null;
  readonly newestFrame: Frame | null;
  readonly source: Source | null;
  readonly standIn: StandIn;
  readonly showing: Showing | null;
  handOff(): Promise<void>;
  on(event: "frame", listener: (frame: Frame) => void): unknown;
  on(event: "changed", listener: () => void): unknown;
  off(event: "frame", listener: (frame: Frame) => void): unknown;
  off(event: "changed", listener: () => void): unknown;
}

export interface FollowingOptions extends MirrorOptions {
  /** What the channel shows while it follows no other. */
  readonly own: OwnMedia;
  /** Told of each frame of the channel that is followed. */
  readonly onFrame: (frame: Frame) => void;
  readonly onChange: () => void;
}

export class Following {
  readonly #o: FollowingOptions;
  readonly #mirror: Mirror;
  #followed: FollowedChannel | null = null;

  constructor(options: FollowingOptions) {
    this.#o = options;
    this.#mirror = new Mirror(options);
  }

  get channel(): FollowedChannel | null {
    return this.#followed;
  }

  /** The number under which its picture is published. */
  get generation(): number | null {
    return this.#mirror.generation;
  }

  /**
   * Goes on with what the other one begins to show now. What is encoded here ends at this moment; resolves when its tail
   * is published.
   */
  async follow(other: FollowedChannel, camera: MirroredCamera): Promise<void> {
    const ended = this.#o.own.end();
    this.#listenTo(other);
    this.#mirror.begin(other.publisher, camera);
    this.#o.onChange();
    await ended;
  }

  /** Goes on with another one, in step. Rejects with the signal's reason, and then follows as before. */
  async turnTo(other: FollowedChannel, signal: AbortSignal): Promise<void> {
    await this.#mirror.turnTo(other.publisher, signal);
    this.#listenTo(other);
  }

  /**
   * Follows no more: what was prepared here goes on with the source of the channel that was followed, from the frame
   * after the last one that was shown there. That channel shows nothing from then on.
   */
  async takeBack(source: Source): Promise<void> {
    const other = this.#followed;
    if (other === null) throw new AppError("internal", "The channel follows no other one.");
    const { own, into, clock } = this.#o;
    const next = own.takePrepared();
    const { edgeTicks, awayMs } = into;
    const otherTicks = other.publisher.edgeTicks;
    const start = startAfterFollowed(other.generation, { edgeTicks, awayMs, nowMs: clock.monotonicMs() });
    this.forget();
    const ended = other.handOff();
    own.begin(next, source, start);
    await ended;
    await this.end();
    next.joinAt((edgeTicks + other.publisher.edgeTicks - otherTicks) / ticksPerMs);
  }

  /** Its frames are of no interest any more; its parts go on until `end`. */
  forget(): void {
    const { onFrame, onChange } = this.#o;
    this.#followed?.off("frame", onFrame);
    this.#followed?.off("changed", onChange);
    this.#followed = null;
  }

  /** Resolves when the parts that were there are published. */
  async end(): Promise<void> {
    this.forget();
    await this.#mirror.end();
  }

  #listenTo(other: FollowedChannel): void {
    this.forget();
    this.#followed = other;
    other.on("frame", this.#o.onFrame);
    other.on("changed", this.#o.onChange);
  }
}
