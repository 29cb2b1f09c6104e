/** The figures of the last ten minutes, as the page keeps them: asked for once, then fed by the heartbeat. Pure. */
import type { ResourceHistory } from "../../../server/http/wire-protection.js";

/** The figures of one second; null is unknown. */
export type Sample = ResourceHistory["samples"][number];

/** How far back the plots reach. */
export const trackMs = 600_000;
/** Two samples farther apart than this have a hole between them, and are not joined by a line. */
export const holeMs = 3500;
/** A sample older than the newest by more than this means that the device's clock was set back. */
const clockSetBackMs = 60_000;

/** The track with one more sample; one that is there already, or that comes late, changes nothing. */
export function withSample(track: readonly Sample[], sample: Sample): readonly Sample[] {
  const newest = track.at(-1);
  if (newest === undefined || newest.at - sample.at > clockSetBackMs) return [sample];
  if (sample.at <= newest.at) return track;
  return [...track.filter(({ at }) => at > sample.at - trackMs), sample];
}

/** What the service kept, and behind it what the page has heard since. */
export function withHistory(track: readonly Sample[], history: readonly Sample[]): readonly Sample[] {
  const last = history.at(-1)?.at ?? -Infinity;
  const all = [...history, ...track.filter(({ at }) => at > last)];
  const newest = all.at(-1)?.at ?? 0;
  return all.filter(({ at }) => at > newest - trackMs);
}

/** Whether something is missing before a sample of this moment: then the service is asked for its history. */
export function hasHoleBefore(track: readonly Sample[], at: number): boolean {
  const newest = track.at(-1);
  return newest === undefined || at - newest.at > holeMs;
}

/** The track as it was at the last full step: it then changes once in a step, not with each sample. */
export function inSteps(track: readonly Sample[], stepMs: number): readonly Sample[] {
  const newest = track.at(-1)?.at ?? 0;
  const whole = track.filter(({ at }) => at <= newest - (newest % stepMs));
  return whole.length === 0 ? track : whole;
}
