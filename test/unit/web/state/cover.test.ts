import { describe, expect, it } from "vitest";
import { coverOf, type CoverFacts } from "../../../../web/src/state/cover.js";
import { calmGuard } from "../../../support/calm-views.js";
import { camera, channel, playing, status } from "../support.js";

const facts: CoverFacts = {
  signedOut: null,
  misses: 0,
  status: status(),
  channel: channel(),
  switching: false,
  player: playing,
  supported: true,
  turnedAway: null,
};
const kind = (part: Partial<CoverFacts>) => coverOf({ ...facts, ...part }).kind;
const reason = { code: "cameraGone", message: "gone" };

describe("cover of the picture", () => {
  it("is none while all is well", () => {
    expect(kind({})).toBe("none");
  });

  it("says first what makes all else meaningless", () => {
    expect(kind({ misses: 2, switching: true })).toBe("offline");
    expect(kind({ status: null, channel: null })).toBe("loading");
    expect(kind({ status: status({ cameras: [] }) })).toBe("noCamera");
    expect(kind({ status: status({ mode: "off" }), channel: channel({ unavailable: reason }) })).toBe("off");
  });

  it("says why there is no instant view, over whatever is on the stage", () => {
    const view = { refusal: { code: "viewersFull", message: "", holders: [] }, untilMs: 5 };
    expect(coverOf({ ...facts, turnedAway: view })).toEqual({ kind: "turnedAway", view });
    expect(kind({ turnedAway: view, switching: true })).toBe("none");
    expect(kind({ turnedAway: view, misses: 2 })).toBe("offline");
  });

  it("leaves the picture to the strip while switching (A5)", () => {
    expect(kind({ switching: true, channel: channel({ standIn: "lastFrame", frozen: true }) })).toBe("none");
    expect(kind({ switching: true, player: { ...playing, kind: "stalled", ageMs: 5000 } })).toBe("none");
  });

  it("says why there is no live picture, rather than the player's troubles", () => {
    const broken = { ...playing, kind: "resting" as const, ageMs: 9000 };
    expect(coverOf({ ...facts, channel: channel({ unavailable: reason }), player: broken })).toEqual({
      kind: "unavailable",
      reason,
    });
    const recovering = { kind: "recovering" as const, camera: 0, attempt: 2, nextInMs: null, reason };
    expect(kind({ status: status({ switch: recovering }), player: broken })).toBe("recovering");
    expect(kind({ channel: channel({ frozen: true }) })).toBe("frozen");
    expect(kind({ channel: channel({ standIn: "slate" }) })).toBe("slate");
  });

  it("B2: says that the guard has stopped the picture, unless it is off anyway", () => {
    const guard = { ...calmGuard, level: "stopped", rung: "stopped" } as const;
    const stopped = { switch: { kind: "off" }, guard } as const;
    expect(coverOf({ ...facts, status: status(stopped), channel: channel({ unavailable: reason }) })).toEqual({
      kind: "stopped",
      view: guard,
    });
    expect(kind({ status: status({ ...stopped, mode: "off" }) })).toBe("off");
    expect(kind({ status: status({ guard: { ...guard, level: "reduced", rung: "slower" } }) })).toBe("none");
  });

  it("speaks of the player only when an interruption lasts", () => {
    expect(kind({ player: { ...playing, kind: "stalled", ageMs: 1600 } })).toBe("none");
    expect(kind({ player: { ...playing, kind: "stalled", ageMs: 2600 } })).toBe("retrying");
    expect(kind({ player: { ...playing, kind: "starting", shown: false, ageMs: 200 } })).toBe("loading");
    expect(kind({ player: { ...playing, kind: "refused" } })).toBe("press");
    expect(kind({ supported: false })).toBe("unsupported");
  });

  it("works with one camera", () => {
    expect(kind({ status: status({ cameras: [camera(0)] }) })).toBe("none");
  });
});
