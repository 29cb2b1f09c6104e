import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  follows,
  segmentLengths,
  vodPlaylist,
  type PlayedRecording,
} from "../../../server/recording/playback/vod-playlist.js";

const second = 90_000;
const recording = (id: number, fromS: number, toS: number, generation = 1): PlayedRecording => ({
  ...{ id, channel: "main", generation, startedAt: 1_700_000_000_000 + fromS * 1000 },
  ...{ startTicks: fromS * second, endTicks: toS * second },
});

describe("the playlist over recordings", () => {
  it("goes over a seam without a word, and over a gap with a discontinuity and an init segment", () => {
    const text = vodPlaylist([recording(1, 0, 30), recording(2, 30, 42.4), recording(3, 50, 80, 2)]);
    expect(text.split("\n").filter((line) => /DISCONT|MAP/.test(line))).toEqual([
      '#EXT-X-MAP:URI="1/init.mp4"',
      "#EXT-X-DISCONTINUITY",
      '#EXT-X-MAP:URI="3/init.mp4"',
    ]);
    expect(text).toContain("#EXTINF:2.40000,\n2/segments/2.m4s");
    expect(text.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
  });

  it.each([
    ["another generation", { generation: 2 }],
    ["another channel", { channel: "cam0" }],
    ["a tick that is missing", { startTicks: 30 * second + 1 }],
    ["a tick that is there twice", { startTicks: 30 * second - 1 }],
  ])("%s is no seam", (_what, change) => {
    expect(follows(recording(1, 0, 30), recording(2, 30, 60))).toBe(true);
    expect(follows(recording(1, 0, 30), { ...recording(2, 30, 60), ...change })).toBe(false);
  });

  it("names segments that are as long as the recording, to the tick, and none longer than the target", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3600 * second }), (ticks) => {
        const lengths = segmentLengths({ startTicks: 5, endTicks: 5 + ticks });
        expect(lengths.reduce((sum, each) => sum + each, 0)).toBe(ticks);
        expect(lengths.every((each) => each > 0 && each <= 5 * second)).toBe(true);
      }),
    );
  });
});
