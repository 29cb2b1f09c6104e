import type { Frame } from "../camera/frame.js";

/** The frames of one channel as they come; a channel is one. Repeats and slates are no frames. */
export interface FrameFeed {
  /** The newest frame of a camera; null when none came since the channel was turned on. */
  readonly newestFrame: Frame | null;
  on(event: "frame", listener: (frame: Frame) => void): unknown;
  off(event: "frame", listener: (frame: Frame) => void): unknown;
}

/** A frame older than this shows nothing live any more, in milliseconds: the page says ERROR from then on (C2). */
export const freshForMs = 3000;

/** Whether it may be called live. */
export function isFresh(frame: Frame, nowMs: number): boolean {
  return nowMs - frame.arrivedMs < freshForMs;
}
