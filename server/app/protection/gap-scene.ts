/** What keeps the picture away at this moment, for the gap ledger: from the switcher, the guard and the drills. Pure. */
import { allowsDual } from "../../guard/ladder.js";
import type { Cause } from "../../guard/ledger/gap-causes.js";
import type { Scene } from "../../guard/ledger/gap-tracker.js";
import type { DrillName, GuardView } from "../../http/wire-protection.js";
import type { Mode } from "../../http/wire.js";
import { targetOf, type Run, type SwitchState } from "../../switch/machine.js";
import type { Trigger } from "../../switch/switch-types.js";

export interface SceneFacts {
  readonly mode: Mode;
  readonly state: SwitchState;
  readonly guard: Pick<GuardView, "level" | "rung" | "reason">;
  /** Nobody watches, so no picture is wanted. */
  readonly resting: boolean;
  /** The drill that breaks something now. */
  readonly drill: DrillName | null;
  /** Why no media can be published, if so. */
  readonly publishProblem: string | null;
}

/** Of the channel `main`. Where it follows a camera of dual mode, that one's state may say more. */
export function sceneOf(facts: SceneFacts, followed: SwitchState | null = null): Scene {
  if (facts.mode === "off") return { kind: "off" };
  const looksAfterItself = facts.state.kind === "idle" && followed !== null && followed.kind !== "off";
  const state = looksAfterItself ? followed : facts.state;
  return sceneOn({ ...facts, state }, cameraOf(state));
}

/**
 * Of a camera's own channel, which is wanted as long as dual mode is, whether it is in force or not. `state` is that of
 * `main`, `own` that of the camera.
 */
export function ownSceneOf(facts: SceneFacts, own: SwitchState, camera: number): Scene {
  if (facts.mode !== "dual") return { kind: "off" };
  if (own.kind !== "off") return sceneOn({ ...facts, state: own }, camera);
  const { kind, cause } = sceneOn(facts, camera);
  return { kind, camera, cause: cause ?? whyNotDual(facts, camera) };
}

type SceneOn = Extract<Scene, { kind: "on" }>;

const sceneOn = (facts: SceneFacts, camera: number | null): SceneOn => ({
  kind: "on",
  camera,
  cause: causeOf(facts, camera),
});

function whyNotDual({ guard: { rung, reason } }: SceneFacts, camera: number): Cause {
  const isGuards = !allowsDual(rung) && reason !== null;
  return isGuards
    ? { code: "guardSingle", message: reason.message, planned: false, camera }
    : { code: "notLive", message: "Dual mode is wanted and not in force yet.", planned: false, camera };
}

function cameraOf(state: SwitchState): number | null {
  switch (state.kind) {
    case "off":
      return null;
    case "idle":
      return state.live;
    case "switching":
      return targetOf(state.run);
    case "recovering":
      return state.run === null ? state.preferred : targetOf(state.run);
  }
}

function causeOf({ state, guard, resting, drill, publishProblem }: SceneFacts, camera: number | null): Cause | null {
  if (drill !== null) return { code: "drill", message: `The drill ${drill} was running.`, planned: true, camera };
  if (guard.level === "stopped") {
    const message = guard.reason?.message ?? "The guard has stopped the picture.";
    return { code: "guardStopped", message, planned: false, camera };
  }
  if (resting) return { code: "resting", message: "Nobody watched, so the cameras rested.", planned: true, camera };
  switch (state.kind) {
    case "off":
      return { code: "serviceStarted", message: "The service was starting.", planned: true, camera };
    case "switching":
      return causeOfRun(state.run);
    case "recovering":
      return { ...state.reason, planned: false, camera: state.preferred };
    case "idle":
      return publishProblem === null
        ? null
        : { code: "publishFailed", message: publishProblem, planned: false, camera };
  }
}

/** A switch that fails was asked for, but not its failure. */
function causeOfRun({ request, failure }: Run): Cause {
  const { trigger, to } = request;
  if (failure !== null) {
    const message = `The switch to camera ${to ?? "none"} failed: ${failure.message}`;
    return { code: failure.code, message, planned: false, camera: to };
  }
  const code = trigger === "start" ? "serviceStarted" : trigger === "idle" ? "resting" : "switch";
  return { code, message: `${whoAsked[trigger]} camera ${to ?? "none"}.`, planned: true, camera: to };
}

const whoAsked: Record<Trigger, string> = {
  start: "The service started with",
  user: "Somebody switched to",
  rotation: "The rotation switched to",
  profile: "New settings started anew",
  mode: "The cameras were turned on with",
  recovery: "The recovery tried",
  guard: "The guard changed the picture of",
  drill: "A drill switched to",
  idle: "Somebody watched again, which woke",
};
