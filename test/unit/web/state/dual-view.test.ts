import { describe, expect, it } from "vitest";
import { pickDualView } from "../../../../web/src/state/dual-view.js";
import { stageChannels } from "../../../../web/src/state/stage-channels.js";
import { channel, status } from "../support.js";

const own = (camera: number) => channel({ name: `cam${camera}`, camera });
const dual = status({
  mode: "dual",
  modeInForce: { mode: "dual", reason: null },
  channels: [channel(), own(0), own(1)],
});

describe("what a browser shows in dual mode", () => {
  it("is side by side unless it remembers a camera", () => {
    expect([null, "both", "1", "-1", "x"].map(pickDualView)).toEqual(["both", "both", 1, "both", "both"]);
  });

  it("is each camera's own channel, or one of them large", () => {
    expect(stageChannels(dual, "both")).toEqual({ first: own(0), second: own(1) });
    expect(stageChannels(dual, 1)).toEqual({ first: own(1), second: null });
  });

  it("is side by side where the camera that is remembered is not there", () => {
    expect(stageChannels(dual, 5)).toEqual({ first: own(0), second: own(1) });
  });

  it("is the active camera's channel in any other mode, also while the guard keeps dual mode away", () => {
    const main = { first: channel(), second: null };
    expect(stageChannels(status(), 1)).toEqual(main);
    expect(stageChannels({ ...dual, modeInForce: { mode: "toggle", reason: null } }, "both")).toEqual(main);
    expect(stageChannels(null, "both")).toEqual({ first: null, second: null });
  });
});
