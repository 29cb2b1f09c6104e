import { OSUtils } from "node-os-utils";
import { known, unknown, type Measured } from "../../lib/measured.js";

/** Figures of the whole machine. */
export interface HostFigures {
  /** Share of all cores in use, 0–100, waiting for disks apart. */
  readonly cpuPercent: Measured<number>;
  /** Share of the memory that is not available, 0–100. */
  readonly memoryPercent: Measured<number>;
}

/** The part of node-os-utils that is used: every answer may be a failure. */
type Answer<Value> = { readonly success: true; readonly data: Value } | { readonly success: false };

/** An answer as a figure: node-os-utils gives 0 for what it could not read, so only what is plausible counts. */
export function figureOf(answer: Answer<number>, isPlausible: (value: number) => boolean): Measured<number> {
  if (!answer.success) return unknown("node-os-utils could not read it.");
  return isPlausible(answer.data) ? known(answer.data) : unknown(`${answer.data} cannot be true.`);
}

/** The hottest of the sensors; one that reads exactly 0 is one that could not be read. */
export function hottest(answer: Answer<readonly number[]>): Measured<number> {
  const values = answer.success ? answer.data.filter((value) => Number.isFinite(value) && value !== 0) : [];
  return values.length === 0 ? unknown("This machine has no temperature sensor.") : known(Math.max(...values));
}

const isPercent = (value: number): boolean => value >= 0 && value <= 100;

/** Reads them through node-os-utils. */
export class HostProbe {
  readonly #os = new OSUtils({
    cacheEnabled: false,
    cpu: { includeTemperature: true, excludeIowait: true },
  });

  /** Takes 200 ms, in which it compares the CPU times of the kernel. */
  async read(): Promise<HostFigures> {
    const { cpu, memory } = this.#os;
    const [cpuShare, memoryShare] = await Promise.all([cpu.usage(), memory.usage()]);
    return {
      cpuPercent: figureOf(cpuShare, isPercent),
      memoryPercent: figureOf(memoryShare, (value) => isPercent(value) && value > 0),
    };
  }

  /** What node-os-utils knows of temperatures, for machines whose sysfs says nothing. */
  async temperature(): Promise<Measured<number>> {
    return hottest(await this.#os.cpu.temperature());
  }
}
