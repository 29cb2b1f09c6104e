/**
 * The switch as a pure machine: `reduce` takes a state and what happened, and says the next state and what is to be
 * done. It knows no process, no file and no clock; `CameraSwitcher` does the effects and reports what came of them.
 *
 * Order of a switch: prepare → stop → drain → start → handOver → verify → commit. A failure from `start` on turns it
 * round: the same steps to the former camera. A camera that can not be stopped or drained is the broken one, so the
 * switch goes forward. Whatever is left without a picture is recovered, for ever.
 */
import { recoveryDelayMs, recoveryTurn } from "./recovery.js";
import type { Reason, Step, SwitchRequest, Target } from "./switch-types.js";

/** One attempt to bring a camera (or none) live. Recovery attempts have no receipt. */
export interface Run {
  readonly request: SwitchRequest;
  /** What was live before; null when nothing was, or when it broke while it was stopped. */
  readonly from: Target;
  readonly direction: "forward" | "back";
  readonly step: Step;
  /** Why it turned round. */
  readonly failure: Reason | null;
  readonly deadlinePassed: boolean;
  /** Counts attempts of recovery; 0 for a switch. */
  readonly attempt: number;
}

export type SwitchState =
  | { readonly kind: "off" }
  | { readonly kind: "idle"; readonly live: number; readonly sinceMs: number; readonly attempts: number }
  | { readonly kind: "switching"; readonly run: Run; readonly waiting: SwitchRequest | null }
  | {
      readonly kind: "recovering";
      readonly attempt: number;
      readonly preferred: number;
      readonly reason: Reason;
      readonly run: Run | null;
      readonly waiting: SwitchRequest | null;
    };

export type SwitchEvent =
  | { readonly kind: "requested"; readonly request: SwitchRequest }
  | { readonly kind: "stepDone" }
  | { readonly kind: "stepFailed"; readonly reason: Reason }
  | { readonly kind: "deadlinePassed" }
  | { readonly kind: "sourceLost"; readonly reason: Reason }
  /** Another switcher's live camera is this one's from now on, or the other way round: nothing is started or stopped. */
  | { readonly kind: "adopted"; readonly live: number }
  | { readonly kind: "givenAway" }
  | { readonly kind: "retryDue"; readonly usable: readonly number[] };

export type SwitchEffect =
  | { readonly kind: "begin"; readonly run: Run }
  | { readonly kind: "runStep"; readonly run: Run; readonly camera: Target }
  | { readonly kind: "abortStep"; readonly reason: Reason }
  | {
      readonly kind: "complete";
      readonly run: Run;
      readonly outcome: "committed" | "rolledBack" | "failed";
      readonly live: Target;
      readonly reason: Reason | null;
    }
  | { readonly kind: "supersede"; readonly request: SwitchRequest }
  | { readonly kind: "answerAlreadyLive"; readonly request: SwitchRequest; readonly live: Target }
  | { readonly kind: "scheduleRetry"; readonly ms: number }
  | { readonly kind: "cancelRetry" }
  | { readonly kind: "watch"; readonly camera: number };

export interface Transition {
  readonly state: SwitchState;
  readonly effects: readonly SwitchEffect[];
}

/** Steps on the way to a camera. `stop` stops whatever source runs, also one that a failed attempt left behind (I1). */
const toCamera: readonly Step[] = ["prepare", "stop", "drain", "start", "handOver", "verify", "commit"];
const toOff: readonly Step[] = ["stop", "drain", "handOver", "commit"];

/** A source that lived so long was sound: the next loss of it starts the back-off anew. */
const soundAfterMs = 30_000;
const deadlineReason: Reason = { code: "deadline", message: "The switch was not committed within its deadline." };

const stepsOf = (run: Run): readonly Step[] => (targetOf(run) === null ? toOff : toCamera);

/** The camera a run is bringing live at present. */
export function targetOf(run: Run): Target {
  return run.direction === "forward" ? run.request.to : run.from;
}

