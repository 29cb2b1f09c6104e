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
  it.each([
    ["nothing", [], "nothingRecorded"],
    [
      "more than about a day",
      [recordingRow({ frames: 2_000_000 }), recordingRow({ frames: 1_000_001 })],
      "exportTooLong",
    ],
    ["more files than a day has", Array.from({ length: 20_001 }, () => recordingRow()), "exportTooLong"],
  ])("of %s is refused", (_what, rows, code) => {
    expect(() => {
      checkSources(rows);
    }).toThrow(expect.objectContaining({ code }));
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
      // Another generation, and no time between; another channel, whose clock is a little behind.
      recordingRow({ id: 4, started_at: 120_000, start_ticks: 10_800_000, generation: 2 }),
      recordingRow({ id: 5, started_at: 149_980, start_ticks: 0, channel: "cam0" }),
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
    const [atMs, tzOffsetMinutes] = [Date.parse("2026-11-21T23:59:30Z"), 540];
    const end = { atMs: atMs + 60_000, tzOffsetMinutes };
    expect(exportName(1, { atMs, tzOffsetMinutes }, end)).toBe("cam1_20261122_085930-20261122_090030.mp4");
    // The clocks go back meanwhile.
    const winter = { ...end, tzOffsetMinutes: 480 };
    expect(exportName(1, { atMs, tzOffsetMinutes }, winter)).toBe("cam1_20261122_085930-20261122_080030.mp4");
  });
});
