/**
 * The MJPEG viewers of one channel; several channels share the places for them. Owns its clients and one timer, which go with `endAll`; listens to the channel's
 * frames only while somebody watches, so that without viewers it costs nothing.
 *
 * Invariants: one frame costs a write for each viewer and no copy; no viewer makes another one wait (I8); a viewer of
 * one camera never gets a frame of another; a place is free as soon as its connection is closed.
 */
import type { Frame } from "../camera/frame.js";
import { jpegSize, type PictureSize } from "../camera/jpeg-size.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { readBacklog } from "../process/socket-backlog.js";
import { clientMemoryBytes } from "./client-memory.js";
import { freshForMs, isFresh, type FrameFeed } from "./frame-feed.js";
import { MjpegClient, type MjpegSink } from "./mjpeg-client.js";
import { makePart, type MjpegPart } from "./mjpeg-part.js";
import { MjpegPlaces, type MjpegPlace } from "./mjpeg-places.js";
import { ViewersFull } from "./viewers-full.js";

/** A camera's number, or whichever is live. */
export type WantedCamera = number | "active";

export interface MjpegHubOptions {
  readonly feed: FrameFeed;
  /** Viewers of one picture size at the same time, of all hubs that share the places. */
  readonly maxClients: number;
  /** Shared with other hubs; without it: its own. */
  readonly places?: MjpegPlaces;
  /** How long a viewer may take nothing, in milliseconds; default: 20 000. */
  readonly patienceMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface MjpegViewer {
  readonly wanted: WantedCamera;
  /** The network address it watches from. */
  readonly address: string;
  /** Its answer, whose head is written by then. */
  readonly sink: MjpegSink;
}

export interface MjpegSession {
  readonly id: number;
  readonly address: string;
  readonly camera: WantedCamera;
  /** When it began, in milliseconds since the Unix epoch. */
  readonly since: number;
  readonly frames: number;
  readonly dropped: number;
  readonly bytes: number;
}

interface Member extends MjpegPlace {
  readonly id: number;
  readonly wanted: WantedCamera;
  readonly since: number;
  readonly client: MjpegClient;
  /** Of the picture it gets now, as `640x480`. */
  size: string;
}

/** How often viewers that take nothing, and cameras that give nothing, are looked for. */
const lookMs = 500;

export class MjpegHub {
  readonly #o: MjpegHubOptions;
  readonly #places: MjpegPlaces;
  readonly #members = new Map<number, Member>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MjpegHubOptions) {
    this.#o = options;
    this.#places = options.places ?? new MjpegPlaces();
  }

  /** Who watches now, oldest first. */
  get sessions(): readonly MjpegSession[] {
    return [...this.#members.values()].map(({ id, address, wanted, since, client }) => {
      const { frames, dropped, bytes } = client;
      return { id, address, camera: wanted, since, frames, dropped, bytes };
    });
  }

  /** How many watch now. */
  get size(): number {
    return this.#members.size;
  }

  /** Throws ViewersFull when the places for this picture's size are taken. */
  checkPlace(frame: Frame): void {
    const size = sizeName(jpegSize(frame.jpeg));
    const holders = [...this.#places.taken.values()].filter((place) => place.size === size);
    if (holders.length < this.#o.maxClients) return;
    const nowMs = this.#o.clock.monotonicMs();
    throw new ViewersFull(
      size,
      holders.map(({ address, startedMs }) => ({ address, sinceMs: Math.round(nowMs - startedMs) })),
    );
  }

  /** Takes a viewer in, with the newest frame at once. The caller has looked for a place and written the head. */
  join({ wanted, address, sink }: MjpegViewer): void {
    const { clock, feed } = this.#o;
    const id = this.#places.nextId();
    const client = new MjpegClient(
      sink,
      () => clock.monotonicMs(),
      () => readBacklog(sink.socket),
    );
    const startedMs = clock.monotonicMs();
    const member: Member = { id, address, wanted, since: clock.epochMs(), startedMs, client, size: "" };
    this.#members.set(id, member);
    this.#places.taken.set(id, member);
    sink.once("close", () => {
      this.#forget(id);
    });
    this.#watch();
    const newest = feed.newestFrame;
    if (newest !== null && isFresh(newest, startedMs)) this.#give([member], newest);
  }

  /** Ends one stream in order; false when there is none of this id. */
  endOne(id: number): boolean {
    const member = this.#members.get(id);
    if (member !== undefined) this.#end(member);
    return member !== undefined;
  }

  /** Ends all streams in order: nothing is to be shown, on purpose. */
  endAll(): void {
    for (const member of this.#members.values()) this.#end(member);
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#o.feed.on("frame", this.#onFrame);
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  #forget(id: number): void {
    this.#members.delete(id);
    this.#places.taken.delete(id);
    if (this.#members.size > 0) return;
    this.#o.feed.off("frame", this.#onFrame);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #onFrame = (frame: Frame): void => {
    this.#give(this.#members.values(), frame);
  };

  #give(members: Iterable<Member>, frame: Frame): void {
    const size = jpegSize(frame.jpeg);
    const name = sizeName(size);
    const mostBytes = clientMemoryBytes(size ?? { width: 0, height: 0 });
    const part = this.#part(frame);
    for (const member of members) {
      if (member.wanted !== "active" && member.wanted !== part.camera) {
        this.#end(member);
        continue;
      }
      member.size = name;
      member.client.offer(part, mostBytes);
    }
  }

  #part(frame: Frame): MjpegPart {
    const { clock } = this.#o;
    return makePart(frame, clock.epochMs() - (clock.monotonicMs() - frame.arrivedMs));
  }

  #look(): void {
    const nowMs = this.#o.clock.monotonicMs();
    const silentMs = nowMs - (this.#o.feed.newestFrame?.arrivedMs ?? Number.NEGATIVE_INFINITY);
    for (const member of this.#members.values()) {
      if (member.client.isStuck(nowMs, this.#o.patienceMs)) this.#abandon(member);
      else if (member.wanted !== "active" && silentMs >= freshForMs) this.#end(member);
    }
  }

  #end(member: Member): void {
    this.#forget(member.id);
    member.client.end();
  }

  #abandon(member: Member): void {
    this.#o.log.info("an MJPEG viewer that takes nothing is let go", { address: member.address });
    this.#forget(member.id);
    member.client.abandon();
  }
}

function sizeName(size: PictureSize | null): string {
  return size === null ? "unknown" : `${size.width}x${size.height}`;
}
