/** Whether a camera should be recorded now. Pure. */
import { isScheduled, type ScheduleRow, type WallTime } from "./schedule.js";

export type RecordingMode = "off" | "continuous" | "manual" | "schedule";

export interface CameraPlan {
  readonly mode: RecordingMode;
  /** Taken into account by mode `schedule` alone; kept in the others. */
  readonly schedule: readonly ScheduleRow[];
}

/** What a person asked for by hand, which stands above the plan until it ends. */
export type ByHand =
  | { readonly kind: "none" }
  /** On the clock of `nowMs`; null: without limit. */
  | { readonly kind: "started"; readonly untilMs: number | null }
  | { readonly kind: "stopped" };

export type Why =
  "off" | "continuous" | "scheduled" | "outsideSchedule" | "startedByHand" | "stoppedByHand" | "waitsForHand";

export interface Wanted {
  readonly record: boolean;
  readonly why: Why;
}

export const noHand: ByHand = { kind: "none" };

/** What is left of a request by hand: a start ends at its limit, a stop with the time of the schedule it cut short. */
export function handNow(plan: CameraPlan, hand: ByHand, nowMs: number, wall: WallTime): ByHand {
  if (plan.mode === "off") return noHand;
  if (hand.kind === "started" && hand.untilMs !== null && nowMs >= hand.untilMs) return noHand;
  if (hand.kind !== "stopped") return hand;
  const stillMeant = plan.mode === "continuous" || (plan.mode === "schedule" && isScheduled(plan.schedule, wall));
  return stillMeant ? hand : noHand;
}

/** `hand` as `handNow` left it. */
export function wantedNow(plan: CameraPlan, hand: ByHand, wall: WallTime): Wanted {
  if (plan.mode === "off") return { record: false, why: "off" };
  if (hand.kind === "started") return { record: true, why: "startedByHand" };
  if (hand.kind === "stopped") return { record: false, why: "stoppedByHand" };
  switch (plan.mode) {
    case "continuous":
      return { record: true, why: "continuous" };
    case "manual":
      return { record: false, why: "waitsForHand" };
    case "schedule":
      return isScheduled(plan.schedule, wall)
        ? { record: true, why: "scheduled" }
        : { record: false, why: "outsideSchedule" };
  }
}
