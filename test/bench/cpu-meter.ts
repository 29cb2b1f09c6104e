import { cpuTicksPerSecond, readProcess } from "../../server/process/process-table.js";

/**
 * Processor time of some processes over a span of time. They must live through it: what one that ended had used is not
 * known any more.
 */
export class CpuMeter {
  readonly #startedMs = performance.now();
  readonly #first: ReadonlyMap<number, number>;

  constructor(pids: readonly number[]) {
    this.#first = new Map(pids.map((pid) => [pid, ticksOf(pid)]));
  }

  /** Percent of one core since the start, all processes together. */
  percent(): number {
    const ticks = [...this.#first].reduce((sum, [pid, first]) => sum + Math.max(0, ticksOf(pid) - first), 0);
    return ((ticks / cpuTicksPerSecond) * 100_000) / (performance.now() - this.#startedMs);
  }
}

const ticksOf = (pid: number): number => readProcess(pid)?.cpuTicks ?? 0;
