import { describe, expect, it } from "vitest";
import { whyNotLive } from "../../../server/http/routes/health.js";
import type { ChannelView } from "../../../server/http/wire.js";
import { FakeService } from "../../support/fake-service.js";

describe("readiness", () => {
  const status = new FakeService().status();
  const withChannel = (change: Partial<ChannelView>) => {
    return { ...status, channels: status.channels.map((channel) => ({ ...channel, ...change })) };
  };

  it("is given while frames are fresh, also for the moment of a switch (I7)", () => {
    expect(whyNotLive(status)).toBeNull();
    expect(whyNotLive(withChannel({ frameAgeMs: 3000, standIn: "lastFrame" }))).toBeNull();
  });

  it.each<[string, Partial<ChannelView>]>([
    ["no frame came yet", { frameAgeMs: null }],
    ["the newest is old", { frameAgeMs: 3001 }],
    ["the picture is frozen", { frozen: true }],
    ["the slate stands in", { standIn: "slate" }],
    ["the playlist has nothing to show", { unavailable: { code: "notLive", message: "Too hot." } }],
  ])("is not given when %s (I7)", (_what, change) => {
    expect(whyNotLive(withChannel(change))).not.toBeNull();
  });

  it("is not given while the cameras are off", () => {
    expect(whyNotLive({ ...status, mode: "off" })).toBe("The cameras are off.");
  });
});
