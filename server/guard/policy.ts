/**
 * What the guard decides: normal → single → slower → smaller → MJPEG off → warm off → stopped, and back one step at a
 * time (B2). Pure; SafetyGuard keeps the state and tells of the changes.
 *
 * Invariants, for any series of samples: one change a sample at most; with a ladder of n steps, n + 1 + 2 · ⌊T / B⌋
 * changes at most in a time T, where B is backSeconds: each step back takes at least B since the change before it, and
 * of the steps up there are n + 1 (from the bottom to the top) and one for each step back; a temperature at the hard
 * limit for stopSeconds stops the picture; a figure that is unknown never leads upwards; calm figures lead back to normal.
 */
import {
  figures,
  nothingWatched,
  presses,
  watch,
  type Figure,
  type GuardLimits,
  type GuardSample,
  type Watched,
} from "./figures.js";
import { rankOf, type ReducedRung, type Rung } from "./ladder.js";
import { reasonBack, reasonUp, type GuardReason } from "./reasons.js";

export interface GuardState {
  readonly rung: Rung;
  /** Of this rung, on the monotonic clock; null before the first sample. */
  readonly sinceMs: number | null;
  /** Of the last change; null at `normal`. */
  readonly reason: GuardReason | null;
  /** Figures that have pressed since it was normal: these must be known to be calm. */
  readonly causes: readonly Figure[];
  /** Since when all figures have been calm on this rung; null while they are not. */
  readonly calmSinceMs: number | null;
  /** Doubles the time to a step back, each. */
  readonly relapses: number;
  /** The last step back, as long as a step up after it would be a relapse. */
  readonly steppedBackMs: number | null;
  readonly watched: Watched;
}

export interface GuardMove {
  readonly from: Rung;
  readonly to: Rung;
  readonly reason: GuardReason;
}

export interface Decision {
  readonly state: GuardState;
  readonly change: GuardMove | null;
}

/** A sample, and the steps that change something of the present picture (see `stepsFor`). */
export interface GuardInput {
  readonly sample: GuardSample;
  readonly steps: readonly ReducedRung[];
}

export const atEase: GuardState = {
  rung: "normal",
  sinceMs: null,
  reason: null,
  causes: [],
  calmSinceMs: null,
  relapses: 0,
  steppedBackMs: null,
  watched: nothingWatched,
};

/** A step up so soon after a step back is a relapse. */
const relapseMs = 5 * 60_000;
/** Normal for so long: relapses are forgotten. */
const forgetMs = 30 * 60_000;
/** A cause that is unknown for so long counts as absent. */
const holdMs = 5 * 60_000;
const longestBackMs = 10 * 60_000;

export function decide(
  before: GuardState,
  { sample, steps }: GuardInput,
  limits: GuardLimits,
  nowMs: number,
): Decision {
  const isFirst = before.sinceMs === null;
  const watched = watch(before.watched, sample, limits, nowMs);
  const looked: GuardState = { ...before, sinceMs: before.sinceMs ?? nowMs, watched };
  const pressing = figures.filter((figure) => presses(figure, watched.standings[figure], nowMs));
  const causes = looked.rung === "normal" ? [] : figures.filter((one) => [...looked.causes, ...pressing].includes(one));
  const calm = figures.every((figure) => isCalm(figure, { ...looked, causes }, nowMs));
  const state = { ...looked, causes, calmSinceMs: calm ? (looked.calmSinceMs ?? nowMs) : null };
  const move =
    hardStop(state, sample, limits, { nowMs, isFirst }) ??
    stepUp(state, pressing, { steps, limits, nowMs }) ??
    stepBack(state, { steps, limits, nowMs });
  return move === null ? { state, change: null } : { state: moved(state, move, nowMs), change: move };
}

/** Time in ms until one step back if the figures stay calm; null while they are not, and at `normal`. */
export function backInMs(state: GuardState, limits: GuardLimits, nowMs: number): number | null {
  if (state.rung === "normal" || state.calmSinceMs === null) return null;
  return Math.max(0, state.calmSinceMs + backMsOf(state, limits) - nowMs);
}

interface Moment {
  readonly steps: readonly ReducedRung[];
  readonly limits: GuardLimits;
  readonly nowMs: number;
}

