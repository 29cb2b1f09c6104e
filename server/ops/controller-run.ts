/**
 * One run of the controller under the supervisor: alive from its constructor. It runs in a session of its own, so that
 * Ctrl+C reaches it once, by way of the supervisor, and under `setpriv --pdeathsig`, so that it does not outlive one that
 * is killed. Not a `Child`: that reads standard error and knows no channel for messages.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { oomKills } from "../process/oom-kills.js";
import { tooSilentMs } from "./supervisor-policy.js";
import {
  restartedAfterVariable,
  supervisorVariable,
  type ControllerEnd,
  type ControllerMessage,
} from "./supervision.js";

/** How often the pulse is looked at. */
const lookMs = 500;

export class ControllerRun {
  /** How it ended, whoever asked for it. Rejects when it could not be spawned. */
  readonly ended: Promise<ControllerEnd>;
  readonly #process: ChildProcess;
  readonly #startedMs = performance.now();
  /** The kernel's count at the last pulse: a kill of last month has nothing to do with an end of today. */
  #oomKills = oomKills();
  #hasStarted = false;
  #pulseMs: number | null = null;
  #lookedMs = this.#startedMs;
  #silentMs: number | null = null;

  /** `args`: program and arguments for Node. `after`: how the one before it ended; null: there was none. */
  constructor(args: readonly string[], after: ControllerEnd | null) {
    this.#process = spawn("setpriv", ["--pdeathsig", "KILL", "--", process.execPath, ...args], {
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      detached: true,
      env: {
        ...process.env,
        [supervisorVariable]: String(process.pid),
        ...(after !== null && { [restartedAfterVariable]: JSON.stringify(after) }),
      },
    });
    this.#process.on("message", (message: ControllerMessage) => {
      if (message === "started") this.#hasStarted = true;
      this.#pulseMs = performance.now();
      this.#oomKills = oomKills();
    });
    const timer = setInterval(() => {
      this.#look();
    }, lookMs);
    this.ended = this.#watch().finally(() => {
      clearInterval(timer);
    });
  }

  /** Whether it ever served the page. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  get livedMs(): number {
    return performance.now() - this.#startedMs;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  #watch(): Promise<ControllerEnd> {
    return new Promise((resolve, reject) => {
      this.#process.once("error", reject);
      this.#process.once("exit", (code, signal) => {
        if (this.#silentMs !== null) resolve({ kind: "unresponsive", silentMs: this.#silentMs });
        else if (code !== null) resolve({ kind: "exited", code });
        else resolve(this.#killedBy(signal ?? "SIGKILL"));
      });
    });
  }

  #killedBy(signal: NodeJS.Signals): ControllerEnd {
    const outOfMemory = signal === "SIGKILL" && (oomKills() ?? 0) > (this.#oomKills ?? Infinity);
    return { kind: "killed", signal, ...(outOfMemory && { outOfMemory }) };
  }

  /** If the look itself comes late, the supervisor stood still: pulses wait to be read, and are by the next look. */
  #look(): void {
    const nowMs = performance.now();
    const late = nowMs - this.#lookedMs > 3 * lookMs;
    this.#lookedMs = nowMs;
    if (late || this.#silentMs !== null) return;
    const sinceMs = this.#pulseMs ?? this.#startedMs;
    this.#silentMs = tooSilentMs({ nowMs, sinceMs, hasPulse: this.#pulseMs !== null });
    if (this.#silentMs !== null) this.kill("SIGKILL");
  }
}
