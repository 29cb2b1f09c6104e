import { describe, expect, it } from "vitest";
import { timelineFindings } from "../../../server/recording/check/compare-timeline.js";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";

const second = 90_000;

/** A recording by the seconds of its channel at which it begins and ends. */
function row(from: number, to: number, given: Partial<RecordingRow> = {}): RecordingRow {
  return {
    ...{ id: from, camera: 0, channel: "main", path: `${from}.mp4`, tz_offset_min: 0, generation: 1, reason: null },
    ...{ started_at: from * 1000, ended_at: to * 1000, start_ticks: from * second, end_ticks: to * second },
    ...{ width: 640, height: 480, fps: 30, profile: "{}", frames: 1, bytes: 1, sha256: "", state: "finished" },
    ...{ pinned: 0, dated: 1, ...given },
  };
}

const kinds = (...given: Parameters<typeof timelineFindings>) => timelineFindings(...given).map(({ kind }) => kind);
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

  it("knows no overlap between two channels", () => {
    expect(kinds([row(0, 30), row(15, 45, { channel: "cam1" })], [], [])).toEqual([]);
  });

  it("names a time that is missing, unless it was written down or the channel had no picture", () => {
    const rows = [row(60, 90), row(0, 30)];
    expect(kinds(rows, [], [])).toEqual(["unexplained"]);
    expect(kinds(rows, [gap(30, 60)], [])).toEqual([]);
    expect(kinds(rows, [gap(0, 30)], [])).toEqual(["unexplained"]);
    expect(kinds(rows, [], [{ fromMs: 31_000, toMs: 50_000 }])).toEqual([]);
  });
});
