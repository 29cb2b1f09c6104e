import type { StreamPart } from "./part-reader.js";

/** What the instant view showed since it was chosen; null for what is not known. */
export interface InstantFigures {
  /** Frames drawn in each second of the last two. */
  readonly fps: number | null;
  readonly frames: number;
  /** Of the frames drawn in the last two seconds. */
  readonly meanBytes: number | null;
  /** From the frame's arrival at the controller to the screen, of the newest frame. */
  readonly latencyMs: number | null;
  /** Frames of the camera that were not shown here: passed over by the service or by this page, or unreadable. */
  readonly dropped: number;
}

export const noFigures: InstantFigures = { fps: null, frames: 0, meanBytes: null, latencyMs: null, dropped: 0 };

const windowMs = 2000;

type Told = Pick<StreamPart, "camera" | "number">;

/** Counts what came and what was drawn. Times are those of one monotonic clock, in milliseconds. */
export class ShownFrames {
  #recent: { readonly atMs: number; readonly bytes: number }[] = [];
  #firstMs: number | null = null;
  #received: Told | null = null;
  #drawn: Told | null = null;
  #frames = 0;
  #dropped = 0;
  #latencyMs: number | null = null;

  /** A new connection: what came in between was missed by nobody. */
  reopened(): void {
    this.#received = null;
  }

  /** A part arrived: a hole before it are frames that the service passed over for this page. */
  received(part: Told): void {
    this.#dropped += holeBefore(part, this.#received);
    this.#received = part;
  }

  dropped(): void {
    this.#dropped += 1;
  }

  /** A part is on the screen. Answers whether it is another frame than the one before: else it is no sign of life. */
  drawn(part: Told, bytes: number, latencyMs: number | null, nowMs: number): boolean {
    if (isSame(part, this.#drawn)) return false;
    this.#drawn = part;
    this.#firstMs ??= nowMs;
    this.#frames += 1;
    this.#latencyMs = latencyMs;
    this.#recent = [...this.#since(nowMs), { atMs: nowMs, bytes }];
    return true;
  }

  figures(nowMs: number): InstantFigures {
    this.#recent = this.#since(nowMs);
    const count = this.#recent.length;
    const sum = this.#recent.reduce((total, { bytes }) => total + bytes, 0);
    const measured = this.#firstMs !== null && nowMs - this.#firstMs >= windowMs;
    return {
      fps: measured ? count / (windowMs / 1000) : null,
      frames: this.#frames,
      meanBytes: count === 0 ? null : sum / count,
      latencyMs: this.#latencyMs,
      dropped: this.#dropped,
    };
  }

  #since(nowMs: number) {
    return this.#recent.filter(({ atMs }) => nowMs - atMs < windowMs);
  }
}

/** A number that is not greater belongs to another run of the source. */
function holeBefore(part: Told, before: Told | null): number {
  const last = before?.camera === part.camera ? before.number : null;
  if (part.number === null || last === null) return 0;
  return Math.max(0, part.number - last - 1);
}

const isSame = (part: Told, before: Told | null): boolean =>
  part.number !== null && part.number === before?.number && part.camera === before.camera;
