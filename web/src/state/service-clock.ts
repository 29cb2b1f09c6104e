/** The service's clock as far as this page knows it: how much it is behind the page's own, as often as it was told. */
export interface ServiceClock {
  /** What the service said last, in milliseconds since the Unix epoch. */
  readonly saidMs: number;
  /** The page's time less the service's, for the newest times that it said. */
  readonly behindMs: readonly number[];
}

/** It says its time each second: so many seconds after a clock was set, the page has forgotten how it was. */
const most = 30;

/** Notes a status; one that repeats an earlier time tells nothing. `heardMs` is the page's monotonic time. */
export function noteServiceTime(clock: ServiceClock | null, saidMs: number, heardMs: number): ServiceClock {
  if (clock?.saidMs === saidMs) return clock;
  return { saidMs, behindMs: [...(clock?.behindMs ?? []), heardMs - saidMs].slice(-most) };
}

/** The service's time now. The message that took the shortest way is the nearest to the truth, which it never passes. */
export function serviceTimeAt(clock: ServiceClock | null, nowMs: number): number | null {
  return clock === null ? null : nowMs - Math.min(...clock.behindMs);
}
