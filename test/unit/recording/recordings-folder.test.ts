import { describe, expect, it } from "vitest";
import { judgeFolder, type FolderFacts } from "../../../server/recording/storage/recordings-folder.js";

const facts: FolderFacts = {
  device: 7,
  deviceAbove: 7,
  marker: "a",
  remembered: { device: 7, marker: "a" },
};

describe("E4 whether a folder is the one of the recordings", () => {
  it.each<[string, Partial<FolderFacts>, string]>([
    ["it is as it was", {}, "use"],
    ["its disk has another number since the last boot", { device: 9 }, "use"],
    ["it was emptied, on the same disk", { marker: null }, "mark"],
    ["it was removed, on the same disk", { device: null, marker: null }, "create"],
    ["only the mount point is left", { device: 1, deviceAbove: 1, marker: null }, "missing"],
    ["not even the mount point is left", { device: null, deviceAbove: 1, marker: null }, "missing"],
    ["another disk of ours is mounted there", { device: 8, marker: "b" }, "missing"],
    ["it is new", { device: null, marker: null, remembered: null }, "create"],
    ["it is new to us, and there", { marker: null, remembered: null }, "mark"],
    ["it is ours, and the memory of it was lost", { remembered: null }, "use"],
  ])("%s", (_, given, verdict) => {
    expect(judgeFolder({ ...facts, ...given })).toBe(verdict);
  });
});
