/**
 * Tells systemd how the service is (`Type=notify`), through the program `systemd-notify`: Node has no Unix datagram
 * socket. Does nothing outside of systemd. One call at a time; what comes meanwhile goes together with the next.
 */
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { Child } from "../process/child.js";
import { killLadder } from "../process/stop-ladder.js";

export interface SdNotifyOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: systemd-notify. */
  readonly program?: string;
}

/** A status is for people: it is not told more often. */
const statusEveryMs = 5000;
/** Pulses come about each second. */
const earlyMs = 500;
/** systemd-notify waits five seconds itself until the message was taken. */
const callMs = 6000;
/** What the last message may delay a stop. */
const closeMs = 500;

/** A third of WATCHDOG_USEC in milliseconds, so that one lost message is no death; null: no watchdog waits for us. */
export function watchdogEveryMs(env: NodeJS.ProcessEnv, pid: number): number | null {
  const microseconds = Number(env["WATCHDOG_USEC"]);
  const isOurs = env["WATCHDOG_PID"] === undefined || env["WATCHDOG_PID"] === String(pid);
  return isOurs && Number.isFinite(microseconds) && microseconds > 0 ? microseconds / 3000 : null;
}

export class SdNotify {
  readonly #o: SdNotifyOptions;
  readonly #isWanted: boolean;
  readonly #watchdogMs: number | null;
  #watchdogSentMs = -Infinity;
  #statusSentMs = -Infinity;
  #statusSent: string | null = null;
  /** What is to be told with the next call. */
  #due: string[] = [];
  #call: Promise<void> | null = null;
  #hasWarned = false;

  constructor(options: SdNotifyOptions) {
    this.#o = options;
    this.#isWanted = (options.env["NOTIFY_SOCKET"] ?? "") !== "";
    this.#watchdogMs = watchdogEveryMs(options.env, process.pid);
  }

  /** The page is served. */
  ready(): void {
    this.#tell("READY=1");
  }

  /**
   * To be called with each pulse of the controller, and never else. `status` is a line for people; it is told when it
   * changed, at most every five seconds.
   */
  pulse(status: () => string): void {
    if (!this.#isWanted) return;
    const nowMs = this.#o.clock.monotonicMs();
    // A pulse comes about each second: one that is a little early now would be late next time.
    if (this.#watchdogMs !== null && nowMs - this.#watchdogSentMs >= this.#watchdogMs - earlyMs) {
      this.#watchdogSentMs = nowMs;
      this.#tell("WATCHDOG=1");
    }
    if (nowMs - this.#statusSentMs < statusEveryMs) return;
    const line = status().replace(/\s+/g, " ");
    if (line === this.#statusSent) return;
    this.#statusSentMs = nowMs;
    this.#statusSent = line;
    this.#tell(`STATUS=${line}`);
  }

  /** The service stops. Resolves when that is told, or after half a second. */
  async close(): Promise<void> {
    this.#tell("STOPPING=1");
    const late = new Promise((resolve) => setTimeout(resolve, closeMs).unref());
    await Promise.race([this.#call, late]);
  }

  #tell(assignment: string): void {
    if (!this.#isWanted) return;
    this.#due.push(assignment);
    this.#call ??= this.#callAll();
  }

  async #callAll(): Promise<void> {
    while (this.#due.length > 0) await this.#callOnce(this.#due.splice(0));
    this.#call = null;
  }

  /** `--pid` names the controller: a message of the program itself would be of a process that is gone when it is read. */
  async #callOnce(assignments: readonly string[]): Promise<void> {
    const { program = "systemd-notify", env, log } = this.#o;
    const args = [`--pid=${process.pid}`, ...assignments];
    const child = new Child({ name: "systemd-notify", program, args, env, log });
    const late = setTimeout(() => void child.stop("hangs", killLadder), callMs);
    const { code, error } = await child.exited;
    clearTimeout(late);
    if (code === 0 || this.#hasWarned) return;
    this.#hasWarned = true;
    const said = error?.message ?? child.recentLines.join(" ");
    log.warn("systemd could not be told how the service is; it may take it for dead", { assignments, code, said });
  }
}
