import { describe, expect, it } from "vitest";
import { wishFor, whyOff, type GuardedFacts, type GuardWish } from "../../../server/app/guarding.js";
import { defaultProfile } from "../../../server/config/profile.js";
import { reducedProfile } from "../../../server/guard/ladder.js";
import type { Run, SwitchState } from "../../../server/switch/machine.js";
import type { SwitchRequest, Target } from "../../../server/switch/switch-types.js";

const reason = { code: "cameraExited", message: "it ended" } as const;
const to = (target: Target): SwitchRequest => ({ key: 1, trigger: "user", to: target, reload: false });
const run = (target: Target): Run => ({
  request: to(target),
  from: 0,
  direction: "forward",
  step: "stop",
  failure: null,
  deadlinePassed: false,
  attempt: 0,
});
const idle: SwitchState = { kind: "idle", live: 0, sinceMs: 0, attempts: 0 };
const switching = (target: Target, waiting: SwitchRequest | null = null): SwitchState => ({
  kind: "switching",
  run: run(target),
  waiting,
});
const recovering = (target: Target | undefined, waiting: SwitchRequest | null = null): SwitchState => ({
  ...{ kind: "recovering", attempt: 1, preferred: 0, reason, waiting },
  run: target === undefined ? null : run(target),
});
const asSet = { mode: "toggle", rung: "normal", state: idle, shown: defaultProfile, set: defaultProfile } as const;
const none = { shown: null, set: null };

describe("B2 wishFor", () => {
  it.each<[string, Partial<GuardedFacts>, GuardWish]>([
    ["all is as set", {}, "nothing"],
    ["the picture is larger than allowed", { rung: "smaller" }, "reload"],
    ["the picture is as allowed", { rung: "smaller", shown: reducedProfile(defaultProfile, "smaller") }, "nothing"],
    ["the picture is smaller than allowed", { shown: reducedProfile(defaultProfile, "slower") }, "reload"],
    ["only a label differs", { set: { ...defaultProfile, label: "Yard" } }, "nothing"],
    ["a switch runs, to another picture", { rung: "smaller", state: switching(1), ...none }, "nothing"],
    ["recovery runs", { rung: "smaller", state: recovering(0), ...none }, "nothing"],
    ["stopped, a camera is live", { rung: "stopped" }, "stop"],
    ["stopped, a switch runs", { rung: "stopped", state: switching(1), ...none }, "stop"],
    ["stopped, it is on its way", { rung: "stopped", state: switching(null), ...none }, "nothing"],
    ["stopped, it waits", { rung: "stopped", state: switching(1, to(null)), ...none }, "nothing"],
    ["stopped, a request came after it", { rung: "stopped", state: switching(null, to(1)), ...none }, "stop"],
    ["stopped, recovery waits", { rung: "stopped", state: recovering(undefined), ...none }, "stop"],
    ["stopped, recovery runs", { rung: "stopped", state: recovering(0), ...none }, "stop"],
    ["stopped, it waits for recovery", { rung: "stopped", state: recovering(0, to(null)), ...none }, "nothing"],
    ["stopped and dark", { rung: "stopped", state: { kind: "off" }, ...none }, "sayWhy"],
    ["allowed again", { rung: "smaller", state: { kind: "off" }, ...none }, "start"],
    ["turned off", { mode: "off", state: { kind: "off" }, ...none }, "sayWhy"],
    ["being turned off", { mode: "off", rung: "smaller" }, "nothing"],
    ["stopped and being turned off", { mode: "off", rung: "stopped" }, "nothing"],
  ])("%s: %s", (_, facts, wish) => {
    expect(wishFor({ ...asSet, ...facts })).toBe(wish);
  });

  it("names the reason that counts: turned off by a person first, then the guard", () => {
    const heat = { figure: "temperature", value: 85, threshold: 80, message: "Too hot." } as const;
    expect(whyOff("off", { level: "stopped", reason: heat }).code).toBe("modeForbids");
    expect(whyOff("toggle", { level: "stopped", reason: heat })).toEqual({ code: "guardStopped", message: "Too hot." });
    expect(whyOff("toggle", { level: "reduced", reason: heat }).code).toBe("notLive");
  });
});
