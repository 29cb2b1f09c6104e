/**
 * One viewer of an MJPEG stream. A frame that comes while the former one is still being written waits, and is replaced
 * by the next one, and so does one while the last few are still on their way: a slow viewer sees fewer whole frames, and never old
 * ones. Nothing is copied. The hub owns it.
 */
import type { LocalConnection } from "../process/socket-backlog.js";
import { WayToViewer, type Backlog } from "./way-to-viewer.js";
import { partEnd, streamEnd, streamStart, type MjpegPart } from "./mjpeg-part.js";

/** What is used of an answer of the HTTP server. */
export interface MjpegSink {
  /** Null: it has no connection any more. */
  readonly socket: LocalConnection | null;
  cork(): void;
  uncork(): void;
  write(chunk: Buffer, done?: (error?: Error | null) => void): boolean;
  end(chunk: Buffer): unknown;
  destroy(): unknown;
  /** Its connection is gone, or its end has been written. */
  once(event: "close", listener: () => void): unknown;
}

/**
 * A viewer that takes nothing for so long is gone, or as good as gone. Less cuts who reads slowly: a full buffer of NGINX's says nothing
 * until a third of it is free, some 70 KB.
 */
export const stuckMs = 20_000;
/** How long the last words of a stream may take. */
export const endMs = 10_000;

type State =
  | { readonly kind: "ready" }
  /** `writing`: until the kernel has it; `held`: it has it, and too much is still on its way. `bytes`: those that it has not. */
  | {
      readonly kind: "writing" | "held";
      readonly sinceMs: number;
      readonly bytes: number;
      readonly waiting: MjpegPart | null;
    }
  | { readonly kind: "ended" };

type Busy = Exclude<State, { kind: "ready" | "ended" }>;

const ready: State = { kind: "ready" };

export class MjpegClient {
  readonly #sink: MjpegSink;
  readonly #now: () => number;
  readonly #way: WayToViewer;
  #state: State = ready;
  #frames = 0;
  #dropped = 0;
  #bytes = 0;

  /** `now` is the monotonic clock in milliseconds. */
  constructor(sink: MjpegSink, now: () => number, backlog: Backlog) {
    this.#sink = sink;
    this.#now = now;
    this.#way = new WayToViewer(backlog, now, () => {
      this.#next();
    });
    sink.write(streamStart);
    sink.once("close", () => {
      this.#way.close();
    });
  }

  /** Frames written, whole. */
  get frames(): number {
    return this.#frames;
  }

  /** Whole frames that it was too slow for. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bytes of the frames written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that wait for it here: what is being written and the one waiting frame. */
  get waitingBytes(): number {
    const state = this.#state;
    return isBusy(state) ? state.bytes + (state.waiting?.bytes ?? 0) : 0;
  }

  /** Gives it a frame; `mostBytes` is what may wait for it. */
  offer(part: MjpegPart, mostBytes: number): void {
    const state = this.#state;
    if (state.kind === "ready") this.#write(part);
    else if (isBusy(state)) this.#replace(state, part, mostBytes);
  }

  /** Whether it has taken nothing for too long: for `patienceMs`. */
  isStuck(nowMs: number, patienceMs = stuckMs): boolean {
    const state = this.#state;
    return isBusy(state) && nowMs - Math.max(state.sinceMs, this.#way.movedMs) >= patienceMs;
  }

  /** Ends the stream in order, behind the frame that is being written; by force if nobody takes that. */
  end(): void {
    if (this.#state.kind === "ended") return;
    this.#state = { kind: "ended" };
    const force = setTimeout(() => this.#sink.destroy(), endMs);
    this.#sink.once("close", () => {
      clearTimeout(force);
    });
    this.#sink.end(streamEnd);
  }

  /** Lets go of a viewer that takes nothing. */
  abandon(): void {
    this.#state = { kind: "ended" };
    this.#sink.destroy();
  }

  /** What does not fit is dropped, as is the frame that waited. */
  #replace(state: Busy, part: MjpegPart, mostBytes: number): void {
    const fits = state.bytes + part.bytes <= mostBytes;
    if (state.waiting !== null || !fits) this.#dropped += 1;
    if (fits) this.#state = { ...state, waiting: part };
  }

  #write(part: MjpegPart): void {
    this.#state = { kind: "writing", sinceMs: this.#now(), bytes: part.bytes, waiting: null };
    this.#frames += 1;
    this.#bytes += part.bytes;
    this.#sink.cork();
    this.#sink.write(part.head);
    this.#sink.write(part.jpeg);
    this.#sink.write(partEnd, this.#onWritten);
    this.#sink.uncork();
  }

  /** The kernel has taken it all, or the connection broke: then the answer closes, and the hub lets go of it. */
  readonly #onWritten = (error?: Error | null): void => {
    const state = this.#state;
    if (state.kind !== "writing") return;
    this.#state = error ? ready : { ...state, kind: "held", bytes: 0 };
    this.#way.sent(state.bytes);
    if (this.#way.isFree()) this.#next();
  };

  #next(): void {
    const state = this.#state;
    if (state.kind !== "held") return;
    this.#state = ready;
    if (state.waiting !== null) this.#write(state.waiting);
  }
}

function isBusy(state: State): state is Busy {
  return state.kind === "writing" || state.kind === "held";
}
