import { describe, expect, it } from "vitest";
import { brokenFrames, camerasShown, framesGoingOn } from "../../support/picture-rules.js";
import type { ShownFrame } from "../../support/player-page.js";

const shown = (strip: ShownFrame["strip"]): ShownFrame => ({
  ...{ view: "player", shownMs: 0, mediaS: 0, width: 640, height: 480 },
  strip,
});
const frame = (camera: number, drawnMs: number) => shown({ valid: true, camera, frame: 0, drawnMs });
const unreadable = shown({ valid: false, why: "cell 3 has luma 120" });

describe("the rules of the picture", () => {
  it("take repeats, and a new camera whose frames are newer", () => {
    expect(brokenFrames([frame(0, 1), frame(0, 1), frame(1, 2)])).toEqual([]);
  });

  it("name a frame that is older than one before it, and one that cannot be read", () => {
    const broken = brokenFrames([frame(0, 5), frame(1, 4), unreadable]);
    expect(broken).toEqual([
      "frame 1 at 0.000 s, after 0.000 goes back by 1 ms",
      "frame 2 at 0.000 s, after 0.000: cell 3 has luma 120",
    ]);
  });

  it("pass over what a player shows again after a seek back of its own, and keep an old picture at a new place", () => {
    const at = (mediaS: number, drawnMs: number): ShownFrame => ({ ...frame(0, drawnMs), mediaS });
    const again = [at(35.9, 100), at(36, 200), at(35.8, 50), at(35.95, 150), at(36.1, 300)];
    expect(brokenFrames(framesGoingOn(again))).toEqual([]);
    expect(brokenFrames(framesGoingOn([...again, at(36.2, 250)]))).toHaveLength(1);
    expect(brokenFrames(framesGoingOn([...again, at(5, 250)]))).toHaveLength(1);
  });

  it("list the cameras as they followed one another", () => {
    expect(camerasShown([frame(0, 1), frame(0, 2), unreadable, frame(1, 3), frame(0, 4)])).toEqual([0, null, 1, 0]);
  });
});
