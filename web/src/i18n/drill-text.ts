import type { DrillName, DrillResult } from "../../../server/http/wire-protection.js";
import type { DrillRefusal } from "../state/drills.js";
import type { Dictionary } from "./dictionary.js";
import { formatMs } from "./format.js";

export function drillNameText(t: Dictionary, name: DrillName): string {
  const names: Record<DrillName, string> = {
    killSource: t.drillKillSource,
    killEncoder: t.drillKillEncoder,
    freezeSource: t.drillFreezeSource,
    overheat: t.drillOverheat,
    switchUnderLoad: t.drillSwitchUnderLoad,
  };
  return names[name];
}

/** What is done for it, and how long the picture is away. */
export function drillHintText(t: Dictionary, name: DrillName): string {
  const hints: Record<DrillName, string> = {
    killSource: t.drillKillSourceHint,
    killEncoder: t.drillKillEncoderHint,
    freezeSource: t.drillFreezeSourceHint,
    overheat: t.drillOverheatHint,
    switchUnderLoad: t.drillSwitchUnderLoadHint,
  };
  return hints[name];
}

export function drillOutcomeText(t: Dictionary, outcome: DrillResult["outcome"]): string {
  const words: Record<DrillResult["outcome"], string> = {
    passed: t.drillPassed,
    failed: t.drillFailed,
    skipped: t.drillSkipped,
    running: t.drillIsRunning,
    waiting: t.drillWaiting,
  };
  return words[outcome];
}

/** How soon the picture was back, against the time it may take. */
export function drillTimeText(t: Dictionary, { pictureMs, limitMs }: DrillResult): string {
  const limit = formatMs(limitMs);
  return pictureMs === null ? t.drillLimit(limit) : t.drillPicture(formatMs(pictureMs), limit);
}

export function drillRefusalText(t: Dictionary, refusal: DrillRefusal): string {
  const words: Record<DrillRefusal, string> = {
    offline: t.refusedOffline,
    running: t.refusedRunning,
    guard: t.refusedGuard,
    off: t.refusedOff,
    switching: t.refusedSwitching,
    notLive: t.refusedNotLive,
  };
  return words[refusal];
}
