/**
 * What was written to one viewer and is still on its way. The kernel takes megabytes for a connection before it lets a
 * write wait: to a viewer of 70 KB/s that is a picture of a minute ago. So the kernel is asked now and then how much it
 * still has, and whoever is behind gets the next frame when that is little. Its client closes it.
 */

/** Bytes that were written and have not reached the viewer; null: it cannot be told, or not now. Never rejects. */
export type Backlog = () => Promise<number | null>;

/** So many frames, and so many bytes, are on their way of a viewer who keeps up. */
const frames = 4;
const leastBytes = 64 * 1024;
/**
 * Time between two questions about a viewer who keeps up, and about one who is behind. The kernel looks through all its connections,
 * which takes up to 5 ms: so they are few, all viewers ask at the same moments, and one answer is for all.
 */
const askMs = 2000;
const askAgainMs = 500;
/** A viewer who was behind is let have frames again when nothing was heard for so long. */
const unheardMs = 1000;
/** Who was behind is believed to keep up again after so long: as much as it takes at once would else be half a second of frames. */
const suspectMs = 10_000;

export class WayToViewer {
  readonly #backlog: Backlog;
  readonly #now: () => number;
  readonly #onFree: () => void;
  /** Most bytes of a viewer who keeps up. */
  #most = leastBytes;
  /** At the most so many are on their way, as far as was asked. */
  #bytes = 0;
  #sent = 0;
  #taken = 0;
  #movedMs: number;
  #heardMs: number;
  #askedMs = Number.NEGATIVE_INFINITY;
  #suspectUntilMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** `onFree` is called whenever the kernel was asked and it is free. `now` is the monotonic clock in milliseconds. */
  constructor(backlog: Backlog, now: () => number, onFree: () => void) {
    this.#backlog = backlog;
    this.#now = now;
    this.#onFree = onFree;
    this.#movedMs = now();
    this.#heardMs = now();
  }

  /** Whether another frame may be written. */
  isFree(): boolean {
    return !this.#isSuspect() || this.#bytes <= this.#most;
  }

  /** When the viewer was last seen to take something. */
  get movedMs(): number {
    return this.#movedMs;
  }

  /** The kernel has taken a frame of so many bytes. */
  sent(bytes: number): void {
    this.#sent += bytes;
    this.#bytes += bytes;
    this.#most = Math.max(leastBytes, frames * bytes);
    if (this.#bytes <= this.#most || this.#isAsking) return;
    if (this.#isSuspect()) this.#askSoon();
    else if (Math.floor(this.#now() / askMs) !== Math.floor(this.#askedMs / askMs)) void this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    this.#askedMs = this.#now();
    const before = this.#sent;
    const left = await this.#backlog();
    if (this.#isClosed) return;
    if (left !== null) this.#heard(left, before);
    else if (!this.#isSuspect() || this.#now() - this.#heardMs >= unheardMs) this.#bytes = 0;
    this.#isAsking = false;
    if (this.isFree()) this.#onFree();
    else this.#askSoon();
  }

  #askSoon(): void {
    this.#isAsking = true;
    this.#timer = setTimeout(() => void this.#ask(), askAgainMs - (this.#now() % askAgainMs));
  }

  /** `before`: what had been sent when the kernel was asked; what came after may be in its answer or not. */
  #heard(left: number, before: number): void {
    this.#heardMs = this.#now();
    if (before - left > this.#taken) {
      this.#taken = before - left;
      this.#movedMs = this.#now();
    }
    this.#bytes = left + this.#sent - before;
    const mayWait = this.#isSuspect() ? this.#most / frames : this.#most;
    if (left > mayWait) this.#suspectUntilMs = this.#now() + suspectMs;
  }

  #isSuspect(): boolean {
    return this.#now() < this.#suspectUntilMs;
  }
}
