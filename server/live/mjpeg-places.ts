/** The place that one viewer takes. */
export interface MjpegPlace {
  readonly address: string;
  readonly startedMs: number;
  /** Of the picture it gets now, as `640x480`. */
  readonly size: string;
}

/** What the hubs of several channels share: the numbers of their sessions, and the places that are taken. */
export class MjpegPlaces {
  /** By the number of the session. */
  readonly taken = new Map<number, MjpegPlace>();
  #lastId = 0;

  nextId(): number {
    return ++this.#lastId;
  }
}
