/** A part that everyone can fetch by now. */
export interface PublishedPart {
  readonly generation: number;
  readonly camera: number;
  /** Of the camera, for people. */
  readonly label: string;
  /** Names of its init segment and of its own file, in the channel's public directory. */
  readonly init: string;
  readonly uri: string;
  /** Grows from part to part. */
  readonly number: number;
  readonly ticks: number;
  /** Where it starts on the channel's timeline. */
  readonly startTicks: number;
  /** The date of its start by the channel's own calendar, in milliseconds since the Unix epoch. */
  readonly dateMs: number;
  readonly independent: boolean;
  /** On the monotonic clock. */
  readonly publishedMs: number;
  /** When the encoder last wrote to the raw part, in milliseconds since the Unix epoch. */
  readonly rawMtimeMs: number;
}
