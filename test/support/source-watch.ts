/**
 * Watches, through the operating system, how many sources run at once (I1). A source is a process whose program is
 * rpicam-vid, simulated or not; it runs from its exec until it is gone (a zombie is gone). Whoever opens it stops it.
 */
import { readFileSync } from "node:fs";
import { readEnvironment, readProcess, type ProcessInfo } from "../../server/process/process-table.js";

export interface Source {
  readonly pid: number;
  readonly startTicks: number;
  readonly commandLine: string;
}

export interface SourceReport {
  readonly samples: number;
  readonly most: number;
  /** Each moment with more than one source, with their command lines. */
  readonly violations: readonly string[];
  /** Longest time between two looks, in milliseconds: what is shorter may have been missed. */
  readonly longestGapMs: number;
}

const sampleMs = 5;

/** The child processes of one process, as the kernel lists them; none when it has ended. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function asSource(pid: number): Source | null {
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
    const process = readProcess(pid);
    // Before its exec it is still `setpriv … rpicam-vid`.
    if (process === null || process.name === "setpriv" || !isVid(commandLine)) return null;
    return { pid, startTicks: process.startTicks, commandLine };
  } catch {
    return null;
  }
}

/** The simulated program is `node …/rpicam-vid.js --camera 0 …`. One that takes a still has the camera as well. */
function isVid(commandLine: string): boolean {
  return commandLine.split(" ", 2).some((word) => /(^|\/)rpicam-(vid|still)(\.js)?$/.test(word));
}

function lives(source: Source): boolean {
  const now: ProcessInfo | null = readProcess(source.pid);
  return now !== null && now.startTicks === source.startTicks && now.state !== "Z" && now.state !== "X";
}

export class SourceWatch {
  readonly #controller: () => number | undefined;
  readonly #mark: string | undefined;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Those of a killed controller are nobody's children any more: they are remembered until they are gone. */
  #known: Source[] = [];
  #samples = 0;
  #most = 0;
  #violations: string[] = [];
  #lastMs = performance.now();
  #longestGapMs = 0;

  /**
   * `controller` gives the present process number of the controller, which changes when it is started anew. With
   * `mark`, only children with that text in their environment count: several controllers in one process.
   */
  constructor(controller: () => number | undefined, mark?: string) {
    this.#controller = controller;
    this.#mark = mark;
    this.#timer = setInterval(() => {
      this.sample();
    }, sampleMs);
  }

  /** The sources that run now. */
  sample(): readonly Source[] {
    this.#note();
    this.#known = this.#known.filter(lives);
    const pid = this.#controller();
    const fresh = (pid === undefined ? [] : childrenOf(pid)).filter((child) => this.#isNew(child));
    this.#known.push(...fresh.flatMap((child) => asSource(child) ?? []));
    this.#most = Math.max(this.#most, this.#known.length);
    if (this.#known.length > 1) this.#violations.push(this.#known.map((source) => source.commandLine).join(" | "));
    return this.#known;
  }

  report(): SourceReport {
    return {
      samples: this.#samples,
      most: this.#most,
      violations: this.#violations,
      longestGapMs: this.#longestGapMs,
    };
  }

  stop(): SourceReport {
    clearInterval(this.#timer);
    return this.report();
  }

  #isNew(pid: number): boolean {
    const isOurs = this.#mark === undefined || this.#isMarked(pid, this.#mark);
    return isOurs && this.#known.every((source) => source.pid !== pid);
  }

  /** The mark is a part of a value. */
  #isMarked(pid: number, mark: string): boolean {
    return readEnvironment(pid)?.some((entry) => entry.includes(mark)) === true;
  }

  #note(): void {
    const nowMs = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#samples += 1;
  }
}
