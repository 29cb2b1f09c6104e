import type { Resources } from "./resources.js";

/** The figures that are plotted. */
export type PlottedFigures = Pick<
  Resources,
  "at" | "cpuPercent" | "ownCpuPercent" | "memoryPercent" | "ownMemoryBytes" | "temperatureC"
>;

/** Ten minutes of one sample each second. */
const keptSamples = 600;

/** The newest samples, in a ring: what it takes stays the same for ever. */
export class ResourceHistory {
  readonly #ring: PlottedFigures[] = [];
  #next = 0;

  add({ at, cpuPercent, ownCpuPercent, memoryPercent, ownMemoryBytes, temperatureC }: Resources): void {
    this.#ring[this.#next] = { at, cpuPercent, ownCpuPercent, memoryPercent, ownMemoryBytes, temperatureC };
    this.#next = (this.#next + 1) % keptSamples;
  }

  /** The last `count` samples at the most, oldest first. */
  newest(count: number = keptSamples): PlottedFigures[] {
    const whole = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return count >= whole.length ? whole : whole.slice(whole.length - count);
  }
}
