import { describe, expect, it } from "vitest";
import { columnsOf, extremesOf } from "../../../../web/src/plots/columns.js";
import {
  hasHoleBefore,
  inSteps,
  trackMs,
  withHistory,
  withSample,
  type Sample,
} from "../../../../web/src/plots/track.js";
import { sampleAt } from "../support.js";

const times = (track: readonly { at: number }[]) => track.map(({ at }) => at);

describe("the track of the last ten minutes (B1)", () => {
  it("takes each sample once, in its order", () => {
    let track: readonly Sample[] = [];
    for (const at of [1000, 2000, 2000, 1500]) track = withSample(track, sampleAt(at));
    expect(times(track)).toEqual([1000, 2000]);
  });

  it("forgets what is older than ten minutes", () => {
    const track = withSample([sampleAt(0), sampleAt(5000)], sampleAt(trackMs + 1000));
    expect(times(track)).toEqual([5000, trackMs + 1000]);
  });

  it("begins anew when the device's clock was set back, but not for a sample that is merely late", () => {
    const track = [sampleAt(100_000)];
    expect(times(withSample(track, sampleAt(99_000)))).toEqual([100_000]);
    expect(times(withSample(track, sampleAt(10_000)))).toEqual([10_000]);
  });

  it("puts the service's history before what was heard since, each moment once", () => {
    const heard = [sampleAt(3000), sampleAt(4000)];
    expect(times(withHistory(heard, [sampleAt(1000), sampleAt(2000), sampleAt(3000)]))).toEqual([
      1000, 2000, 3000, 4000,
    ]);
    expect(times(withHistory(heard, []))).toEqual([3000, 4000]);
  });

  it("knows when something is missing: at the beginning, and after a pause", () => {
    expect(hasHoleBefore([], 1000)).toBe(true);
    expect(hasHoleBefore([sampleAt(1000)], 2100)).toBe(false);
    expect(hasHoleBefore([sampleAt(1000)], 9000)).toBe(true);
  });

  it("changes once in a step for those who want less motion", () => {
    const track = [18_000, 19_000, 20_000, 21_000, 22_000].map((at) => sampleAt(at));
    expect(times(inSteps(track, 10_000))).toEqual([18_000, 19_000, 20_000]);
    expect(times(inSteps([sampleAt(21_000)], 10_000))).toEqual([21_000]);
  });
});

describe("columns of a plot", () => {
  const cpu = ({ cpuPercent }: { cpuPercent: number | null }) => cpuPercent;

  it("keep the unknown as it is, never as zero", () => {
    const samples = [sampleAt(1000, { cpuPercent: 0 }), sampleAt(2000, { cpuPercent: null })];
    expect(columnsOf(samples, [cpu])).toEqual([
      [1, 2],
      [0, null],
    ]);
  });

  it("break the line where samples are missing", () => {
    const [seconds, values] = columnsOf([sampleAt(1000), sampleAt(9000)], [cpu]);
    expect(seconds).toEqual([1, 1.001, 9]);
    expect(values).toEqual([20, null, 20]);
  });

  it("tell least and most of what is known", () => {
    expect(extremesOf([null, 3, 1, null])).toEqual({ least: 1, most: 3 });
    expect(extremesOf([null])).toBeNull();
    expect(extremesOf([])).toBeNull();
  });
});
