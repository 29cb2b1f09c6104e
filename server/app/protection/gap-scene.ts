/** What keeps the picture away at this moment, for the gap ledger: from the switcher, the guard and the drills. Pure. */
import type { Cause } from "../../guard/ledger/gap-causes.js";
import type { Scene } from "../../guard/ledger/gap-tracker.js";
import type { DrillName, GuardView } from "../../http/wire-protection.js";
import type { Mode } from "../../http/wire.js";
import { targetOf, type Run, type SwitchState } from "../../switch/machine.js";
import type { Trigger } from "../../switch/switch-types.js";

export interface SceneFacts {
  readonly mode: Mode;
  readonly state: SwitchState;
  readonly guard: Pick<GuardView, "level" | "reason">;
  /** Nobody watches, so no picture is wanted. */
  readonly resting: boolean;
  /** The drill that breaks something now. */
  readonly drill: DrillName | null;
  /** Why no media can be published, if so. */
  readonly publishProblem: string | null;
}

export function sceneOf(facts: SceneFacts): Scene {
  if (facts.mode === "off") return { kind: "off" };
  const camera = cameraOf(facts.state);
  return { kind: "on", camera, cause: causeOf(facts, camera) };
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
