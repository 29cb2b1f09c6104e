import { outages } from "./gap-causes.js";
import type { Gap } from "./gap-store.js";
import { msBetween, type Moment } from "./sign-of-life.js";

export interface OutageFacts {
  /** What the former run left open; null: it ended with a picture. */
  readonly former: Gap | null;
  /** Its last sign of life. */
  readonly last: Moment;
  readonly now: Moment;
  readonly camera: number | null;
  /** No gap begins before this, in milliseconds since the Unix epoch. */
  readonly lastEndAt: number;
}

/** The gap that the time between two runs is part of, with its length up to now. Pure. */
export function outageOf({ former, last, now, camera, lastEndAt }: OutageFacts): Omit<Gap, "id" | "channel"> {
  const downMs = msBetween(last, now);
  const outage = { ...(last.bootId === now.bootId ? outages.crashed : outages.down), camera };
  if (former === null) return { ...outage, from: Math.max(last.at, lastEndAt), to: null, ms: downMs };
  const ms = Math.max(former.ms, last.at - former.from) + downMs;
  // A switch that a crash cut off is a crash; what was broken before it stays what it was, and so does a planned stop.
  const cutOff = former.planned && former.code !== outages.stopped.code;
  return { ...former, ...(cutOff && outage), ms };
}

/** The later of two last signs of life: tmpfs knows it to a second, the database over a power cut. Pure. */
export function laterOf(a: Moment | null, b: Moment | null): Moment | null {
  if (a === null || b === null) return a ?? b;
  const isLater = a.bootId === b.bootId ? a.uptimeMs >= b.uptimeMs : a.at >= b.at;
  return isLater ? a : b;
}

/** An outage over a restart of the machine: its length rests on the wall clock, which may not have been set yet. */
export interface UnsureOutage {
  readonly gap: Gap;
  /** Its begin. */
  readonly last: Moment;
  /** Its length, as the wall clock told it at the start. */
  readonly downMs: number;
}

/** A wall clock that moved less was not set. */
const leastJumpMs = 2000;
/** So long after its start a machine has its time, or will not get it. */
const clockSetMs = 10 * 60_000;

/** How much longer it was than thought, in milliseconds, seen so long after the start; null: not to be said yet. Pure. */
export function foundLater({ last, downMs }: UnsureOutage, epochMs: number, runMs: number): number | null {
  const moreMs = Math.round(epochMs - runMs - last.at - downMs);
  if (moreMs >= leastJumpMs) return moreMs;
  return runMs < clockSetMs ? null : 0;
}
