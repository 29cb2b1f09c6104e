import {
  restartedAfterVariable,
  supervisorVariable,
  type ControllerEnd,
  type ControllerMessage,
} from "./supervision.js";

/** The controller's side of its supervisor; does nothing where none runs it. */
export class SupervisorLink {
  readonly #isSupervised = supervisorPid() !== null;
  #isSending = false;

  started(): void {
    this.#send("started");
  }

  /** One at a time: a supervisor that was suspended reads none, and nothing may pile up. */
  pulse(): void {
    if (!this.#isSending) this.#send("pulse");
  }

  #send(message: ControllerMessage): void {
    if (!this.#isSupervised || !process.connected) return;
    this.#isSending = true;
    process.send?.(message, undefined, undefined, () => (this.#isSending = false));
  }
}

/** Process number of the supervisor that runs this process; null when none does. */
export function supervisorPid(): number | null {
  const pid = Number(process.env[supervisorVariable]);
  return pid === process.ppid && process.send !== undefined ? pid : null;
}

/** How the controller before this one ended, as the supervisor tells; null when it tells nothing. */
export function readLastEnd(env: NodeJS.ProcessEnv): ControllerEnd | null {
  try {
    const end = JSON.parse(env[restartedAfterVariable] ?? "null") as ControllerEnd | null;
    return end !== null && ["exited", "killed", "unresponsive"].includes(end.kind) ? end : null;
  } catch {
    return null;
  }
}
