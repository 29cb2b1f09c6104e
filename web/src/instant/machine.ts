/**
 * Decisions of the instant view, pure. One connection after the other, with a pause between them that grows, for ever;
 * only an answer that more tries would not change ends them: a person is told, and some time later the other view comes.
 */
import type { ViewersFullProblem } from "../../../server/http/wire-live.js";
import { retryDelayMs } from "../state/retry-delay.js";

/** The service's answer that there is no stream for this page. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** Who has the places, when they are all taken. */
  readonly holders: readonly Holder[];
}

/** Of a place: its address, and for how many milliseconds. */
export type Holder = ViewersFullProblem["holders"][number];

/** The present connection. */
interface Run {
  /** Connections that failed in a row before this one. */
  readonly attempt: number;
  readonly openedMs: number;
  /** The newest new frame, or the opening while there was none. */
  readonly aliveMs: number;
  /** When the service was last asked why no frame comes. */
  readonly askedMs: number;
}

export type InstantState =
  /** Nothing to show. */
  | { readonly kind: "idle" }
  /** No frame of this connection was drawn yet. */
  | ({ readonly kind: "starting" } & Run)
  | ({ readonly kind: "playing" } & Run)
  /** Between two connections; until the page is seen again, without an end. */
  | { readonly kind: "resting"; readonly attempt: number; readonly untilMs: number }
  | { readonly kind: "turnedAway"; readonly refusal: Refusal; readonly untilMs: number };

export type InstantEvent =
  | { readonly kind: "wanted" }
  | { readonly kind: "unwanted" }
  /** A frame that is newer than all before is on the screen. */
  | { readonly kind: "drawn" }
  | { readonly kind: "ended" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** What the service said when asked: it has a fresh frame, it has none, or it did not answer. */
  | { readonly kind: "asked"; readonly answer: "fresh" | "none" | "unreachable" }
  | { readonly kind: "hidden" }
  | { readonly kind: "woke" }
  | { readonly kind: "tick" };

/** `close` keeps the last picture, `clear` removes it; `fallBack` asks for the other view. */
export type InstantEffect = "open" | "close" | "clear" | "ask" | "fallBack";

export interface InstantDecision {
  readonly state: InstantState;
  readonly effects: readonly InstantEffect[];
}

/**
 * While frames come they are the heartbeat. Without one for so long the service is asked, and again after each such time
 * (C2).
 */
const askMs = 2000;
/** A connection that brings nothing for so long, although the service has a fresh frame, is dead. */
const deadMs = 4000;
/** A connection that was good for so long clears the count of failures. */
const goodMs = 10_000;
/** Time to read why there is no instant view, before the other one comes by itself. */
const tellMs = 12_000;

export const initialInstant: InstantState = { kind: "idle" };

export function decideInstant(state: InstantState, event: InstantEvent, nowMs: number): InstantDecision {
  switch (event.kind) {
    case "wanted":
      return state.kind === "idle" ? open(0, nowMs) : stay(state);
    case "unwanted":
      return { state: initialInstant, effects: state.kind === "idle" ? [] : ["clear"] };
    case "drawn":
      return isOpen(state) ? stay(afterFrame(state, nowMs)) : stay(state);
    case "ended":
      return isOpen(state) ? rest(state.attempt, nowMs) : stay(state);
    case "refused":
      return onRefused(state, event.refusal, nowMs);
    case "asked":
      return onAsked(state, event.answer, nowMs);
    case "hidden":
      return onHidden(state);
    case "woke":
      return onWoke(state, nowMs);
    case "tick":
      return onTick(state, nowMs);
  }
}

type Open = InstantState & Run;

const isOpen = (state: InstantState): state is Open => state.kind === "starting" || state.kind === "playing";

const stay = (state: InstantState): InstantDecision => ({ state, effects: [] });

function open(attempt: number, nowMs: number): InstantDecision {
  const state = { kind: "starting", attempt, openedMs: nowMs, aliveMs: nowMs, askedMs: nowMs } as const;
  return { state, effects: ["open"] };
}

function rest(attempt: number, nowMs: number): InstantDecision {
  const untilMs = nowMs + retryDelayMs(attempt);
  return { state: { kind: "resting", attempt: attempt + 1, untilMs }, effects: ["close"] };
}

function afterFrame(state: Open, nowMs: number): InstantState {
  const attempt = nowMs - state.openedMs > goodMs ? 0 : state.attempt;
  return { ...state, kind: "playing", attempt, aliveMs: nowMs };
}

function onRefused(state: InstantState, refusal: Refusal, nowMs: number): InstantDecision {
  if (!isOpen(state)) return stay(state);
  return { state: { kind: "turnedAway", refusal, untilMs: nowMs + tellMs }, effects: ["close"] };
}

/** Where the service has no frame itself, another connection would bring none either. */
function onAsked(state: InstantState, answer: "fresh" | "none" | "unreachable", nowMs: number): InstantDecision {
  if (!isOpen(state) || nowMs - state.aliveMs < askMs) return stay(state);
  const dead = answer === "unreachable" || (answer === "fresh" && nowMs - state.aliveMs >= deadMs);
  return dead ? rest(state.attempt, nowMs) : stay(state);
}

/** A browser has six connections to one place: a page that nobody sees holds none of them. */
function onHidden(state: InstantState): InstantDecision {
  if (state.kind === "idle") return stay(state);
  return { state: { kind: "resting", attempt: 0, untilMs: Infinity }, effects: isOpen(state) ? ["close"] : [] };
}

function onWoke(state: InstantState, nowMs: number): InstantDecision {
  if (state.kind === "resting") return open(0, nowMs);
  if (!isOpen(state) || nowMs - state.aliveMs < deadMs) return stay(state);
  return { state: open(0, nowMs).state, effects: ["close", "open"] };
}

function onTick(state: InstantState, nowMs: number): InstantDecision {
  switch (state.kind) {
    case "idle":
      return stay(state);
    case "resting":
      return nowMs >= state.untilMs ? open(state.attempt, nowMs) : stay(state);
    case "turnedAway":
      return nowMs >= state.untilMs ? { state: { ...state, untilMs: Infinity }, effects: ["fallBack"] } : stay(state);
    case "starting":
    case "playing":
      if (nowMs - Math.max(state.aliveMs, state.askedMs) < askMs) return stay(state);
      return { state: { ...state, askedMs: nowMs }, effects: ["ask"] };
  }
}
