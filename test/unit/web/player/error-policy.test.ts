import { describe, expect, it } from "vitest";
import { actionFor, type PlayerError } from "../../../../web/src/player/error-policy.js";

const types: PlayerError["type"][] = ["networkError", "mediaError", "muxError", "otherError", "keySystemError"];

describe("errors of the player", () => {
  it("leaves to hls.js what is not fatal, except media that are gone", () => {
    for (const type of types) expect(actionFor({ type, details: "bufferStalledError", fatal: false })).toBe("ignore");
    expect(actionFor({ type: "networkError", details: "fragLoadError", fatal: false })).toBe("jump");
    expect(actionFor({ type: "networkError", details: "levelLoadError", fatal: false })).toBe("ignore");
  });

  it("never ignores what is fatal", () => {
    for (const type of types) {
      expect(actionFor({ type, details: "unknown", fatal: true })).not.toBe("ignore");
      expect(actionFor({ type, details: "fragLoadError", fatal: true })).not.toBe("ignore");
    }
  });

  it("resets buffers for broken media, and starts anew for the network and for other codecs", () => {
    expect(actionFor({ type: "mediaError", details: "bufferAppendError", fatal: true })).toBe("recoverMedia");
    expect(actionFor({ type: "mediaError", details: "bufferAddCodecError", fatal: true })).toBe("recreate");
    expect(actionFor({ type: "networkError", details: "manifestLoadError", fatal: true })).toBe("recreate");
    expect(actionFor({ type: "networkError", details: "levelParsingError", fatal: true })).toBe("recreate");
  });
});
