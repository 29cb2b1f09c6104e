/**
 * One operating-system process and its group. Whoever constructs a Child stops it; if the controller dies instead, the
 * kernel ends it (`setpriv --pdeathsig`), and what slips through is found at the next start by its record (I5).
 *
 * Invariants: no shell; own process group and session; standard error is always read; `exited` always resolves; the
 * first reason to stop stands (I6); when the program ends, the rest of its group is ended too.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { markerVariable, type ChildRecord, type ChildRecords } from "./child-records.js";
import { findProgram } from "./find-program.js";
import { LineCutter } from "./lines.js";
import { oomKills } from "./oom-kills.js";
import { groupIsGone, groupMembers, signalGroup, type ProcessInfo } from "./process-table.js";
import { endingInKill, killLadder, type StopLadder } from "./stop-ladder.js";

export interface ChildOptions {
  /** For the log and the record. */
  readonly name: string;
  /** Name on the PATH, or a path. */
  readonly program: string;
  readonly args: readonly string[];
  /** Default: ignore. */
  readonly stdin?: "pipe" | "ignore";
  /** Default: ignore. */
  readonly stdout?: "pipe" | "ignore";
  /** A Node program: messages of JSON go both ways by `send` and the event `message`. */
  readonly ipc?: boolean;
  readonly cwd?: string;
  /** Default: the controller's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Sent by the kernel when the controller dies; default SIGKILL. NGINX needs SIGTERM, so that its workers go too. */
  readonly deathSignal?: NodeJS.Signals;
  /** Where it is recorded until it is gone. */
  readonly records?: ChildRecords;
  readonly log: Log;
}

export interface ChildExit {
  /** Exit code; null when a signal ended it or it was never spawned. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The first reason given to `stop`; null: it ended by itself. */
  readonly reason: string | null;
  /** Why it could not be spawned: `programMissing`, or `internal` with its cause. */
  readonly error?: AppError;
  /** The kernel killed a process for want of memory in the last seconds, and SIGKILL ended this one that was not ours. */
  readonly outOfMemory?: true;
}

export interface StopReport {
  /** Whether the operating system says that nothing of the group lives. A zombie does not live. */
  readonly gone: boolean;
  readonly ms: number;
  /** Null when it was gone before any signal. */
  readonly lastSignal: NodeJS.Signals | null;
  /** What outlived SIGKILL, as a rule in state D. */
  readonly stuck: readonly ProcessInfo[];
}

interface ChildEvents {
  /** One line of its standard error, without line end. */
  line: [string];
  /** What the program said over its IPC channel. */
  message: [unknown];
}

/** How often the table is asked while members of the group are left behind. */
const pollMs = 10;
/** How long the last lines of standard error may take after the end of the process. */
const drainMs = 250;
const recountMs = 5000;
/** Lines of standard error kept for whoever reports the end. */
const keptLines = 20;

/** What became of the attempt to spawn. */
interface Launch {
  readonly process?: ChildProcess;
  readonly record?: ChildRecord;
  readonly error?: AppError;
}

