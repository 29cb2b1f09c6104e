/** Ticks in a second of a channel's media time; every encoder is told to count in this unit. */
export const ticksPerSecond = 90_000;

/** Ticks in a millisecond. */
export const ticksPerMs = 90;

/**
 * A number of ticks as seconds with five decimals. A step of 0.00001 s is 0.9 ticks, so rounding errs by less than half
 * a tick and `parseSeconds` gets the very number back.
 */
export function secondsText(ticks: number): string {
  return (ticks / ticksPerSecond).toFixed(5);
}

/** The whole number of ticks that `secondsText` wrote. */
export function parseSeconds(text: string): number {
  return Math.round(Number(text) * ticksPerSecond);
}
