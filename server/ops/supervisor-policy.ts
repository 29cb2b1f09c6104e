/** What the supervisor does after an end of the controller, and when it ends one that is silent. Pure. */
import type { ControllerEnd } from "./supervision.js";

/** Pauses before a new start, in milliseconds; the last one stands for all that follow. */
export const pausesMs = [200, 500, 1000, 2000, 5000] as const;
/** A controller that lived so long starts with the first pause again. */
const steadyMs = 30_000;
/** Exit code of a configuration that is not valid: only a person can mend it. */
const invalidConfiguration = 2;

export interface RunSoFar {
  readonly end: ControllerEnd;
  /** How long it lived. */
  readonly livedMs: number;
  /** Whether the page was ever served, by this controller or one before it. */
  readonly everStarted: boolean;
  /** Ends in a row, this one not counted. */
  readonly failures: number;
}

export type Next =
  | { readonly kind: "end"; readonly code: number }
  | { readonly kind: "restart"; readonly pauseMs: number; readonly failures: number };

/**
 * A crash is followed by a new start, for ever. An exit with an error before the page was ever served is no crash: a
 * port is taken, another controller runs, a program is missing. Whoever started it stands before it and is told. An exit
 * with code 0 was asked for, by a signal to the controller itself.
 */
export function whatNext({ end, livedMs, everStarted, failures }: RunSoFar): Next {
  if (end.kind === "exited" && (!everStarted || end.code === 0 || end.code === invalidConfiguration)) {
    return { kind: "end", code: end.code };
  }
  const inRow = livedMs > steadyMs ? 0 : failures;
  return { kind: "restart", pauseMs: pausesMs[Math.min(inRow, pausesMs.length - 1)] ?? 0, failures: inRow + 1 };
}

/** A pulse comes each second. A controller that is silent for longer is killed. */
export const silenceMs = 10_000;
/** Before its first pulse it loads, opens the database and lists the cameras: on a slow card that takes some seconds. */
export const startMs = 60_000;

export interface Silence {
  readonly nowMs: number;
  /** When the newest pulse came, or the controller was started. */
  readonly sinceMs: number;
  readonly hasPulse: boolean;
}

/** How long it has been silent, when that is too long; else null. */
export function tooSilentMs({ nowMs, sinceMs, hasPulse }: Silence): number | null {
  const silentMs = nowMs - sinceMs;
  return silentMs > (hasPulse ? silenceMs : startMs) ? silentMs : null;
}