function spawnProgram(program: string, record: ChildRecord | undefined, options: ChildOptions): ChildProcess {
  const deathSignal = options.deathSignal ?? "SIGKILL";
  // setpriv replaces itself with the program: the process number is the program's own.
  const args = ["--pdeathsig", deathSignal.replace(/^SIG/, ""), "--", program, ...options.args];
  const env = options.env ?? process.env;
  return spawn("setpriv", args, {
    stdio: [options.stdin ?? "ignore", options.stdout ?? "ignore", "pipe", ...(options.ipc ? ["ipc" as const] : [])],
    detached: true,
    env: record === undefined ? env : { ...env, [markerVariable]: record.marker },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
}

function launch(options: ChildOptions): Launch {
  const program = findProgram(options.program, options.env?.["PATH"]);
  if (program === null || findProgram("setpriv") === null) {
    const missing = program === null ? options.program : "setpriv (of util-linux)";
    return { error: new AppError("programMissing", `The program ${missing} is not installed or may not be executed.`) };
  }
  let record: ChildRecord | undefined;
  try {
    record = options.records?.announce(options.name, program);
    const child = spawnProgram(program, record, options);
    if (record !== undefined && child.pid !== undefined) recordNumber(options, record, child.pid);
    return { process: child, ...(record && { record }) };
  } catch (cause) {
    return { ...(record && { record }), error: notSpawned(options.name, cause) };
  }
}

/** It runs already: where its number cannot be written (a full tmpfs), the next start finds it by its marker. */
function recordNumber({ name, records, log }: ChildOptions, record: ChildRecord, pid: number): void {
  try {
    records?.spawned(record, pid);
  } catch (error) {
    log.warn("the number of a child could not be recorded", { child: name, pid, error });
  }
}

function notSpawned(name: string, cause: unknown): AppError {
  return new AppError("internal", `${name} could not be spawned: ${String(cause)}`, { cause });
}

/** Stands where the program has no such stream: ended for a reader, swallowing for a writer. */
function noStream(): PassThrough {
  return new PassThrough().end().resume();
}

type LeaderEnd = Omit<ChildExit, "reason" | "outOfMemory">;

/** Resolves when the program itself has ended, whatever its group does. */
function endOfLeader(name: string, { process, error }: Launch): Promise<LeaderEnd> {
  if (process === undefined) return Promise.resolve({ code: null, signal: null, ...(error && { error }) });
  return new Promise((resolve) => {
    process.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
    process.once("error", (cause) => {
      if (process.pid === undefined) resolve({ code: null, signal: null, error: notSpawned(name, cause) });
    });
  });
}

export class Child extends EventEmitter<ChildEvents> {
  readonly name: string;
  /** Undefined when it could not be spawned. Also the number of its process group. */
  readonly pid: number | undefined;
  /** Errors on it (the program is gone) are swallowed: `exited` tells. Already ended unless `stdin: "pipe"`. */
  readonly stdin: Writable;
  /** Already ended unless `stdout: "pipe"`; then it must be read, or the program stalls. */
  readonly stdout: Readable;
  /** Always read by this class; listen to `line`. */
  readonly stderr: Readable;
  /** Resolves, and never rejects, when program and group are gone (or proven stuck) and standard error is read. */
  readonly exited: Promise<ChildExit>;

  readonly #log: Log;
  readonly #process: ChildProcess | undefined;
  readonly #leaderEnded: Promise<LeaderEnd>;
  readonly #recentLines: string[] = [];
  /** The kernel's count as it was a moment ago: a kill of last month has nothing to do with an end of today. */
  #oomKills = oomKills();
  #leaderLives: boolean;
  #tellStuck: (end: LeaderEnd) => void = () => undefined;
  readonly #stuck = new Promise<LeaderEnd>((resolve) => (this.#tellStuck = resolve));
  #reason: string | null = null;
  #ending: Promise<StopReport> | undefined;

  /** Spawns at once. A failure to spawn is not thrown: `exited` carries it. */
  constructor(options: ChildOptions) {
    super();
    this.name = options.name;
    this.#log = options.log;
    const launched = launch(options);
    this.#process = launched.process;
    this.#process?.on("message", (message) => this.emit("message", message));
    this.pid = launched.process?.pid;
    this.#leaderLives = this.pid !== undefined;
    this.stdin = launched.process?.stdin ?? noStream();
    this.stdout = launched.process?.stdout ?? noStream();
    this.stderr = launched.process?.stderr ?? noStream();
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream.on("error", () => undefined);
    const linesRead = this.#readLines();
    this.#leaderEnded = endOfLeader(options.name, launched).then((end) => {
      this.#leaderLives = false;
      return end;
    });
    this.exited = this.#watch(linesRead, () => {
      if (launched.record !== undefined) options.records?.forget(launched.record.marker);
    });
    this.#log.debug("spawned", { child: this.name, pid: this.pid, program: options.program, args: options.args });
  }

  /** The last lines of its standard error, oldest first. */
  get recentLines(): readonly string[] {
    return this.#recentLines;
  }

  /** Sends a message over the IPC channel; one to a program that is gone, or was spawned without, is dropped. */
  send(message: object): void {
    if (this.#process?.connected === true) this.#process.send(message, () => undefined);
  }

  /** Whether nothing of the group lives now, as the operating system says. */
  groupIsGone(): boolean {
    return this.pid === undefined || (!this.#leaderLives && groupIsGone(this.pid));
  }

  /**
   * Stops the group, rung by rung. The first call's reason and ladder stand; later calls get the same report. Its
   * standard output is read on and discarded where nobody reads it, for a writer that is blocked ignores SIGINT.
   */
  stop(reason: string, ladder: StopLadder): Promise<StopReport> {
    if (this.#leaderLives) this.#reason ??= reason;
    this.#ending ??= this.#climb(endingInKill(ladder));
    return this.#ending;
  }

  async #watch(linesRead: Promise<void>, forget: () => void): Promise<ChildExit> {
    const recount = setInterval(() => (this.#oomKills = oomKills()), recountMs).unref();
    const end = await Promise.race([this.#leaderEnded, this.#stuck]);
    clearInterval(recount);
    const reason = this.#reason;
    // Ended by itself, and members stay: NGINX's workers outlive a killed master and hold its port.
    this.#ending ??= this.#climb(killLadder);
    const { gone } = await this.#ending;
    await Promise.race([linesRead, wait(drainMs, undefined, { ref: false })]);
    if (gone) forget();
    const outOfMemory = end.signal === "SIGKILL" && reason === null && (oomKills() ?? 0) > (this.#oomKills ?? Infinity);
    this.#log.debug("ended", { child: this.name, pid: this.pid, ...end, reason, gone, outOfMemory });
    return { ...end, reason, ...(outOfMemory && { outOfMemory }) };
  }

  async #climb(ladder: StopLadder): Promise<StopReport> {
    const startMs = performance.now();
    let lastSignal: NodeJS.Signals | null = null;
    if (!this.stdout.readableEnded && this.stdout.listenerCount("readable") === 0) this.stdout.resume();
    for (const { signal, waitMs } of ladder) {
      if (this.groupIsGone()) break;
      signalGroup(this.#groupId, signal);
      lastSignal = signal;
      await this.#goneWithin(waitMs);
    }
    const stuck = this.groupIsGone() ? [] : groupMembers(this.#groupId);
    if (stuck.length > 0) this.#tellStuck({ code: null, signal: null });
    return { gone: stuck.length === 0, ms: performance.now() - startMs, lastSignal, stuck };
  }

  /** Waits for the program by its event, then for what it left behind by the table. */
  async #goneWithin(waitMs: number): Promise<void> {
    const deadlineMs = performance.now() + waitMs;
    const timer = new AbortController();
    const timeout = wait(waitMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.#leaderEnded, timeout]);
    timer.abort();
    while (!this.groupIsGone() && performance.now() < deadlineMs && !this.#leaderLives) await wait(pollMs);
  }

  get #groupId(): number {
    if (this.pid === undefined) throw new AppError("internal", `${this.name} was never spawned`);
    return this.pid;
  }

  async #readLines(): Promise<void> {
    const cutter = new LineCutter();
    const tell = (lines: string[]): void => {
      for (const line of lines) {
        this.#recentLines.push(line);
        if (this.#recentLines.length > keptLines) this.#recentLines.shift();
        this.emit("line", line);
      }
    };
    this.stderr.setEncoding("utf8");
    this.stderr.on("data", (text: string) => {
      tell(cutter.push(text));
    });
    await finished(this.stderr).catch(() => undefined);
    tell(cutter.end());
  }
}
