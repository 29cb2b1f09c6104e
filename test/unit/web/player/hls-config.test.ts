import { describe, expect, it } from "vitest";
import { hlsConfig } from "../../../../web/src/player/hls-config.js";

describe("settings of hls.js", () => {
  it("lets the playlist's PART-HOLD-BACK rule", () => {
    const overriding = Object.keys(hlsConfig).filter((key) => /^live(Sync|MaxLatency)Duration/.test(key));
    expect(overriding).toEqual([]);
    expect(hlsConfig).toMatchObject({ lowLatencyMode: true, liveSyncOnStallIncrease: 0 });
  });

  it("leaves the buffer behind the picture to the page: hls.js trims it at times when it may stop loading", () => {
    expect(hlsConfig.backBufferLength).toBe(Infinity);
  });
});
