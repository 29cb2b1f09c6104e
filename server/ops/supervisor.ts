/**
 * The supervisor of machines without systemd: runs the controller as its child, starts it again after every end that
 * nobody asked for, and kills one that gives no pulse. It owns that one process and nothing else; the controller's own
 * children die with it (I5). It knows no settings and no log, so that it stays small.
 *
 * Invariants: a stop is forwarded and over within three seconds; nothing is left when the supervisor is killed itself.
 */
import { setTimeout as wait } from "node:timers/promises";
import { ControllerRun } from "./controller-run.js";
import { describeEnd, type ControllerEnd } from "./supervision.js";
import { whatNext } from "./supervisor-policy.js";

export interface SupervisorOptions {
  /** Program and arguments of the controller, for Node. */
  readonly args: readonly string[];
  /** Writes one line for people. */
  readonly say: (line: string) => void;
}

/** What a controller that was asked to stop may take; it ends by itself by then, or by force. */
const stopMs = 2900;
const spawnAgainMs = 2000;

interface EndedRun {
  readonly run: ControllerRun;
  readonly end: ControllerEnd;
}

export class Supervisor {
  readonly #o: SupervisorOptions;
  readonly #stopping = new AbortController();
  #run: ControllerRun | undefined;

  constructor(options: SupervisorOptions) {
    this.#o = options;
  }

  /** Resolves with the exit code to end with: after `stop`, or when a new start would help nobody. */
  async run(): Promise<number> {
    let last: ControllerEnd | null = null;
    let everStarted = false;
    for (let failures = 0; ;) {
      const former = await this.#runOnce(last, everStarted);
      if (former === null) return 0;
      const { run, end } = former;
      last = end;
      everStarted ||= run.hasStarted;
      if (this.#stopping.signal.aborted) return codeOf(last);
      const next = whatNext({ end: last, livedMs: run.livedMs, everStarted, failures });
      if (next.kind === "end") return next.code;
      ({ failures } = next);
      this.#o.say(`${describeEnd(last)}; it is started again in ${next.pauseMs / 1000} s`);
      if (!(await this.#pause(next.pauseMs))) return 0;
    }
  }

  /** Forwards the signal; a second call forwards it again, which ends the controller at once. */
  stop(signal: NodeJS.Signals): void {
    this.#run?.kill(signal);
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    setTimeout(() => this.#run?.kill("SIGKILL"), stopMs).unref();
  }

  /**
   * The next controller and its end; null when a stop came first. One that could not be spawned may be so for want of
   * memory, which passes: it is tried for ever. At the first start it is told to whoever stands before it.
   */
  async #runOnce(last: ControllerEnd | null, everStarted: boolean): Promise<EndedRun | null> {
    for (;;) {
      try {
        const run = (this.#run = new ControllerRun(this.#o.args, last));
        return { run, end: await run.ended };
      } catch (error) {
        if (!everStarted) throw error;
        const againIn = `${spawnAgainMs / 1000} s`;
        this.#o.say(`the controller could not be spawned (${String(error)}); it is tried again in ${againIn}`);
        if (!(await this.#pause(spawnAgainMs))) return null;
      }
    }
  }

  /** False when a stop came in between. */
  #pause(ms: number): Promise<boolean> {
    const { signal } = this.#stopping;
    return wait(ms, true, { signal }).catch(() => false);
  }
}

/** Of an end that was asked for: a controller that had not begun to listen to signals ends by the signal itself. */
function codeOf(end: ControllerEnd): number {
  if (end.kind === "exited") return end.code;
  return end.kind === "killed" && end.signal !== "SIGKILL" ? 0 : 1;
}
