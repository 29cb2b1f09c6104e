import { describe, expect, it } from "vitest";
import type { HourCounts } from "../../../../server/http/wire-protection.js";
import { sumCounts } from "../../../../web/src/state/counts.js";

const hourMs = 3_600_000;
const nowMs = 1000 * hourMs + hourMs / 2;
const hour = (ago: number, part: Partial<HourCounts> = {}): HourCounts => ({
  at: (1000 - ago) * hourMs,
  switches: 0,
  switchesCommitted: 0,
  cpuOverSeconds: 0,
  temperatureOverSeconds: 0,
  memoryOverSeconds: 0,
  reducedSeconds: 0,
  stoppedSeconds: 0,
  viewersMost: 0,
  viewerSeconds: 0,
  ...part,
});

describe("operators' counts (B4)", () => {
  it("sum the hours of the span, and no others", () => {
    const rows = [hour(0, { switches: 1 }), hour(23, { switches: 2 }), hour(24, { switches: 4 })];
    expect(sumCounts(rows, 24, nowMs).switches).toBe(3);
    expect(sumCounts(rows, 720, nowMs).switches).toBe(7);
  });

  it("tell success of switches, unknown without any", () => {
    const rows = [hour(0, { switches: 3, switchesCommitted: 3 }), hour(1, { switches: 1, switchesCommitted: 0 })];
    expect(sumCounts(rows, 24, nowMs).successPercent).toBe(75);
    expect(sumCounts([hour(0)], 24, nowMs).successPercent).toBeNull();
  });

  it("take the most of the viewers, and their mean over the time that is over", () => {
    const rows = [hour(0, { viewersMost: 2, viewerSeconds: 1800 }), hour(1, { viewersMost: 5, viewerSeconds: 3600 })];
    expect(sumCounts(rows, 24, nowMs)).toMatchObject({ viewersMost: 5, viewersMean: 1 });
    expect(sumCounts([], 24, nowMs)).toMatchObject({ viewersMost: 0, viewersMean: null });
  });
});
