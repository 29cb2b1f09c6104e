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
  /** Another playlist of the same camera is wanted instead. */
  | { readonly kind: "moved" }
  | { readonly kind: "shown" }
  | { readonly kind: "failed"; readonly recovery: Recovery }
  | { readonly kind: "refused" }
  | { readonly kind: "pressed" }
  /** Nobody sees the page for a while. */
  | { readonly kind: "unseen" }
  /** The page was asleep or unseen, the network came back, or the service answers again. */
  | { readonly kind: "woke" }
  /** `newerMedia`: there are media newer than the picture. */
  | { readonly kind: "tick"; readonly newerMedia: boolean };

/** `close` keeps the last picture on the page, `clear` removes it. */
export type PlayerEffect = "open" | "close" | "clear" | "jump" | "recoverMedia" | "play";

export interface Decision {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

/**
 * Means against a picture that stands still, by the time it stands; `recreate` ends the run. While the service itself
 * gives nothing newer, a new run would only show the same last moment again: then it comes late.
 */
const stallSteps = [
  { afterMs: 1500, means: "jump", onlyWithNewerMedia: false },
  { afterMs: 4000, means: "recreate", onlyWithNewerMedia: true },
  { afterMs: 12_000, means: "recreate", onlyWithNewerMedia: false },
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
    case "moved":
      return { state: initialPlayer, effects: state.kind === "idle" ? [] : ["close"] };
    case "shown":
      return onShown(state, nowMs);
    case "failed":
      return onFailed(state, event.recovery, nowMs);
    case "refused":
      return state.kind === "starting" ? stay({ ...state, kind: "refused" }) : stay(state);
    case "pressed":
      return state.kind === "refused" ? retry(state, nowMs) : stay(state);
    case "unseen":
      return onUnseen(state);
    case "woke":
      return onWoke(state, nowMs);
    case "tick":
      return onTick(state, event.newerMedia, nowMs);
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

/** Rests until the page is seen again. */
function onUnseen(state: PlayerState): Decision {
  if (state.kind === "idle") return stay(state);
  const effects: PlayerEffect[] = state.kind === "resting" ? [] : ["close"];
  return { state: { kind: "resting", attempt: 0, untilMs: Infinity }, effects };
}

function reopen(nowMs: number): Decision {
  const { state } = open(0, nowMs);
  return { state, effects: ["close", "open"] };
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

function onWoke(state: PlayerState, nowMs: number): Decision {
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
      return nowMs - state.lastShownMs > sleptMs ? reopen(nowMs) : stay({ ...state, lastShownMs: nowMs });
  }
}

function onTick(state: PlayerState, newerMedia: boolean, nowMs: number): Decision {
  switch (state.kind) {
    case "idle":
    case "refused":
      return stay(state);
    case "starting":
      return nowMs - state.openedMs > startMs ? giveUp(state, nowMs) : stay(state);
    case "resting":
      return nowMs >= state.untilMs ? open(state.attempt, nowMs) : stay(state);
    case "playing":
      return nextMeans({ ...state, kind: "stalled", tried: 0, frames: 0 }, state, newerMedia, nowMs);
    case "stalled":
      return nextMeans(state, state, newerMedia, nowMs);
  }
}

function nextMeans(
  stalled: PlayerState & { kind: "stalled" },
  otherwise: PlayerState,
  newerMedia: boolean,
  nowMs: number,
): Decision {
  const stoodMs = nowMs - stalled.lastShownMs;
  const due = stallSteps.findIndex(
    (step, index) => index >= stalled.tried && stoodMs >= step.afterMs && (newerMedia || !step.onlyWithNewerMedia),
  );
  const step = stallSteps[due];
  if (step === undefined) return stay(otherwise);
  if (step.means === "recreate") return giveUp(stalled, nowMs);
  return { state: { ...stalled, tried: due + 1, frames: 0 }, effects: ["jump", "play"] };
}
