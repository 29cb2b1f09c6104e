/**
 * ResourceMonitor: samples the machine and our own processes each second (B1). It decides nothing: the guard does. The
 * composition root closes it.
 *
 * Invariants: what cannot be read is null, never 0; a reading that hangs (a dead network disk) makes its own figure
 * unknown and holds up no other; one sample at a time.
 */
import { EventEmitter } from "node:events";
import { lstatSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { isGone, pssBytes } from "../process/process-table.js";
import { HostProbe, type HostFigures } from "./host-figures.js";
import { cpuSecondsBetween, cpuTimesOf, isSimulatedCamera, OwnProcesses, type CpuTimes } from "./own-processes.js";
import { SlowFigure } from "./slow-figure.js";

/** What a Pi says of its power and heat; null is unknown. */
export interface Throttling {
  readonly underVoltage: boolean | null;
  readonly frequencyCapped: boolean | null;
  readonly throttled: boolean | null;
  readonly softTemperatureLimit: boolean | null;
}

/** One sample; null is unknown, never zero, and `unknown` says why. */
export interface Resources extends HostFigures {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly memoryBytes: number | null;
  readonly throttling: { readonly now: Throttling; readonly sinceBoot: Throttling } | null;
  /** Longest delay of our event loop in the last second, in milliseconds. */
  readonly loopDelayMs: number | null;
  /** Free bytes of the tmpfs of live media. */
  readonly freeLiveBytes: number | null;
  /** Figures that a drill states in place of the machine's. */
  readonly simulated: string[];
  /** Why a figure is null, by its name. */
  readonly unknown: Record<string, string>;
  /** Share of all cores that our processes use, 0–100; simulated cameras apart. */
  readonly ownCpuPercent: number | null;
  /** Proportional set size of our processes in bytes; simulated cameras apart. */
  readonly ownMemoryBytes: number | null;
  /** Bytes of live media. */
  readonly liveBytes: number | null;
  /** Free bytes on the disk of the state folder, as a user without privileges may use them. */
  readonly freeDiskBytes: number | null;
}

export interface ResourceMonitorOptions {
  /** Folder of live media, on tmpfs. */
  readonly live: string;
  /** Folder of what survives a restart. */
  readonly state: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: 1000. */
  readonly intervalMs?: number;
}

/** The costly figures are read only every fifth sample. */
const slowEvery = 5;

export class ResourceMonitor extends EventEmitter<{ sample: [Resources] }> {
  readonly #options: ResourceMonitorOptions;
  readonly #host = new HostProbe();
  readonly #own = new OwnProcesses(process.pid, isSimulatedCamera);
  readonly #ownMemory: SlowFigure;
  readonly #freeDisk: SlowFigure;
  readonly #timer: NodeJS.Timeout;
  #liveBytes: number | null = null;
  #latest: Resources | null = null;
  #before: { readonly atMs: number; readonly times: CpuTimes } | undefined;
  #samples = 0;
  #isSampling = false;
  #isClosed = false;

  /** Begins at once; the first sample comes about 200 ms later. */
  constructor(options: ResourceMonitorOptions) {
    super();
    this.#options = options;
    this.#ownMemory = new SlowFigure(() => pssBytes(this.#own.list().map(({ pid }) => pid)));
    this.#freeDisk = new SlowFigure(() => freeBytes(options.state));
    this.#timer = setInterval(() => void this.#sample(), options.intervalMs ?? 1000);
    this.#timer.unref();
    void this.#sample();
  }

  /** The newest sample; null before the first. */
  get latest(): Resources | null {
    return this.#latest;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      if (this.#samples++ % slowEvery === 0) this.#beginSlowFigures();
      const host = await this.#host.read();
      if (this.#isClosed) return;
      this.#latest = this.#compose(host);
      this.emit("sample", this.#latest);
    } catch (error) {
      this.#options.log.error("the resources could not be sampled", { error });
    } finally {
      this.#isSampling = false;
    }
  }

  #beginSlowFigures(): void {
    this.#ownMemory.refresh();
    this.#freeDisk.refresh();
    this.#liveBytes = bytesBelow(this.#options.live);
  }

  #compose(host: HostFigures): Resources {
    return {
      at: Math.round(this.#options.clock.epochMs()),
      cpuPercent: rounded(host.cpuPercent),
      memoryPercent: rounded(host.memoryPercent),
      temperatureC: rounded(host.temperatureC),
      ownCpuPercent: rounded(this.#ownCpuPercent()),
      ownMemoryBytes: this.#ownMemory.value,
      liveBytes: this.#liveBytes,
      memoryBytes: null,
      throttling: null,
      loopDelayMs: null,
      freeLiveBytes: null,
      simulated: [],
      unknown: {},
      freeDiskBytes: this.#freeDisk.value,
    };
  }

  #ownCpuPercent(): number | null {
    const now = {
      atMs: this.#options.clock.monotonicMs(),
      times: cpuTimesOf(this.#own.list().filter((one) => !isGone(one))),
    };
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return null;
    const seconds = (now.atMs - before.atMs) / 1000;
    return (cpuSecondsBetween(before.times, now.times) / seconds / availableParallelism()) * 100;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Bytes of all files below a folder on tmpfs, where reading at once costs a tenth of reading beside the loop. */
function bytesBelow(folder: string): number | null {
  try {
    let total = 0;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) total += bytesBelow(path) ?? 0;
      else total += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
    return total;
  } catch {
    return null; // Not there yet, or removed since its parent was read.
  }
}
