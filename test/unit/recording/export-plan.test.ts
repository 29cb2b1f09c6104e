import { describe, expect, it } from "vitest";
import {
  checkSources,
  concatList,
  exportName,
  gapsBetween,
  keyFrameAt,
} from "../../../server/recording/export/export-plan.js";
import { recordingRow } from "../../support/recording-rows.js";

describe("an export", () => {
  it("of nothing is refused", () => {
    expect(() => {
      checkSources([]);
    }).toThrow(expect.objectContaining({ code: "notFound" }));
  });

  it("of a picture of two sizes is refused, and says when it changes", () => {
    const rows = [
      recordingRow({ id: 1 }),
      recordingRow({ id: 2, width: 1280, height: 720, started_at: 1_700_000_030_000 }),
    ];
    expect(() => {
      checkSources(rows);
    }).toThrow(
      expect.objectContaining({ code: "exportMixed", message: expect.stringContaining("22:13:50") as string }),
    );
  });

  it("knows what is missing between its sources", () => {
    const rows = [
      recordingRow({ id: 1, started_at: 0, ended_at: 30_000, start_ticks: 0, end_ticks: 2_700_000 }),
      recordingRow({ id: 2, started_at: 30_000, ended_at: 60_000, start_ticks: 2_700_000, end_ticks: 5_400_000 }),
      recordingRow({ id: 3, started_at: 90_000, ended_at: 120_000, start_ticks: 8_100_000, end_ticks: 10_800_000 }),
    ];
    expect(gapsBetween(rows)).toEqual([{ from: 60_000, to: 90_000 }]);
  });

  it("begins with the key frame at or before its time", () => {
    const samples = Array.from({ length: 90 }, (_, index) => ({
      offset: 0,
      size: 1,
      ticks: 3000,
      sync: index % 30 === 0,
    }));
    const movie = { samples, timescale: 90_000 };
    expect([0, 0.99, 1, 1.5, 2.999, 60].map((seconds) => keyFrameAt(movie, seconds))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("names files to ffmpeg so that no character of a path means anything", () => {
    const list = concatList(["/a b/it's\\#.mp4", "/c.mp4"], { inPoint: 1, outPoint: 2.5 });
    expect(list.split("\n")).toEqual([
      "ffconcat version 1.0",
      String.raw`file 'file:/a b/it'\''s\#.mp4'`,
      "inpoint 1.000000",
      "file 'file:/c.mp4'",
      "outpoint 2.500000",
      "",
    ]);
  });

  it("is named by the clock on the wall", () => {
    const from = Date.parse("2026-11-21T23:59:30Z");
    expect(exportName(1, from, from + 60_000, 540)).toBe("cam1_20261122_085930-20261122_090030.mp4");
  });
});
