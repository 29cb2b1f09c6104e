/** What is known when the pace of the picture is decided. Seconds. */
export interface PaceFacts {
  readonly latencyS: number;
  readonly targetS: number;
  /** Media in the buffer ahead of the picture. */
  readonly aheadS: number;
  /** Distance from the picture to where it should be, on the media element's timeline. */
  readonly toLivePositionS: number;
  /** Rate at present. */
  readonly rate: number;
}

export type Pace = { readonly kind: "rate"; readonly rate: number } | { readonly kind: "jump" };

/** More than this behind the target: no catching up, but a jump. */
const jumpS = 1.5;
/** A correction begins when so far off the target … */
const beginS = 0.15;
/** … and ends when so near. */
const endS = 0.04;
/** With less in the buffer no faster than life: the end of the buffer is a stall. */
const leastAheadS = 0.25;
/** Change of the rate per second off the target, and its bounds: small ones nobody sees. */
const changePerS = 0.4;
const leastChange = 0.05;
const mostFaster = 0.4;
const mostSlower = 0.1;

/**
 * Keeps the picture at the target: a little faster when behind, at once when far behind, a little slower when so near
 * to the newest media that any hiccup would be a stall. A jump needs a place to jump to: while the service itself has
 * stopped, the newest media are no further ahead.
 */
export function pace(facts: PaceFacts): Pace {
  const behindS = facts.latencyS - facts.targetS;
  if (behindS > jumpS && facts.toLivePositionS > jumpS / 2) return { kind: "jump" };
  if (behindS > (facts.rate > 1 ? endS : beginS)) {
    return { kind: "rate", rate: facts.aheadS > leastAheadS ? 1 + change(behindS, mostFaster) : 1 };
  }
  if (-behindS > (facts.rate < 1 ? endS : beginS)) return { kind: "rate", rate: 1 - change(-behindS, mostSlower) };
  return { kind: "rate", rate: 1 };
}

/** In steps of 0.05: each change of the rate costs the browser a little. */
function change(offS: number, most: number): number {
  const bounded = Math.min(most, Math.max(leastChange, offS * changePerS));
  return Math.round(bounded * 20) / 20;
}
