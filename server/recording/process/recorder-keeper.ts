/**
 * The life of the recorder process: started when somebody needs it, watched, replaced when it is lost, ended when nobody
 * needs it any more. Made and closed by the recorder's client, which alone knows what is said to it.
 *
 * Invariants: a process that says nothing for 10 s, or whose file calls hang for 15 s, is killed and replaced, with
 * back-off, and never while the former one still hangs in the kernel; one that was told to end is told nothing more.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import { packageRoot } from "../../lib/package-root.js";
import type { ChildRecords } from "../../process/child-records.js";
import { Child } from "../../process/child.js";
import { exitWords } from "../../process/exit-words.js";
import { killLadder } from "../../process/stop-ladder.js";
import type { RecorderCommand } from "../messages.js";
import { logLine } from "./recorder-log.js";

export interface RecorderKeeperOptions {
  /** A process was started; what it must know can be sent. */
  readonly onStarted: () => void;
  readonly onMessage: (message: unknown) => void;
  /** It ended as it was told. */
  readonly onAsleep: () => void;
  /** It ended by itself or was killed, and another one follows. The words are for a person. */
  readonly onLost: (why: string) => void;
  /** No other one can be started as yet, and why. */
  readonly onHung: (why: string) => void;
  /** How long its oldest file call has taken so far, in milliseconds, as it said last. */
  readonly busyMs: () => number;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

const program = join(packageRoot, "dist/server/recording/recorder-main.js");
/** It sends its status each second. */
const silentMs = 10_000;
/** Parts stay 30 s after they left the playlist: with this, there is time to kill, start and catch up. */
const busyMs = 15_000;
const lookMs = 1000;
/** Of the 3 s that a stop of the service may take. A file is finished in 0.2 s; what is not is so at the next start. */
const closeMs = 1000;
/** Where nobody waits for the end. */
const restMs = 20_000;
/** Pauses before another start; after a minute of life it begins anew. */
const pausesMs = [200, 1000, 2000, 5000, 10_000, 30_000] as const;
const steadyMs = 60_000;

export class RecorderKeeper {
  readonly #o: RecorderKeeperOptions;
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #child: Child | null = null;
  /** Told to end, and nothing since. */
  #ending: Child | null = null;
  /** Somebody needs a process; one that is ending is followed by another then. */
  #wanted = false;
  #wake: () => void = () => undefined;
  #heardMs = 0;

  /** Starts nothing before `wake`. */
  constructor(options: RecorderKeeperOptions) {
    this.#o = options;
    this.#kept = this.#keep();
  }

  /** Of the process, for measurements; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts a process unless one runs that was not told to end. */
  wake(): void {
    this.#wanted = true;
    this.#wake();
  }

  /** Lets the process end in order; another one starts when somebody wakes it. */
  rest(): void {
    this.#wanted = false;
    this.#endInOrder(restMs);
  }

  /** Dropped where no process runs, or it was told to end. */
  send(command: RecorderCommand): void {
    if (this.#child !== this.#ending) this.#child?.send(command);
  }

  /** Lets the process finish its files, and ends it. What it does not finish in time is repaired at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    this.#endInOrder(closeMs);
    await this.#kept;
  }

  get #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #endInOrder(withinMs: number): void {
    const child = this.#child;
    if (child === null) return;
    this.send({ type: "close" });
    this.#ending = child;
    const late = setTimeout(() => void child.stop("not closed in time", killLadder), withinMs);
    void child.exited.then(() => {
      clearTimeout(late);
    });
  }

  /** Until `close`: waits until a process is needed, starts it, waits for its end, and pauses where it was lost. */
  async #keep(): Promise<void> {
    for (let failures = 0; await this.#isNeeded();) {
      const startMs = this.#o.clock.monotonicMs();
      const child = this.#spawn();
      const exit = await child.exited;
      const didRest = child === this.#ending && exit.code === 0;
      this.#child = this.#ending = null;
      if (didRest || this.#isClosing) {
        this.#o.onAsleep();
        continue;
      }
      this.#o.onLost(`The recorder ended (${exitWords(exit)}).`);
      this.#wanted = true;
      if (this.#o.clock.monotonicMs() - startMs > steadyMs) failures = 0;
      await this.#pause(child, failures++);
    }
  }

  /** False: closed. */
  async #isNeeded(): Promise<boolean> {
    while (!this.#wanted && !this.#isClosing) await new Promise<void>((resolve) => (this.#wake = resolve));
    return !this.#isClosing;
  }

  /** Until the next start, or `close`. Waits on while the former process still hangs in the kernel. */
  async #pause(former: Child, failures: number): Promise<void> {
    const { signal } = this.#closing;
    try {
      await wait(pausesMs[Math.min(failures, pausesMs.length - 1)], undefined, { signal });
      while (!former.groupIsGone()) {
        this.#o.onHung("The recorder hangs in the kernel, as a rule because a disk does not answer.");
        await wait(lookMs, undefined, { signal });
      }
    } catch {
      // Closed meanwhile.
    }
  }

  #spawn(): Child {
    const { records, clock, log, onStarted, onMessage } = this.#o;
    const child = new Child({ name: "recorder", program: process.execPath, args: [program], ipc: true, records, log });
    child.on("line", (line) => {
      logLine(log, line);
    });
    child.on("message", (message) => {
      this.#heardMs = clock.monotonicMs();
      onMessage(message);
    });
    this.#child = child;
    this.#heardMs = clock.monotonicMs();
    const watch = setInterval(() => void this.#look(child), lookMs).unref();
    void child.exited.then(() => {
      clearInterval(watch);
    });
    onStarted();
    return child;
  }

  /** A suspended or busy controller hears nothing either: what arrived meanwhile is read before it is judged. */
  async #look(child: Child): Promise<void> {
    await new Promise(setImmediate);
    const silent = this.#o.clock.monotonicMs() - this.#heardMs > silentMs;
    const busy = this.#o.busyMs() > busyMs;
    if ((silent || busy) && child === this.#child) await child.stop(silent ? "silent" : "hung file calls", killLadder);
  }
}
