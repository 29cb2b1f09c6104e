/** Parts over which the least lag is taken: five seconds. With two, a busy machine looked like a lost frame (measured). */
const windowParts = 25;

/** What is known when a part of the running encoder is published. */
export interface PublishedPart {
  /** Frames written to the encoder until now. */
  readonly framesWritten: number;
  /** Frames in all of its parts until now, this one included. */
  readonly framesPublished: number;
  /** Bytes that wait for the encoder: while it does not keep up, nothing can be told. */
  readonly backlogBytes: number;
}

/**
 * Tells how many frames ffmpeg lost without a word that we could rely on: each JPEG that it cannot decode costs one
 * frame of media time. What was written and is not published yet is a small constant, the depth of ffmpeg's pipeline,
 * plus noise upwards: so the least over the last parts, less the least ever, is what got lost.
 */
export class LostFrames {
  #recent: number[] = [];
  #depth = Infinity;
  #told = 0;

  /** Frames lost since the last answer; negative takes back what a slow moment made look lost. */
  onPart(part: PublishedPart): number {
    if (part.backlogBytes > 0) return 0;
    this.#recent = [...this.#recent, part.framesWritten - part.framesPublished].slice(-windowParts);
    const least = Math.min(...this.#recent);
    this.#depth = Math.min(this.#depth, least);
    if (this.#recent.length < windowParts) return 0;
    const lost = least - this.#depth;
    const news = lost - this.#told;
    this.#told = lost;
    return news;
  }
}
