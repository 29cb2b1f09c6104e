/**
 * The player's decisions, pure. One run of an engine after the other, with a pause between them that grows, for ever;
 * within a run, a picture that stands still is answered by stronger and stronger means.
 */
import { retryDelayMs } from "../state/retry-delay.js";
import type { Recovery } from "./engine.js";

/** The engine's present run. */
interface Run {
  /** Runs that failed in a row before this one. */
  readonly attempt: number;
  readonly openedMs: number;
  readonly recoveredMs: number | null;
}

export type PlayerState =
  /** Nothing to play. */
  | { readonly kind: "idle" }
  /** No frame of this run was shown yet. */
  | ({ readonly kind: "starting" } & Run)
  | ({ readonly kind: "playing"; readonly lastShownMs: number } & Run)
  /** No new frame for a while; `tried` of the means against it were used, and `frames` came since the last of them. */
  | ({
      readonly kind: "stalled";
      readonly lastShownMs: number;
      readonly tried: number;
      readonly frames: number;
    } & Run)
  /** Between two runs. */
  | { readonly kind: "resting"; readonly attempt: number; readonly untilMs: number }
  /** The browser wants a person's touch before it plays. */
  | ({ readonly kind: "refused" } & Run);

export type PlayerEvent =
  | { readonly kind: "wanted" }
  | { readonly kind: "unwanted" }
  | { readonly kind: "shown" }
  | { readonly kind: "failed"; readonly recovery: Recovery }
  | { readonly kind: "refused" }
  | { readonly kind: "pressed" }
  /**
   * The page was asleep or unseen, the network came back, or the service answers again. `rested`: the engine was told
   * to load no more.
   */
  | { readonly kind: "woke"; readonly rested: boolean }
  | { readonly kind: "tick" };

/** `close` keeps the last picture on the page, `clear` removes it. */
export type PlayerEffect = "open" | "close" | "clear" | "jump" | "reload" | "recoverMedia" | "play";

export interface Decision {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

/** Means against a picture that stands still, by the time it stands. The last one ends the run. */
const stallSteps = [
  { afterMs: 1500, effect: "jump" },
  { afterMs: 4000, effect: "reload" },
  { afterMs: 8000, effect: "recreate" },
] as const;

/** A stall is over when so many frames came: a jump alone shows one, even if none follows it. */
const enoughFrames = 5;

/** A run that shows nothing for so long is given up. */
const startMs = 10_000;
/** A run that was good for so long clears the count of failures. */
const goodMs = 10_000;
/** A second media error within this time after a reset of the buffers ends the run. */
const recoverAgainMs = 10_000;

/** A picture that stood for so long when the page woke: the machine slept, and connections of then are dead. */
const sleptMs = 15_000;

export const initialPlayer: PlayerState = { kind: "idle" };

export function decide(state: PlayerState, event: PlayerEvent, nowMs: number): Decision {
  switch (event.kind) {
    case "wanted":
      return state.kind === "idle" ? open(0, nowMs) : stay(state);
    case "unwanted":
      return { state: initialPlayer, effects: state.kind === "idle" ? [] : ["clear"] };
    case "shown":
      return onShown(state, nowMs);
    case "failed":
      return onFailed(state, event.recovery, nowMs);
    case "refused":
      return state.kind === "starting" ? stay({ ...state, kind: "refused" }) : stay(state);
    case "pressed":
      return state.kind === "refused" ? retry(state, nowMs) : stay(state);
    case "woke":
      return onWoke(state, event.rested, nowMs);
    case "tick":
      return onTick(state, nowMs);
  }
}

const stay = (state: PlayerState): Decision => ({ state, effects: [] });

function open(attempt: number, nowMs: number): Decision {
  return { state: { kind: "starting", attempt, openedMs: nowMs, recoveredMs: null }, effects: ["open"] };
}

function retry(run: Run, nowMs: number): Decision {
  const { attempt, recoveredMs } = run;
  return { state: { kind: "starting", attempt, openedMs: nowMs, recoveredMs }, effects: ["jump", "play"] };
}

function giveUp(run: Run, nowMs: number): Decision {
  const { attempt } = run;
  return {
    state: { kind: "resting", attempt: attempt + 1, untilMs: nowMs + retryDelayMs(attempt) },
    effects: ["close"],
  };
}

function onShown(state: PlayerState, nowMs: number): Decision {
  if (state.kind === "idle" || state.kind === "resting") return stay(state);
  if (state.kind === "stalled" && state.frames + 1 < enoughFrames) return stay({ ...state, frames: state.frames + 1 });
  const { openedMs, recoveredMs } = state;
  const attempt = nowMs - openedMs > goodMs ? 0 : state.attempt;
  return stay({ kind: "playing", lastShownMs: nowMs, attempt, openedMs, recoveredMs });
}

function onFailed(state: PlayerState, recovery: Recovery, nowMs: number): Decision {
  if (state.kind === "idle" || state.kind === "resting") return stay(state);
  switch (recovery) {
    case "jump":
      return { state, effects: ["jump"] };
    case "recreate":
      return giveUp(state, nowMs);
    case "recoverMedia":
      if (state.recoveredMs !== null && nowMs - state.recoveredMs < recoverAgainMs) return giveUp(state, nowMs);
      return { state: { ...state, recoveredMs: nowMs }, effects: ["recoverMedia", "play"] };
  }
}

function onWoke(state: PlayerState, rested: boolean, nowMs: number): Decision {
  switch (state.kind) {
    case "idle":
    case "refused":
      return stay(state);
    case "starting":
      return stay({ ...state, openedMs: nowMs });
    case "resting":
      return open(0, nowMs);
    case "playing":
    case "stalled":
      return afterSleep(state, rested || nowMs - state.lastShownMs > sleptMs, nowMs);
  }
}

/**
 * The time asleep is no stall: its clock begins anew. After a long one the engine loads anew as well, without a jump:
 * where the newest media are is known again after that.
 */
function afterSleep(state: PlayerState & { kind: "playing" | "stalled" }, slept: boolean, nowMs: number): Decision {
  if (!slept) return stay({ ...state, lastShownMs: nowMs });
  return {
    state: { ...state, kind: "stalled", lastShownMs: nowMs, tried: 1, frames: 0 },
    effects: ["reload", "play"],
  };
}

function onTick(state: PlayerState, nowMs: number): Decision {
  switch (state.kind) {
    case "idle":
    case "refused":
      return stay(state);
    case "starting":
      return nowMs - state.openedMs > startMs ? giveUp(state, nowMs) : stay(state);
    case "resting":
      return nowMs >= state.untilMs ? open(state.attempt, nowMs) : stay(state);
    case "playing":
      return nextMeans({ ...state, kind: "stalled", tried: 0, frames: 0 }, state, nowMs);
    case "stalled":
      return nextMeans(state, state, nowMs);
  }
}

function nextMeans(stalled: PlayerState & { kind: "stalled" }, otherwise: PlayerState, nowMs: number): Decision {
  const step = stallSteps[stalled.tried];
  if (step === undefined || nowMs - stalled.lastShownMs < step.afterMs) return stay(otherwise);
  if (step.effect === "recreate") return giveUp(stalled, nowMs);
  const effects: PlayerEffect[] = step.effect === "reload" ? ["reload", "jump", "play"] : ["jump", "play"];
  return { state: { ...stalled, tried: stalled.tried + 1, frames: 0 }, effects };
}
