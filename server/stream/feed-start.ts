/** Where the media of a generation begin on its channel's timeline. Pure. */
import { ticksPerMs } from "../hls/ticks.js";
import type { MediaOrigin } from "./frame-clock.js";
import type { FeedStart, Generation } from "./generation.js";

/** What is known of the timeline now. */
export interface TimelineEdge {
  /** Where the published media end. */
  readonly edgeTicks: number;
  /** How long the channel has been without media, as the wall clock tells it; 0: it has some. */
  readonly awayMs: number;
  /** On the monotonic clock. */
  readonly nowMs: number;
}

/** Media time owed beyond this is not paid: the publisher jumps instead. */
const mostOwedMs = 5000;

/** After all that is published. */
export function startAtEdge(edge: TimelineEdge): FeedStart {
  const mediaMs = edge.edgeTicks / ticksPerMs;
  return { mediaMs, origin: originAt(mediaMs, edge) };
}

/**
 * After all that is published, with nothing owed: nothing was to be shown meanwhile, or another channel has shown it.
 * Repeats would show the first frame in a time before it was taken.
 */
export function startUnowed({ edgeTicks, nowMs: monotonicMs }: TimelineEdge): FeedStart {
  const mediaMs = edgeTicks / ticksPerMs;
  return { mediaMs, origin: { mediaMs, monotonicMs }, paidMs: 0 };
}

/** After all that the channel that was followed has been fed, on the same clock. */
export function startAfterFollowed(followed: Generation | null, edge: TimelineEdge): FeedStart {
  const mediaMs = edge.edgeTicks / ticksPerMs + (followed?.pendingMs ?? 0);
  const there = followed?.position;
  if (!there) return { mediaMs, origin: originAt(mediaMs, edge) };
  return { mediaMs, origin: { ...there.origin, mediaMs: there.origin.mediaMs + mediaMs - there.mediaMs } };
}

/** After a pause the time missed is owed; what is not payable the publisher jumps over. */
export function originAt(mediaMs: number, { awayMs, nowMs: monotonicMs }: TimelineEdge): MediaOrigin {
  const owedMs = awayMs > 0 && awayMs <= mostOwedMs ? awayMs : 0;
  return { mediaMs: mediaMs + owedMs, monotonicMs };
}
