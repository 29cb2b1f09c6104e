import { describe, expect, it } from "vitest";
import { drillNames as wireNames, type DrillView } from "../../../../server/http/wire-protection.js";
import { drillNames, drillRefusal, drillTally, possibleDrills } from "../../../../web/src/state/drills.js";
import { calmGuard } from "../../../support/calm-views.js";
import { channel, status } from "../support.js";

const result = (name: (typeof wireNames)[number], outcome: DrillView["results"][number]["outcome"]) => ({
  ...{ name, outcome, pictureMs: null, limitMs: 3000, note: "" },
});
const running: DrillView = { startedAt: 0, endedAt: null, results: [] };
const refusal = (part: Parameters<typeof status>[0], online = true) => drillRefusal({ online, status: status(part) });

describe("drills", () => {
  it("are those of the service, in its order", () => {
    expect(drillNames).toEqual(wireNames);
  });

  it("begin only while a picture is live and nothing else goes on", () => {
    expect(refusal({})).toBeNull();
    expect(refusal({ drill: { ...running, endedAt: 1 } })).toBeNull();
    expect(refusal({}, false)).toBe("offline");
    expect(drillRefusal({ online: true, status: null })).toBe("offline");
    expect(refusal({ drill: running })).toBe("running");
    expect(refusal({ mode: "off" })).toBe("off");
    expect(refusal({ guard: { ...calmGuard, level: "reduced", rung: "slower" } })).toBe("guard");
    expect(refusal({ channels: [] })).toBe("notLive");
  });

  it.each([
    { unavailable: { code: "notLive", message: "" } },
    { standIn: "slate" as const },
    { frozen: true },
    { camera: null },
  ])("do not begin with a picture like %j", (part) => {
    expect(refusal({ channels: [channel(part)] })).toBe("notLive");
  });

  it("leave out the switch on a device with one camera", () => {
    expect(possibleDrills(1)).not.toContain("switchUnderLoad");
    expect(possibleDrills(2)).toEqual(wireNames);
  });

  it("are counted by their outcome", () => {
    const results = [result("killSource", "passed"), result("killEncoder", "failed"), result("overheat", "waiting")];
    expect(drillTally({ ...running, results })).toEqual({ all: 3, over: 2, passed: 1, failed: 1 });
  });
});
