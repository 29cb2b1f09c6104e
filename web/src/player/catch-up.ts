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
/** Catching up begins when so far behind … */
const beginS = 0.15;
/** … and ends when so near. */
const endS = 0.04;
/** With less in the buffer no faster than live: the end of the buffer is a stall. */
const leastAheadS = 0.25;
/** Extra rate per second behind, and its bounds: small ones nobody sees. */
const extraPerS = 0.4;
const leastExtra = 0.05;
const mostExtra = 0.4;

/**
 * Keeps the picture at the target: a little faster when behind, at once when far behind. A jump needs a place to jump
 * to: while the service itself has stopped, the newest media are no further ahead.
 */
export function pace(facts: PaceFacts): Pace {
  const behindS = facts.latencyS - facts.targetS;
  if (behindS > jumpS && facts.toLivePositionS > jumpS / 2) return { kind: "jump" };
  const catching = facts.rate > 1;
  const wanted = behindS > (catching ? endS : beginS) && facts.aheadS > leastAheadS;
  return { kind: "rate", rate: wanted ? 1 + extra(behindS) : 1 };
}

/** In steps of 0.05: each change of the rate costs the browser a little. */
function extra(behindS: number): number {
  const bounded = Math.min(mostExtra, Math.max(leastExtra, behindS * extraPerS));
  return Math.round(bounded * 20) / 20;
}
