import type { Frame } from "../camera/frame.js";
import type { Source } from "../camera/source.js";
import { Mirror, type MirrorOptions, type MirroredCamera } from "../hls/mirror.js";
import type { Publisher } from "../hls/publisher.js";
import type { StandIn } from "./frame-pump.js";
import type { Generation } from "./generation.js";
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
  /** Told of each frame of the channel that is followed. */
  readonly onFrame: (frame: Frame) => void;
  readonly onChange: () => void;
}

/** Which channel another one follows, if any: its parts go on there, and its frames are told. Owned by that other one. */
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

  /** Goes on with what the other one begins to show now. */
  begin(other: FollowedChannel, camera: MirroredCamera): void {
    this.#listenTo(other);
    this.#mirror.begin(other.publisher, camera);
  }

  /** Goes on with another one, in step. Rejects with the signal's reason, and then follows as before. */
  async turnTo(other: FollowedChannel, signal: AbortSignal): Promise<void> {
    await this.#mirror.turnTo(other.publisher, signal);
    this.#listenTo(other);
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
