/**
 * Cuts rpicam-vid's endless MJPEG into whole JPEGs. Pure, without clock or stream; its Source feeds it.
 *
 * Invariants: any chunking gives the same JPEGs; bytes between pictures, and pictures that are torn, too large or
 * malformed, cost only themselves: the search goes on right behind the SOI that proved false.
 */
import { walkJpeg, walkStart, type WalkState } from "./jpeg-walk.js";

/** Larger than any JPEG of 1920x1080; what is longer has lost its end. */
const defaultMaxBytes = 8 * 1024 * 1024;

/** SOI and the 0xff of the marker that always follows it: two bytes alone are too common in garbage. */
const start = Buffer.from([0xff, 0xd8, 0xff]);

export interface SplitterCounts {
  readonly jpegs: number;
  /** Pictures begun and never ended, malformed ones among them. */
  readonly torn: number;
  /** Bytes that became part of no JPEG; those still held are not counted. */
  readonly discardedBytes: number;
}

export class JpegSplitter {
  readonly #maxBytes: number;
  /** Bytes not yet told apart. They start with a SOI, or with what may become one. */
  #held: Buffer = Buffer.alloc(0);
  /** Where the walk through `#held` goes on; null while a SOI is sought. */
  #walk: WalkState | null = null;
  /** The memory behind `#held` where it is ours to append to. */
  #store: Buffer | null = null;
  #jpegs = 0;
  #torn = 0;
  #discardedBytes = 0;

  constructor(maxBytes: number = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  get counts(): SplitterCounts {
    return { jpegs: this.#jpegs, torn: this.#torn, discardedBytes: this.#discardedBytes };
  }

  /**
   * Takes the next bytes and gives the JPEGs that they complete. The JPEGs share memory with the chunk, which must
   * not be written to afterwards; only those that lie across chunks are copied, once.
   */
  push(chunk: Buffer): Buffer[] {
    this.#append(chunk);
    const jpegs: Buffer[] = [];
    while (this.#walk !== null || this.#seek()) {
      const result = walkJpeg(this.#held, this.#walk ?? walkStart);
      if (result.kind === "more" && this.#held.length <= this.#maxBytes) {
        this.#walk = result.state;
        break;
      }
      this.#walk = null;
      if (result.kind === "whole" && result.end <= this.#maxBytes) jpegs.push(this.#take(result.end));
      else this.#giveUp();
    }
    return jpegs;
  }

  /** Drops all up to the next SOI; false when there is none yet. */
  #seek(): boolean {
    const at = this.#held.indexOf(start);
    this.#discard(at >= 0 ? at : this.#held.length - this.#hopefulTail());
    return at >= 0;
  }

  /** Length of the end of the data that may be the beginning of a SOI. */
  #hopefulTail(): number {
    const { length } = this.#held;
    if (length >= 2 && this.#held[length - 2] === 0xff && this.#held[length - 1] === 0xd8) return 2;
    return this.#held[length - 1] === 0xff ? 1 : 0;
  }

  #take(end: number): Buffer {
    const jpeg = this.#held.subarray(0, end);
    this.#held = this.#held.subarray(end);
    this.#jpegs += 1;
    return jpeg;
  }

  /** The SOI proved false. Whatever was passed as a part of its picture may hold a true one. */
  #giveUp(): void {
    this.#torn += 1;
    this.#discard(walkStart.offset);
  }

  #discard(bytes: number): void {
    this.#held = this.#held.subarray(bytes);
    this.#discardedBytes += bytes;
  }

  #append(chunk: Buffer): void {
    if (this.#held.length === 0) {
      this.#held = chunk;
      this.#store = null;
      return;
    }
    const length = this.#held.length + chunk.length;
    const store = this.#storeFor(length);
    const offset = this.#held.byteOffset - store.byteOffset;
    chunk.copy(store, offset + this.#held.length);
    this.#held = store.subarray(offset, offset + length);
  }

  /** Memory that starts with the held bytes and has room for so many; grows by doubling, so that each byte is copied once or twice. */
  #storeFor(length: number): Buffer {
    const room = this.#store === null ? 0 : this.#store.byteOffset + this.#store.length - this.#held.byteOffset;
    if (this.#store !== null && room >= length) return this.#store;
    const store = Buffer.allocUnsafeSlow(length * 2);
    this.#held.copy(store);
    this.#held = store.subarray(0, this.#held.length);
    this.#store = store;
    return store;
  }
}
