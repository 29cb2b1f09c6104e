import { describe, expect, it } from "vitest";
import { tableOf, verdictOf, type Measured } from "../../bench/report.js";
import { figures, percentile } from "../../bench/stats.js";

const click: Measured = { from: "picture", what: "click", value: 1500, unit: "ms", budget: "clickMedian" };

describe("percentile", () => {
  it("is a value that was measured, by its nearest rank", () => {
    const values = [9, 1, 5, 3, 7];
    expect([0, 20, 21, 50, 99, 100].map((percent) => percentile(values, percent))).toEqual([1, 1, 3, 5, 9, 9]);
  });

  it("is unknown where nothing was measured", () => {
    expect(figures([])).toEqual({ count: 0, median: null, p95: null, p99: null, max: null });
  });
});

describe("verdictOf", () => {
  it("compares with the limit, then with the goal", () => {
    expect(verdictOf(click)).toMatchObject({ met: true, text: "ok" });
    expect(verdictOf({ ...click, value: 1400 })).toMatchObject({ met: true, text: "ok, goal 1400 met" });
    expect(verdictOf({ ...click, value: 1923 })).toMatchObject({ met: false, text: "missed by 123 ms" });
  });

  it("counts what was not measured as missed, and says nothing of a comparison", () => {
    expect(verdictOf({ ...click, value: null })).toMatchObject({ met: false, text: "not measured" });
    expect(verdictOf({ from: "picture", what: "a peer", value: 1, unit: "ms" })).toBeNull();
  });

  it("makes rows of equal width", () => {
    const lines = tableOf([click, { ...click, what: "a much longer name", note: "12 switches" }]).split("\n");
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[2]).toContain("| click");
  });
});
