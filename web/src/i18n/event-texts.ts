/** Codes of incidents and gaps that are neither a warning nor in the table of error codes. */
export type EventCode =
  | "guardReduced"
  | "guardStopped"
  | "guardBack"
  | "cameraStalled"
  | "cameraFrozen"
  | "cameraLost"
  | "encoderStalled"
  | "encoderFailed"
  | "nginxDied"
  | "controllerBlocked"
  | "serviceCrashed"
  | "serviceDown"
  | "serviceStopped"
  | "switch";

/** In a few words what happened. A code without a text does not compile. */
export type EventTexts = Readonly<Record<EventCode, string>>;

export function eventText(texts: EventTexts, code: string): string | null {
  return Object.hasOwn(texts, code) ? texts[code as EventCode] : null;
}