/** The very first sample needs no time: nothing runs yet, so nothing is lost by waiting. */
function hardStop(
  { rung, watched: { hot, standings } }: GuardState,
  { temperatureC }: GuardSample,
  { temperatureStopC, stopSeconds }: GuardLimits,
  { nowMs, isFirst }: { readonly nowMs: number; readonly isFirst: boolean },
): GuardMove | null {
  if (rung === "stopped" || hot === null || temperatureC === null) return null;
  if (!isFirst && nowMs - hot.sinceMs < stopSeconds * 1000) return null;
  const reason = reasonUp("temperature", standings.temperature, "stopped", temperatureStopC);
  return { from: rung, to: "stopped", reason };
}

function stepUp(state: GuardState, pressing: readonly Figure[], moment: Moment): GuardMove | null {
  const { rung, watched } = state;
  if (rung === "stopped") return null;
  const next = moment.steps.find((step) => rankOf(step) > rankOf(rung));
  const figure = pressing.find((one) => mayLift(one, state, next === undefined, moment));
  if (figure === undefined) return null;
  const to = next ?? "stopped";
  return { from: rung, to, reason: reasonUp(figure, watched.standings[figure], to) };
}

/** Whether a figure that presses has given the last step its time. Only overload stops the picture below the hard limit. */
function mayLift(figure: Figure, state: GuardState, isLast: boolean, { limits, nowMs }: Moment): boolean {
  const sinceMs = state.sinceMs ?? nowMs;
  const isMean = figure === "cpu" || figure === "memory";
  if (isLast && !isMean) return false;
  // The first step needs no wait of its own; a later one, and a mean, only counts what came after the change before it.
  const waitMs = Math.max(limits.stepSeconds, isMean ? limits.cpuSeconds : 0) * 1000;
  const isUntouched = state.rung === "normal" && state.steppedBackMs === null;
  if (!isUntouched && nowMs - sinceMs < waitMs) return false;
  if (!isLast) return true;
  const overSinceMs = Math.max(sinceMs, state.watched.standings[figure].over?.sinceMs ?? nowMs);
  return nowMs - overSinceMs >= limits.lastStepSeconds * 1000;
}

function stepBack(state: GuardState, { steps, limits, nowMs }: Moment): GuardMove | null {
  if (backInMs(state, limits, nowMs) !== 0) return null;
  const { rung, watched, reason } = state;
  const to = steps.findLast((step) => rankOf(step) < rankOf(rung)) ?? "normal";
  const figure = reason?.figure ?? "temperature";
  return { from: rung, to, reason: reasonBack(figure, watched.standings[figure], to) };
}

/** A figure that never was known has no say; one that led here must be known to be calm, for a while at least. */
function isCalm(figure: Figure, { causes, watched }: GuardState, nowMs: number): boolean {
  const { verdict, knownMs } = watched.standings[figure];
  if (verdict !== "unknown") return verdict === "calm";
  return !causes.includes(figure) || nowMs - (knownMs ?? nowMs) > holdMs;
}

function moved(state: GuardState, { from, to, reason }: GuardMove, nowMs: number): GuardState {
  const next = { ...state, rung: to, sinceMs: nowMs, calmSinceMs: null };
  if (rankOf(to) < rankOf(from)) {
    const isNormal = to === "normal";
    return {
      ...next,
      reason: isNormal ? null : reason,
      causes: isNormal ? [] : state.causes,
      steppedBackMs: nowMs,
    };
  }
  const causes = [...new Set([...state.causes, reason.figure])];
  return { ...next, reason, causes, steppedBackMs: null, relapses: relapsesAfter(state, nowMs) };
}

/** At a step up: one more where the last step back came to nothing. */
function relapsesAfter({ rung, relapses, steppedBackMs, sinceMs }: GuardState, nowMs: number): number {
  if (steppedBackMs !== null && nowMs - steppedBackMs <= relapseMs) return relapses + 1;
  return rung === "normal" && nowMs - (sinceMs ?? nowMs) >= forgetMs ? 0 : relapses;
}

function backMsOf({ relapses }: GuardState, { backSeconds }: GuardLimits): number {
  const base = backSeconds * 1000;
  return Math.min(base * 2 ** relapses, Math.max(base, longestBackMs));
}
