/** What supervisor and controller say to each other. No imports: the supervisor is to stay small. */

/** Environment of a controller that runs under the supervisor: its process number. */
export const supervisorVariable = "SMART_TOGGLE_SUPERVISOR";
/** Environment of a controller that follows another one: how that one ended, as JSON. */
export const restartedAfterVariable = "SMART_TOGGLE_RESTARTED_AFTER";

/** `started`: the page is served. `pulse`: event loop and supervision loops have turned since the last one. */
export type ControllerMessage = "started" | "pulse";

/** How a controller ended that nobody had asked to. */
export type ControllerEnd =
  | { readonly kind: "exited"; readonly code: number }
  /** `outOfMemory`: the kernel killed a process for want of memory while it lived. */
  | { readonly kind: "killed"; readonly signal: string; readonly outOfMemory?: true }
  /** No pulse for so long, in milliseconds: the supervisor killed it. */
  | { readonly kind: "unresponsive"; readonly silentMs: number };

/** For the log and for people. */
export function describeEnd(end: ControllerEnd): string {
  switch (end.kind) {
    case "exited":
      return `the controller ended by itself with exit code ${end.code}`;
    case "killed":
      return `the controller was killed by ${end.signal}${doubt(end)}`;
    case "unresponsive":
      return `the controller did not respond for ${Math.round(end.silentMs / 1000)} s and was killed`;
  }
}

function doubt({ signal, outOfMemory }: Extract<ControllerEnd, { kind: "killed" }>): string {
  if (outOfMemory === true) return ", for the machine is out of memory";
  return signal === "SIGKILL" ? " (out of memory?)" : "";
}