export function reduce(state: SwitchState, event: SwitchEvent, nowMs: number): Transition {
  switch (event.kind) {
    case "requested":
      return onRequest(state, event.request);
    case "stepDone":
      return onStepDone(state, nowMs);
    case "stepFailed":
      return onStepFailed(state, event.reason, nowMs);
    case "deadlinePassed":
      return onDeadline(state);
    case "sourceLost":
      return onSourceLost(state, event.reason, nowMs);
    case "adopted":
      return onAdopted(state, event.live, nowMs);
    case "givenAway":
      return state.kind === "idle" ? { state: { kind: "off" }, effects: [] } : unchanged(state);
    case "retryDue":
      return onRetry(state, event.usable);
  }
}

const unchanged = (state: SwitchState): Transition => ({ state, effects: [] });

function runOf(state: SwitchState): Run | null {
  return state.kind === "switching" || state.kind === "recovering" ? state.run : null;
}

function withRun(state: SwitchState, run: Run): SwitchState {
  return state.kind === "switching" || state.kind === "recovering" ? { ...state, run } : state;
}

// ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

function onRequest(state: SwitchState, request: SwitchRequest): Transition {
  switch (state.kind) {
    case "off":
      return request.to === null ? alreadyLive(state, request, null) : begin(request, null);
    case "idle":
      return request.to === state.live && !request.reload
        ? alreadyLive(state, request, state.live)
        : begin(request.mode === undefined ? request : { ...request, to: keepsLive(request, state.live) }, state.live);
    case "switching":
      return wait(state, request);
    case "recovering": {
      if (state.run !== null) return wait(state, request);
      const started = begin(request, null);
      return { ...started, effects: [{ kind: "cancelRetry" }, ...started.effects] };
    }
  }
}

/** A change of mode keeps whichever camera is live when its turn comes. */
const keepsLive = ({ to }: SwitchRequest, live: number): Target => (to === null ? null : live);

const alreadyLive = (state: SwitchState, request: SwitchRequest, live: Target): Transition => ({
  state,
  effects: [{ kind: "answerAlreadyLive", request, live }],
});

/** Newest wins: the request that waits behind a run is replaced. The running step is never interrupted. */
function wait(state: Extract<SwitchState, { waiting: unknown }>, request: SwitchRequest): Transition {
  const effects: SwitchEffect[] = state.waiting === null ? [] : [{ kind: "supersede", request: state.waiting }];
  return { state: { ...state, waiting: request }, effects };
}

function begin(request: SwitchRequest, from: Target): Transition {
  const run = newRun(request, from, 0);
  return {
    state: { kind: "switching", run, waiting: null },
    effects: [{ kind: "begin", run }, runStep(run)],
  };
}

function newRun(request: SwitchRequest, from: Target, attempt: number): Run {
  const step: Step = request.to === null ? "stop" : "prepare";
  return { request, from, direction: "forward", step, failure: null, deadlinePassed: false, attempt };
}

const runStep = (run: Run): SwitchEffect => ({ kind: "runStep", run, camera: targetOf(run) });

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function onStepDone(state: SwitchState, nowMs: number): Transition {
  const run = runOf(state);
  if (run === null) return unchanged(state);
  if (run.step === "commit") return finish(state, run, nowMs);
  if (run.deadlinePassed && run.direction === "forward") return turnRound(state, run, deadlineReason);
  return advance(state, run);
}

function advance(state: SwitchState, run: Run): Transition {
  const steps = stepsOf(run);
  const next: Run = { ...run, step: steps[steps.indexOf(run.step) + 1] ?? "commit" };
  return { state: withRun(state, next), effects: [runStep(next)] };
}

function onStepFailed(state: SwitchState, reason: Reason, nowMs: number): Transition {
  const run = runOf(state);
  if (run === null) return unchanged(state);
  // The picture is there: that it could not be written down is logged by the step, and undoes nothing.
  if (run.step === "commit") return finish(state, run, nowMs);
  if (run.step === "stop" || run.step === "drain") return leaveBroken(state, run);
  if (targetOf(run) === null) return advance(state, run);
  return run.direction === "back" ? giveUp(state, run, run.failure ?? reason) : turnRound(state, run, reason);
}

/** What will not stop or let go is broken: there is no way back to it, and the switch goes on without it. */
function leaveBroken(state: SwitchState, run: Run): Transition {
  return advance(state, run.direction === "forward" ? { ...run, from: null } : run);
}

