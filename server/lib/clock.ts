/**
 * Time. Every duration in this product comes from the monotonic clock, because a Raspberry Pi has no clock that
 * survives power loss and its wall clock jumps when it meets a time server. The wall clock is for people only.
 */
export interface Clock {
  /** Milliseconds on the monotonic clock; only differences mean anything. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump in either direction. */
  epochMs(): number;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
};
