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