function turnRound(state: SwitchState, run: Run, reason: Reason): Transition {
  const failure = run.deadlinePassed ? deadlineReason : reason;
  if (run.from === null) return giveUp(state, run, failure);
  // Where only `prepare` failed nothing was touched: the former camera is still live.
  const step: Step = run.step === "prepare" ? "commit" : "prepare";
  const back: Run = { ...run, direction: "back", failure, step };
  return { state: withRun(state, back), effects: [runStep(back)] };
}

function onDeadline(state: SwitchState): Transition {
  const run = runOf(state);
  if (run === null || run.direction === "back" || run.step === "commit") return unchanged(state);
  if (run.request.to === null) return unchanged(state);
  const late: Run = { ...run, deadlinePassed: true };
  const abortable = run.step === "prepare" || run.step === "start" || run.step === "handOver" || run.step === "verify";
  const effects: SwitchEffect[] = abortable ? [{ kind: "abortStep", reason: deadlineReason }] : [];
  return { state: withRun(state, late), effects };
}

// ── ends ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function finish(state: SwitchState, run: Run, nowMs: number): Transition {
  const live = targetOf(run);
  const attempts = run.request.trigger === "recovery" ? run.attempt + 1 : 0;
  const settled: SwitchState = live === null ? { kind: "off" } : { kind: "idle", live, sinceMs: nowMs, attempts };
  const effects: SwitchEffect[] = [
    {
      kind: "complete",
      run,
      outcome: run.direction === "forward" ? "committed" : "rolledBack",
      live,
      reason: run.failure,
    },
  ];
  if (live !== null) effects.push({ kind: "watch", camera: live });
  return continueWith(settled, effects, waitingOf(state));
}

/** No picture is left: the waiting request is tried if there is one, else recovery begins. */
function giveUp(state: SwitchState, run: Run, reason: Reason): Transition {
  const effects: SwitchEffect[] = [{ kind: "complete", run, outcome: "failed", live: null, reason }];
  const waiting = waitingOf(state);
  const preferred = state.kind === "recovering" ? state.preferred : (run.from ?? run.request.to ?? 0);
  const attempt = run.attempt + 1;
  const recovering: SwitchState = { kind: "recovering", attempt, preferred, reason, run: null, waiting: null };
  if (waiting !== null) return continueWith(recovering, effects, waiting);
  return { state: recovering, effects: [...effects, { kind: "scheduleRetry", ms: recoveryDelayMs(attempt) }] };
}

function waitingOf(state: SwitchState): SwitchRequest | null {
  return state.kind === "switching" || state.kind === "recovering" ? state.waiting : null;
}

function continueWith(
  settled: SwitchState,
  effects: readonly SwitchEffect[],
  waiting: SwitchRequest | null,
): Transition {
  if (waiting === null) return { state: settled, effects };
  const next = onRequest(settled, waiting);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function onAdopted(state: SwitchState, live: number, nowMs: number): Transition {
  if (state.kind !== "off") return unchanged(state);
  return { state: { kind: "idle", live, sinceMs: nowMs, attempts: 0 }, effects: [{ kind: "watch", camera: live }] };
}

// ── recovery ────────────────────────────────────────────────────────────────────────────────────────────────────────

function onSourceLost(state: SwitchState, reason: Reason, nowMs: number): Transition {
  if (state.kind !== "idle") return unchanged(state);
  const sound = nowMs - state.sinceMs >= soundAfterMs;
  const attempt = sound ? 0 : state.attempts;
  return {
    state: { kind: "recovering", attempt, preferred: state.live, reason, run: null, waiting: null },
    effects: [{ kind: "scheduleRetry", ms: recoveryDelayMs(attempt) }],
  };
}

function onRetry(state: SwitchState, usable: readonly number[]): Transition {
  if (state.kind !== "recovering" || state.run !== null) return unchanged(state);
  const to = recoveryTurn(state.attempt, state.preferred, usable);
  const run = newRun({ key: 0, trigger: "recovery", to, reload: true }, null, state.attempt);
  return { state: { ...state, run }, effects: [{ kind: "begin", run }, runStep(run)] };
}
