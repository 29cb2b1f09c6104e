/**
 * The published parts of one generation of another channel, as the source of a generation here: nothing is encoded
 * twice. What was published is the truth; the other channel's events are only hints that there is more.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../lib/errors.js";
import type { PartHistory } from "./part-history.js";
import type { PartSource, RawPart } from "./part-source.js";
import type { PublishedPart } from "./published-part.js";

export interface MirrorPartsOptions {
  /** Of the channel that is followed: its public directory and its last parts. */
  readonly directory: string;
  readonly history: PartHistory;
  /** Only parts with a higher number are taken; the first independent one of them decides the generation. */
  readonly after: number;
  /** Whether the turn of the next part has come; it is asked for again. */
  readonly mayTake: () => boolean;
}

export class MirrorParts implements PartSource {
  readonly #o: MirrorPartsOptions;
  /** The last one that is done with. */
  #last: PublishedPart | null = null;
  #stopped = false;

  constructor(options: MirrorPartsOptions) {
    this.#o = options;
  }

  /** Number of the last part that is done with, or that was never to be taken. */
  get position(): number {
    return this.#last?.number ?? this.#o.after;
  }

  /** What the channel gives next does not go on from here: it belongs to another generation, or some are missing. */
  get isOver(): boolean {
    return this.#last !== null && this.#o.history.after(this.position) !== undefined && this.#next() === null;
  }

  /** What is left of the channel is not wanted here. */
  stop(): void {
    this.#stopped = true;
  }

  readInit(): Buffer {
    const init = this.#next()?.init ?? this.#last?.init;
    if (init === undefined) throw new Error("No part of the channel is there yet.");
    return this.#read(init);
  }

  next(): RawPart | null {
    const part = this.#stopped ? null : this.#next();
    if (part === null || !this.#o.mayTake()) return null;
    const path = join(this.#o.directory, part.uri);
    return { path, data: this.#read(part.uri), mtimeMs: part.rawMtimeMs };
  }

  isEmpty(): boolean {
    return this.#stopped || this.#next() === null;
  }

  advance(): void {
    this.#last = this.#next() ?? this.#last;
  }

  /** There is nothing to let go. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #next(): PublishedPart | null {
    const last = this.#last;
    if (last === null) return this.#o.history.keys().find(({ number }) => number > this.#o.after) ?? null;
    const next = this.#o.history.after(last.number);
    const goesOn = next?.generation === last.generation && next.startTicks === last.startTicks + last.ticks;
    return goesOn ? next : null;
  }

  /** A file that went is one part lost, and no reason to try it for ever. */
  #read(name: string): Buffer {
    try {
      return readFileSync(join(this.#o.directory, name));
    } catch (cause) {
      throw new AppError("mediaInvalid", `${name} of the channel that is followed can not be read.`, { cause });
    }
  }
}
