import type { HourCounts } from "../../../server/http/wire-protection.js";

/** What operators count, over some hours. */
export interface CountsSum {
  readonly switches: number;
  /** Of the switches, in percent; null when there was none. */
  readonly successPercent: number | null;
  readonly cpuOverSeconds: number;
  readonly temperatureOverSeconds: number;
  readonly memoryOverSeconds: number;
  readonly reducedSeconds: number;
  readonly stoppedSeconds: number;
  readonly viewersMost: number;
  /** Over the hours in which the service ran; null when there was none. */
  readonly viewersMean: number | null;
}

const hourMs = 3_600_000;

/** Sums the hours that began within the last `hours`; the present hour counts by the part that is over. */
export function sumCounts(rows: readonly HourCounts[], hours: number, nowMs: number): CountsSum {
  const within = rows.filter(({ at }) => at > nowMs - hours * hourMs && at <= nowMs);
  const sum = (pick: (row: HourCounts) => number) => within.reduce((total, row) => total + pick(row), 0);
  const switches = sum((row) => row.switches);
  const observedS = sum(({ at }) => Math.min(hourMs, nowMs - at) / 1000);
  return {
    switches,
    successPercent: switches === 0 ? null : (100 * sum((row) => row.switchesCommitted)) / switches,
    cpuOverSeconds: sum((row) => row.cpuOverSeconds),
    temperatureOverSeconds: sum((row) => row.temperatureOverSeconds),
    memoryOverSeconds: sum((row) => row.memoryOverSeconds),
    reducedSeconds: sum((row) => row.reducedSeconds),
    stoppedSeconds: sum((row) => row.stoppedSeconds),
    viewersMost: Math.max(0, ...within.map((row) => row.viewersMost)),
    viewersMean: observedS <= 0 ? null : sum((row) => row.viewerSeconds) / observedS,
  };
}
