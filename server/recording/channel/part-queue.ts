/**
 * What a channel's recorder does in order: parts, and ends. One at a time; what waits is bounded, for the files of parts
 * are on tmpfs for 40 s or so, and older ones need not be remembered.
 */
import type { RecordedPart } from "../messages.js";

/** Recording is off, the run of the service was over, or no part has come for long: the file ends in any case. */
export type QueueItem = RecordedPart | "off" | "restarted" | "quiet";

export interface PartQueueOptions {
  /** Nothing is done before. */
  readonly begin: Promise<void>;
  /** Must not reject. */
  readonly act: (item: QueueItem) => Promise<void>;
  /** A part was given up: too many waited. */
  readonly onDropped: () => void;
}

const mostWaiting = 400;

export class PartQueue {
  readonly #o: PartQueueOptions;
  readonly #waiting: QueueItem[] = [];
  #working: Promise<void> | null = null;

  constructor(options: PartQueueOptions) {
    this.#o = options;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get isBusy(): boolean {
    return this.#working !== null;
  }

  add(item: QueueItem): void {
    this.#waiting.push(item);
    if (this.#waiting.length > mostWaiting) this.#dropOldest();
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  /** Its file is gone by now. An end is never dropped. */
  #dropOldest(): void {
    const oldest = this.#waiting.findIndex((item) => typeof item !== "string");
    if (oldest >= 0) this.#waiting.splice(oldest, 1);
    this.#o.onDropped();
  }

  async #work(): Promise<void> {
    await this.#o.begin;
    for (let item = this.#waiting[0]; item !== undefined; item = this.#waiting[0]) {
      await this.#o.act(item);
      // A part that had to wait may have been given up meanwhile.
      if (this.#waiting[0] === item) this.#waiting.shift();
    }
  }
}
