/** One complete JPEG of one camera. The newest frame is shared: nobody writes into `jpeg`. */
export interface Frame {
  readonly jpeg: Buffer;
  /** The camera's number, from 0. */
  readonly camera: number;
  /** Counts from 1 within one source. */
  readonly number: number;
  /** Arrival of the last byte, in milliseconds of the monotonic clock. */
  readonly arrivedMs: number;
}
