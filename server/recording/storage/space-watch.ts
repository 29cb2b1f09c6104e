import type { RecorderEvent } from "../messages.js";
import { lowBytes, type Space } from "./space.js";
import type { Storage } from "./storage.js";

const lookMs = 1000;
/** The warning of little room ends above this: below what retention keeps free, or it would never end. */
export const enoughBytes = 1.1e9;

/** Looks each second how much room is left for recordings. Whoever makes it closes it. */
export class SpaceWatch {
  readonly #storage: Storage;
  readonly #tell: (event: RecorderEvent) => void;
  readonly #timer: NodeJS.Timeout;
  #latest: Space | null = null;
  /** Null: nothing was said yet. What a former process said may stand still: the first look is told as well. */
  #isLow: boolean | null = null;
  #isLooking = false;
  #hasLooked = false;

  constructor(storage: Storage, tell: (event: RecorderEvent) => void) {
    this.#storage = storage;
    this.#tell = tell;
    this.#timer = setInterval(() => void this.#look(), lookMs);
  }

  /** Null: it cannot be read. */
  get latest(): Space | null {
    return this.#latest;
  }

  /** It was looked, and there is enough, or nobody can say. Where there is too little, a person was told. */
  get isQuiet(): boolean {
    return this.#hasLooked && this.#isLow !== true;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** One look at a time: a disk that hangs holds one call. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#latest = await this.#storage.space();
    this.#isLooking = false;
    this.#hasLooked = true;
    if (this.#latest !== null) this.#judge(this.#latest.freeBytes);
  }

  #judge(freeBytes: number): void {
    const isLow = freeBytes < (this.#isLow === true ? enoughBytes : lowBytes);
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    this.#tell({ kind: isLow ? "spaceLow" : "spaceEnough", freeBytes });
  }
}
