/**
 * One viewer of an MJPEG stream. A frame that comes while the former one is still being written waits, and is replaced
 * by the next one: a slow viewer sees fewer whole frames, and never old ones. Nothing is copied. The hub owns it.
 */
import { partEnd, streamEnd, streamStart, type MjpegPart } from "./mjpeg-part.js";

/** What is used of an answer of the HTTP server. */
export interface MjpegSink {
  cork(): void;
  uncork(): void;
  write(chunk: Buffer, done?: (error?: Error | null) => void): boolean;
  end(chunk: Buffer): unknown;
  destroy(): unknown;
  /** Its connection is gone, or its end has been written. */
  once(event: "close", listener: () => void): unknown;
}

/** A viewer that takes nothing for so long is gone, or as good as gone. */
export const stuckMs = 10_000;

type State =
  | { readonly kind: "ready" }
  | { readonly kind: "writing"; readonly sinceMs: number; readonly bytes: number; readonly waiting: MjpegPart | null }
  | { readonly kind: "ended" };

const ready: State = { kind: "ready" };

export class MjpegClient {
  readonly #sink: MjpegSink;
  readonly #now: () => number;
  #state: State = ready;
  #frames = 0;
  #dropped = 0;
  #bytes = 0;

  /** `now` is the monotonic clock in milliseconds. */
  constructor(sink: MjpegSink, now: () => number) {
    this.#sink = sink;
    this.#now = now;
    sink.write(streamStart);
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
    return state.kind === "writing" ? state.bytes + (state.waiting?.bytes ?? 0) : 0;
  }

  /** Gives it a frame; `mostBytes` is what may wait for it. */
  offer(part: MjpegPart, mostBytes: number): void {
    const state = this.#state;
    if (state.kind === "ready") this.#write(part);
    else if (state.kind === "writing") this.#replace(state, part, mostBytes);
  }

  /** Whether it has taken nothing for too long. */
  isStuck(nowMs: number): boolean {
    return this.#state.kind === "writing" && nowMs - this.#state.sinceMs >= stuckMs;
  }

  /** Ends the stream in order, behind the frame that is being written; by force if nobody takes that. */
  end(): void {
    if (this.#state.kind === "ended") return;
    this.#state = { kind: "ended" };
    const force = setTimeout(() => this.#sink.destroy(), stuckMs);
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
  #replace(state: Extract<State, { kind: "writing" }>, part: MjpegPart, mostBytes: number): void {
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
    this.#state = ready;
    if (state.waiting !== null && !error) this.#write(state.waiting);
  };
}
