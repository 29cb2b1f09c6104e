import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timelineFindings, type GapRow, type TimelineRow } from "../../../server/recording/check/compare-timeline.js";
import { Intervals, type Interval } from "../../../server/recording/check/intervals.js";

const second = 90_000;

/** A recording by the seconds of its channel at which it begins and ends. */
function row(from: number, to: number, given: Partial<TimelineRow> = {}): TimelineRow {
  return {
    ...{ channel: "main", path: `${from}.mp4`, started_at: from * 1000, ended_at: to * 1000 },
    ...{ start_ticks: from * second, end_ticks: to * second, ...given },
  };
}

/** Rows in the catalogue's order. */
const kinds = (rows: readonly TimelineRow[], gaps: readonly GapRow[], explained: readonly Interval[]) =>
  [...timelineFindings(rows, gaps, new Intervals(explained))].map(({ kind }) => kind);
const gap = (from: number, to: number) => ({ channel: "main", from_ticks: from * second, to_ticks: to * second });

describe("smart-toggle check, on the timeline of a channel", () => {
  it("finds nothing where files adjoin, also while the wall clock is set back", () => {
    const back = row(30, 60, { started_at: 0, ended_at: 30_000 });
    expect(kinds([row(0, 30), back], [], [])).toEqual([]);
  });

  it("names two files that show the same, to the tick", () => {
    expect(kinds([row(0, 30), row(30, 60, { start_ticks: 30 * second - 1 })], [], [])).toEqual(["overlap"]);
  });

  it("knows no overlap with what was recorded at the same ticks before the state was lost", () => {
    const before = row(0, 30, { started_at: -3_600_000, ended_at: -3_570_000 });
    expect(kinds([before, row(0, 30)], [], [])).toEqual([]);
    expect(kinds([row(0, 30, { path: "twin.mp4" }), row(0, 30)], [], [])).toEqual(["overlap"]);
  });

  it("knows no overlap between two channels, nor a time that is missing", () => {
    const own = [row(15, 45, { channel: "cam1" }), row(60, 90, { channel: "main" })];
    expect(kinds([...own.slice(0, 1), row(0, 30), row(30, 60), ...own.slice(1)], [], [])).toEqual([]);
  });

  it("names a time that is missing, unless it was written down or the channel had no picture", () => {
    const rows = [row(0, 30), row(60, 90)];
    expect(kinds(rows, [], [])).toEqual(["unexplained"]);
    expect(kinds(rows, [gap(30, 60)], [])).toEqual([]);
    expect(kinds(rows, [gap(0, 30)], [])).toEqual(["unexplained"]);
    expect(kinds(rows, [], [{ from: 31_000, to: 50_000 }])).toEqual([]);
  });
});

describe("intervals", () => {
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 10 }))
    .map(([from, length]) => ({ from, to: from + length }));

  it("meet another one where any of them has something in common with it", () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), interval, (all, asked) => {
        const expected = all.some(({ from, to }) => from < asked.to && to > asked.from);
        expect(new Intervals(all).meets(asked)).toBe(expected);
      }),
    );
  });
});
