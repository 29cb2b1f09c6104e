import { readFileSync } from "node:fs";
import {
  cpuTicksPerSecond,
  descendantsOf,
  listPids,
  readProcess,
  type ProcessInfo,
} from "../../process/process-table.js";

/** How often numbers of foreign processes are looked at again: they may have been given to one of ours. */
const forgetEvery = 30;

/**
 * This process and all below it, but for those that stand apart (simulated cameras, which a real one has no place for)
 * and what is below them. Foreign processes are read once, not each second: on a desktop there are hundreds.
 */
export class OwnProcesses {
  readonly #root: number;
  readonly #isApart: (pid: number) => boolean;
  readonly #apart = new Map<string, boolean>();
  #foreign = new Set<number>();
  #looks = 0;

  constructor(root: number, isApart: (pid: number) => boolean) {
    this.#root = root;
    this.#isApart = isApart;
  }

  list(): ProcessInfo[] {
    if (this.#looks++ % forgetEvery === 0) this.#foreign.clear();
    const pids = listPids();
    const table = pids.filter((pid) => !this.#foreign.has(pid)).flatMap((pid) => readProcess(pid) ?? []);
    const below = descendantsOf(this.#root, table);
    const own = new Set([this.#root, ...below.map(({ pid }) => pid)]);
    this.#foreign = new Set(pids.filter((pid) => !own.has(pid)));
    const apart = below.filter((one) => this.#standsApart(one));
    const left = new Set([...apart, ...apart.flatMap(({ pid }) => descendantsOf(pid, table))].map(({ pid }) => pid));
    return table.filter(({ pid }) => own.has(pid) && !left.has(pid));
  }

  #standsApart(one: ProcessInfo): boolean {
    const known = this.#apart.get(keyOf(one));
    if (known !== undefined) return known;
    if (this.#apart.size > 1000) this.#apart.clear();
    const apart = this.#isApart(one.pid);
    this.#apart.set(keyOf(one), apart);
    return apart;
  }
}

function keyOf({ pid, startTicks }: ProcessInfo): string {
  return `${pid}@${startTicks}`;
}

/** CPU times of processes at one moment, to be compared with those of a later one. */
export type CpuTimes = ReadonlyMap<string, number>;

export function cpuTimesOf(processes: readonly ProcessInfo[]): CpuTimes {
  return new Map(processes.map((one) => [keyOf(one), one.cpuTicks]));
}

/** CPU time in seconds that was used between the two moments; of processes begun in between, all they used. */
export function cpuSecondsBetween(before: CpuTimes, after: CpuTimes): number {
  let ticks = 0;
  for (const [key, used] of after) ticks += Math.max(0, used - (before.get(key) ?? 0));
  return ticks / cpuTicksPerSecond;
}

/** Whether a process runs one of the simulated camera programs. */
export function isSimulatedCamera(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("/camera/simulated/");
  } catch {
    return false;
  }
}
