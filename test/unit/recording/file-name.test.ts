import { describe, expect, it } from "vitest";
import { finishedName, folderFor, partialName, stemFor } from "../../../server/recording/files/file-name.js";

const at = (iso: string): number => Date.parse(iso);

describe("E2 names of recordings", () => {
  it("are of local time, in a folder of the local day", () => {
    const epochMs = at("2026-11-21T15:00:00Z"); // Midnight and the next day, in Korea.
    expect(folderFor(1, epochMs, 9 * 60)).toBe("cam1/261122");
    expect(stemFor(1, epochMs, 9 * 60)).toBe("cam1_20261122_000000");
  });

  it("take the nearest whole second, because files begin near whole ones", () => {
    expect(stemFor(0, at("2026-11-21T14:29:59.700Z"), 0)).toBe("cam0_20261121_143000");
    expect(stemFor(0, at("2026-11-21T14:30:00.300Z"), 0)).toBe("cam0_20261121_143000");
    expect(folderFor(0, at("2026-12-31T23:59:59.900Z"), 0)).toBe("cam0/270101");
  });

  it("are the same an hour apart when DST ends, and get a number then", () => {
    const [summer, winter] = [at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z")];
    expect(stemFor(0, summer, 120)).toBe(stemFor(0, winter, 60));
    expect([1, 2, 3].map((attempt) => finishedName("cam0_20261025_023000", attempt))).toEqual([
      "cam0_20261025_023000.mp4",
      "cam0_20261025_023000_2.mp4",
      "cam0_20261025_023000_3.mp4",
    ]);
  });

  it("of files being written are hidden, and tell two of one second apart", () => {
    expect(partialName("cam0_20261121_143000", 900_000)).toBe(".cam0_20261121_143000_900000.partial");
  });
});
