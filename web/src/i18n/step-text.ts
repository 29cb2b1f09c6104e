import type { Receipt, SwitchStep } from "../../../server/http/wire.js";
import type { Dictionary } from "./dictionary.js";

export function stepText(text: Dictionary, step: SwitchStep): string {
  const names: Record<SwitchStep, string> = {
    prepare: text.stepPrepare,
    stop: text.stepStop,
    drain: text.stepDrain,
    start: text.stepStart,
    handOver: text.stepHandOver,
    verify: text.stepVerify,
    commit: text.stepCommit,
  };
  return names[step];
}

export function triggerText(text: Dictionary, trigger: Receipt["trigger"]): string {
  const names: Record<Receipt["trigger"], string> = {
    start: text.triggerStart,
    user: text.triggerUser,
    rotation: text.triggerRotation,
    profile: text.triggerProfile,
    mode: text.triggerMode,
    recovery: text.triggerRecovery,
    guard: text.triggerGuard,
    drill: text.triggerDrill,
    idle: text.triggerIdle,
  };
  return names[trigger];
}

export function outcomeText(text: Dictionary, outcome: Receipt["outcome"]): string {
  switch (outcome) {
    case null:
      return text.outcomeOpen;
    case "committed":
      return text.outcomeCommitted;
    case "rolledBack":
      return text.outcomeRolledBack;
    case "failed":
      return text.outcomeFailed;
  }
}
