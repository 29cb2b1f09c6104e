import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heartbeat, type HeartbeatFacts } from "../../../../web/src/state/heartbeat.js";

const good = { frameAgeMs: 30, frozen: false, standIn: "none", unavailable: null } as const;
const live: HeartbeatFacts = {
  misses: 0,
  mode: "toggle",
  channel: good,
  picture: { shown: true, ageMs: 20, lagMs: 100, behindMs: 700, former: false },
  goodForMs: 60_000,
};
const channel = (part: Partial<NonNullable<HeartbeatFacts["channel"]>>) =>
  heartbeat({ ...live, channel: { ...good, ...part } });
const picture = (part: Partial<HeartbeatFacts["picture"]>) =>
  heartbeat({ ...live, picture: { ...live.picture, ...part } });

describe("heartbeat (C2)", () => {
  it("is LIVE below one second, DELAY below three, ERROR from there on", () => {
    expect([0, 999, 1000, 2999, 3000, 60_000].map((frameAgeMs) => channel({ frameAgeMs }))).toEqual([
      "live",
      "live",
      "delay",
      "delay",
      "error",
      "error",
    ]);
  });

  it("is OFFLINE after no answer twice, whatever else is known", () => {
    expect(heartbeat({ ...live, misses: 1 })).toBe("live");
    expect(heartbeat({ ...live, misses: 2 })).toBe("offline");
    expect(heartbeat({ ...live, misses: 3, mode: "off", channel: null })).toBe("offline");
  });

  it("takes the age of what this page really shows", () => {
    expect(picture({ ageMs: 1500 })).toBe("delay");
    expect(picture({ ageMs: 4000 })).toBe("error");
    expect(picture({ lagMs: 1200 })).toBe("delay");
    expect(picture({ lagMs: 5000 })).toBe("error");
    expect(picture({ ageMs: null, lagMs: null })).toBe("live");
    expect(picture({ former: true })).toBe("delay");
  });

  it("connects until the first frame is shown, but not for ever", () => {
    expect(picture({ shown: false, ageMs: 500 })).toBe("connecting");
    expect(picture({ shown: false, ageMs: 3000 })).toBe("error");
    expect(heartbeat({ ...live, goodForMs: 2999, picture: { ...live.picture, shown: false, ageMs: 8000 } })).toBe(
      "connecting",
    );
    expect(heartbeat({ ...live, mode: null, channel: null })).toBe("connecting");
  });

  it("calls a rest neither live nor an error, and says so as soon as the service does (H4)", () => {
    const unavailable = { code: "resting", message: "" };
    expect(channel({ unavailable, frameAgeMs: null })).toBe("resting");
    expect(channel({ unavailable })).toBe("resting");
    expect(channel({ unavailable: { code: "notLive", message: "" } })).toBe("error");
  });

  it("knows cameras that are off, and a camera that never gave a frame", () => {
    expect(heartbeat({ ...live, mode: "off" })).toBe("off");
    expect(channel({ frameAgeMs: null })).toBe("error");
  });

  it("I7: never calls a frozen picture or a stand-in live", () => {
    expect(channel({ frozen: true })).toBe("error");
    expect(channel({ standIn: "slate" })).toBe("error");
    expect(channel({ standIn: "lastFrame" })).toBe("delay");
    expect(channel({ unavailable: { code: "notLive", message: "" } })).toBe("error");
  });

  it("I7: never calls live what is still on the screen when a camera comes back", () => {
    expect(heartbeat({ ...live, goodForMs: 0 })).toBe("delay");
    expect(heartbeat({ ...live, goodForMs: 699 })).toBe("delay");
    expect(heartbeat({ ...live, goodForMs: 700 })).toBe("live");
    expect(heartbeat({ ...live, goodForMs: 0, picture: { ...live.picture, behindMs: null } })).toBe("live");
  });

  it("is LIVE only where everything is", () => {
    const facts = fc.record({
      misses: fc.nat(3),
      mode: fc.constantFrom("toggle" as const, "off" as const, null),
      channel: fc.record({
        frameAgeMs: fc.option(fc.nat(2000)),
        frozen: fc.boolean(),
        standIn: fc.constantFrom("none" as const, "lastFrame" as const, "slate" as const),
        unavailable: fc.constantFrom(null, { code: "notLive", message: "" }),
      }),
      picture: fc.record({
        shown: fc.boolean(),
        ageMs: fc.option(fc.nat(2000)),
        lagMs: fc.option(fc.nat(2000)),
        behindMs: fc.option(fc.nat(2000)),
        former: fc.boolean(),
      }),
      goodForMs: fc.nat(5000),
    });
    fc.assert(
      fc.property(facts, (known) => {
        if (heartbeat(known) !== "live") return;
        expect(known.channel).toMatchObject({ frozen: false, standIn: "none", unavailable: null });
        expect(known.channel.frameAgeMs).toBeLessThan(1000);
        expect(known.picture).toMatchObject({ shown: true, former: false });
        expect(Math.max(known.picture.ageMs ?? 0, known.picture.lagMs ?? 0)).toBeLessThan(1000);
        expect(known.goodForMs).toBeGreaterThanOrEqual(known.picture.behindMs ?? 0);
      }),
      { numRuns: 2000 },
    );
  });
});
