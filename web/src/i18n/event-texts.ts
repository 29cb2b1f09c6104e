import type { ErrorCode } from "../../../server/http/wire.js";
import type { ErrorTexts } from "./error-texts.js";

/** Codes of incidents and gaps that are neither a warning nor an error of the service's table. */
export type OwnEventCode =
  | "guardSingle"
  | "guardReduced"
  | "guardSmaller"
  | "guardMjpegOff"
  | "guardWarmOff"
  | "encoderStalled"
  | "encoderFellBack"
  | "nginxEnded"
  | "nginxHung"
  | "controllerBlocked"
  | "controllerCrashed"
  | "controllerKilled"
  | "controllerUnresponsive"
  | "serviceStarted"
  | "serviceStopped"
  | "serviceCrashed"
  | "serviceDown"
  | "databaseDamaged"
  | "recordingSetAside"
  | "catalogueDamaged"
  | "recordingIncomplete"
  | "recordingSpaceLow"
  | "diskFull"
  | "diskReadOnly"
  | "diskFailed"
  | "mountMissing"
  | "folderUnusable"
  | "memoryFull"
  | "switchRolledBack"
  | "switch"
  | "drill";

/** Codes that happen as events too; what to do about them stands with the errors. */
type ErrorEventCode = Extract<
  ErrorCode,
  | "guardStopped"
  | "cameraStalled"
  | "cameraFrozen"
  | "cameraExited"
  | "cameraGone"
  | "cameraBusy"
  | "wrongCamera"
  | "cameraHeld"
  | "cameraStartTimeout"
  | "cameraNeedsReboot"
  | "encoderFailed"
  | "mediaInvalid"
  | "publishFailed"
  | "recorderAway"
  | "switchFailed"
  | "notLive"
  | "resting"
>;

/** In a few words what happened. A code without a text does not compile. */
export type EventTitles = Readonly<Record<OwnEventCode | ErrorEventCode, string>>;

/** What was done, and what a person must do, if anything. */
export type EventAdvice = Readonly<Record<OwnEventCode, string>>;

/** What is needed to put an event into words of one language. */
export interface EventTables {
  readonly titles: EventTitles;
  /** Null: the service's own language, in which its own words say the most. */
  readonly advice: EventAdvice | null;
  readonly errors: ErrorTexts;
}

/** Null for a code that the table does not have. */
export function textOf(table: Readonly<Record<string, string>>, code: string): string | null {
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}
