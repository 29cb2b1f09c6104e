import { OSUtils } from "node-os-utils";

/** Figures of the whole machine; null is unknown. */
export interface HostFigures {
  /** Share of all cores in use, 0–100, waiting for disks apart. */
  readonly cpuPercent: number | null;
  /** Share of the memory that is not available, 0–100. */
  readonly memoryPercent: number | null;
  /** Of the hottest sensor. */
  readonly temperatureC: number | null;
}

/** The part of node-os-utils that is used: every answer may be a failure. */
type Answer<Value> = { readonly success: true; readonly data: Value } | { readonly success: false };

/** The value of an answer, or null: node-os-utils gives 0 for what it could not read, so no plausible value is lost. */
export function known(answer: Answer<number>, isPlausible: (value: number) => boolean): number | null {
  return answer.success && isPlausible(answer.data) ? answer.data : null;
}

/** The hottest of the sensors; one that reads exactly 0 is one that could not be read. */
export function hottest(answer: Answer<readonly number[]>): number | null {
  const values = answer.success ? answer.data.filter((value) => Number.isFinite(value) && value !== 0) : [];
  return values.length === 0 ? null : Math.max(...values);
}

const isPercent = (value: number): boolean => value >= 0 && value <= 100;

/** Reads them through node-os-utils. Takes 200 ms, in which it compares the CPU times of the kernel. */
export class HostProbe {
  readonly #os = new OSUtils({
    cacheEnabled: false,
    cpu: { includeTemperature: true, excludeIowait: true },
  });

  async read(): Promise<HostFigures> {
    const { cpu, memory } = this.#os;
    const [cpuShare, memoryShare, sensors] = await Promise.all([cpu.usage(), memory.usage(), cpu.temperature()]);
    return {
      cpuPercent: known(cpuShare, isPercent),
      memoryPercent: known(memoryShare, (value) => isPercent(value) && value > 0),
      temperatureC: hottest(sensors),
    };
  }
}
