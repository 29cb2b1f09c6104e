/**
 * ResourceMonitor: samples the machine and our own processes each second (B1). It decides nothing: the guard does. The
 * composition root closes it.
 *
 * Invariants: what cannot be read is null, never 0, and its reason is said; a reading that hangs (a dead network disk, a
 * sensor's driver) makes its own figure unknown and holds up no other, and no later sample; one sample at a time.
 */
import { EventEmitter } from "node:events";
import { availableParallelism, totalmem } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import { isGone, pssBytes } from "../../process/process-table.js";
import { known, partOf, unknown, type Measured } from "../../lib/measured.js";
import { bytesBelow, freeBytes } from "./folder-space.js";
import { HostProbe } from "./host-figures.js";
import { LoopDelay } from "./loop-delay.js";
import { cpuSecondsBetween, cpuTimesOf, isSimulatedCamera, OwnProcesses, type CpuTimes } from "./own-processes.js";
import { composeSample, type Resources, type StatedFigures } from "./resources.js";
import { SlowFigure } from "./slow-figure.js";
import { readTemperature } from "./thermal.js";
import { ThrottlingProbe } from "./throttling-probe.js";

export interface ResourceMonitorOptions {
  /** Folder of live media, on tmpfs. */
  readonly live: string;
  /** Folder of what survives a restart. */
  readonly state: string;
  /** Where sysfs is mounted. Default: /sys. */
  readonly sysfs?: string;
  /** Default: vcgencmd. */
  readonly vcgencmdProgram?: string;
  /** Process below which ours are found. Default: this one; where a supervisor runs us, it is one of ours. */
  readonly root?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: 1000. */
  readonly intervalMs?: number;
}

interface ResourceEvents {
  sample: [Resources];
  /** The event loop stood still for so many milliseconds, and turns again. */
  loopBlocked: [number];
}

/** The costly figures are read only every fifth sample. */
const slowEvery = 5;
/** The firmware is asked every second one: it costs a process. */
const throttlingEvery = 2;
/** So long a sample waits for its readings, of which the CPU's takes 200 ms; what comes later is in the next one. */
const readingMs = 700;
/** A loop that stood still for longer is told: players have a hold-back of 0.6 s. */
const blockedMs = 1000;
const defaultSysfs = "/sys";

export class ResourceMonitor extends EventEmitter<ResourceEvents> {
  readonly #options: ResourceMonitorOptions;
  readonly #own: OwnProcesses;
  readonly #loopDelay = new LoopDelay();
  readonly #throttlingProbe: ThrottlingProbe;
  readonly #host;
  readonly #temperature;
  readonly #throttling;
  readonly #ownMemory;
  readonly #freeDisk;
  readonly #freeLive;
  readonly #timer: NodeJS.Timeout;
  #liveBytes: Measured<number> = unknown("It was not read yet.");
  #stated: StatedFigures | null = null;
  #latest: Resources | null = null;
  #before: { readonly atMs: number; readonly times: CpuTimes } | undefined;
  #begun = 0;
  #samples = 0;
  #isSampling = false;
  #isClosed = false;

  /** Begins at once; the first sample comes about 200 ms later. */
  constructor(options: ResourceMonitorOptions) {
    super();
    this.#options = options;
    const { live, state, sysfs = defaultSysfs, vcgencmdProgram: program = "vcgencmd", clock, log } = options;
    const probe = new HostProbe();
    this.#own = new OwnProcesses(options.root ?? process.pid, isSimulatedCamera);
    this.#throttlingProbe = new ThrottlingProbe({ program, sysfs, clock, log });
    this.#host = new SlowFigure(async () => known(await probe.read()));
    this.#temperature = new SlowFigure(() => temperatureOf(sysfs, probe));
    this.#throttling = new SlowFigure(() => this.#throttlingProbe.read());
    this.#ownMemory = new SlowFigure(() => this.#readOwnMemory());
    this.#freeDisk = new SlowFigure(() => freeBytes(state));
    this.#freeLive = new SlowFigure(() => freeBytes(live));
    this.#timer = setInterval(() => void this.#sample(), options.intervalMs ?? 1000);
    this.#timer.unref();
    void this.#sample();
  }

  /** The newest sample; null before the first. */
  get latest(): Resources | null {
    return this.#latest;
  }

  /** How many there were: it goes on as long as the monitor does its work. */
  get samples(): number {
    return this.#samples;
  }

  /** Puts a drill's figures in place of the machine's from the next sample on, which names them; null ends that. */
  simulate(figures: StatedFigures | null): void {
    this.#stated = figures;
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#loopDelay.close();
    this.#throttlingProbe.close();
  }

  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      await this.#read();
      if (this.#isClosed) return;
      const sample = this.#compose();
      this.#latest = sample;
      this.#samples += 1;
      this.emit("sample", sample);
      if (sample.loopDelayMs !== null && sample.loopDelayMs > blockedMs) this.emit("loopBlocked", sample.loopDelayMs);
    } catch (error) {
      this.#options.log.error("the resources could not be sampled", { error });
    } finally {
      this.#isSampling = false;
    }
  }

  /** Begins what is due, and waits for what a sample must have anew. */
  async #read(): Promise<void> {
    const count = this.#begun++;
    if (count % slowEvery === 0) {
      void this.#ownMemory.refresh();
      void this.#freeDisk.refresh();
      this.#liveBytes = bytesBelow(this.#options.live);
    }
    if (count % throttlingEvery === 0) void this.#throttling.refresh();
    const fresh = [this.#host.refresh(), this.#temperature.refresh(), this.#freeLive.refresh()];
    const late = new AbortController();
    const limit = wait(readingMs, undefined, { signal: late.signal, ref: false }).catch(() => undefined);
    await Promise.race([Promise.all(fresh), limit]);
    late.abort();
  }

  #compose(): Resources {
    const host = this.#host.latest;
    const figures = {
      cpuPercent: partOf(host, ({ cpuPercent }) => cpuPercent),
      memoryPercent: partOf(host, ({ memoryPercent }) => memoryPercent),
      memoryBytes: known(totalmem()),
      temperatureC: this.#temperature.latest,
      throttling: this.#throttling.latest,
      ownCpuPercent: this.#ownCpuPercent(),
      ownMemoryBytes: this.#ownMemory.latest,
      loopDelayMs: known(this.#loopDelay.take()),
      liveBytes: this.#liveBytes,
      freeLiveBytes: this.#freeLive.latest,
      freeDiskBytes: this.#freeDisk.latest,
    };
    return composeSample(Math.round(this.#options.clock.epochMs()), figures, this.#stated);
  }

  async #readOwnMemory(): Promise<Measured<number>> {
    const bytes = await pssBytes(this.#own.list().map(({ pid }) => pid));
    return bytes === null ? unknown("The memory of one of our processes may not be read.") : known(bytes);
  }

  #ownCpuPercent(): Measured<number> {
    const now = {
      atMs: this.#options.clock.monotonicMs(),
      times: cpuTimesOf(this.#own.list().filter((one) => !isGone(one))),
    };
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return unknown("It is known from the second sample on.");
    const seconds = (now.atMs - before.atMs) / 1000;
    return known((cpuSecondsBetween(before.times, now.times) / seconds / availableParallelism()) * 100);
  }
}

/** node-os-utils looks at this very machine: it has nothing to say of another sysfs. */
async function temperatureOf(sysfs: string, probe: HostProbe): Promise<Measured<number>> {
  const read = await readTemperature(sysfs);
  if (read.known || sysfs !== defaultSysfs) return read;
  const other = await probe.temperature();
  return other.known ? other : read;
}
