import type { Profile } from "../config/profile.js";
import type { ErrorCode } from "../lib/errors.js";

/** A camera's number, or null for “off”. */
export type Target = number | null;

export type Step = "prepare" | "stop" | "drain" | "start" | "handOver" | "verify" | "commit";

export type Trigger = "start" | "user" | "rotation" | "profile" | "mode" | "recovery" | "guard" | "drill" | "idle";

/** How the cameras run: one at a time, or all of them, each with a channel of its own. */
export type CameraMode = "toggle" | "dual";

export type Outcome = "committed" | "rolledBack" | "failed";

/** Why something failed: a code of the error table and a sentence for people. */
export interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface SwitchRequest {
  /** Tells requests apart while they wait; a switch gets its id when it begins. */
  readonly key: number;
  readonly trigger: Trigger;
  readonly to: Target;
  /** The camera is started anew even if it is live already, because its profile or its number changes. */
  readonly reload: boolean;
  /** The profile to try; it is stored when the switch is committed. Without it: the stored one. */
  readonly profile?: Profile;
  /** The mode to change to. Without it the mode stays. */
  readonly mode?: CameraMode;
}

export interface StepRecord {
  readonly step: Step;
  readonly direction: "forward" | "back";
  readonly camera: Target;
  readonly ms: number;
  readonly ok: boolean;
  readonly note?: string;
  /** The camera that the failure is about, where that may be another one: what would not stop is not what is to come. */
  readonly about?: number;
}

/** The timed record of one switch; open while `outcome` is null. */
export interface Receipt {
  readonly id: number;
  readonly trigger: Trigger;
  readonly from: Target;
  readonly to: Target;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAt: number;
  readonly outcome: Outcome | null;
  readonly live: Target;
  readonly reason: Reason | null;
  readonly totalMs: number | null;
  readonly steps: StepRecord[];
}
