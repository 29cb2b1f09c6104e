import type { Resources } from "../../server/guard/resources/resources.js";

/** A sample of a machine that has nothing to complain about, but for what is given. */
export function sampleOf(changes: Partial<Resources> = {}): Resources {
  const calm = { underVoltage: false, frequencyCapped: false, throttled: false, softTemperatureLimit: false };
  return {
    at: 1_700_000_000_000,
    cpuPercent: 20,
    memoryPercent: 30,
    memoryBytes: 4_000_000_000,
    temperatureC: 50,
    throttling: { now: calm, sinceBoot: calm },
    loopDelayMs: 2,
    ownCpuPercent: 10,
    ownMemoryBytes: 150_000_000,
    liveBytes: 5_000_000,
    freeLiveBytes: 1_000_000_000,
    freeDiskBytes: 20_000_000_000,
    simulated: [],
    unknown: {},
    ...changes,
  };
}
