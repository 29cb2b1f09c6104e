import type { PublishedPart } from "./published-part.js";

/** How many parts are remembered: 8 s. Their files stay longer, for they leave the playlist later. */
const mostParts = 40;

/** The newest parts of a channel, oldest first. Written by its publisher alone. */
export class PartHistory {
  #parts: PublishedPart[] = [];

  add(part: PublishedPart): void {
    this.#parts.push(part);
    if (this.#parts.length > mostParts) this.#parts.shift();
  }

  get newest(): PublishedPart | undefined {
    return this.#parts.at(-1);
  }

  /** The first one with a higher number. */
  after(number: number): PublishedPart | undefined {
    return this.#parts.find((part) => part.number > number);
  }

  /** Those with which a decoder can begin. */
  keys(): readonly PublishedPart[] {
    return this.#parts.filter(({ independent }) => independent);
  }
}
