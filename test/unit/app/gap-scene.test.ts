import { describe, expect, it } from "vitest";
import { sceneOf, type SceneFacts } from "../../../server/app/protection/gap-scene.js";
import type { Run, SwitchState } from "../../../server/switch/machine.js";
import type { Trigger } from "../../../server/switch/switch-types.js";

const run = (trigger: Trigger, further: Partial<Run> = {}): Run => ({
  request: { key: 1, trigger, to: 1, reload: false },
  from: 0,
  direction: "forward",
  step: "start",
  failure: null,
  deadlinePassed: false,
  attempt: 0,
  ...further,
});
const switching = (it: Run): SwitchState => ({ kind: "switching", run: it, waiting: null });
const idle: SwitchState = { kind: "idle", live: 0, sinceMs: 0, attempts: 0 };
const gone = { code: "cameraGone", message: "It is not connected." } as const;
const recovering: SwitchState = {
  ...{ kind: "recovering", attempt: 1, preferred: 1, reason: gone, run: null, waiting: null },
};

const scene = (state: SwitchState, further: Partial<SceneFacts> = {}) =>
  sceneOf({
    mode: "toggle",
    state,
    guard: { level: "normal", reason: null },
    resting: false,
    drill: null,
    publishProblem: null,
    ...further,
  });

describe("what keeps the picture away (D4)", () => {
  it("off is off, whatever else there is", () => {
    expect(scene(recovering, { mode: "off" })).toEqual({ kind: "off" });
  });

  it("nothing, while a camera is live", () => {
    expect(scene(idle)).toEqual({ kind: "on", camera: 0, cause: null });
  });

  it("a switch is planned until it fails", () => {
    expect(scene(switching(run("user")))).toMatchObject({
      camera: 1,
      cause: { code: "switch", planned: true, camera: 1 },
    });
    expect(scene(switching(run("start")))).toMatchObject({ cause: { code: "serviceStarted", planned: true } });
    const back = run("rotation", { direction: "back", failure: gone });
    expect(scene(switching(back))).toMatchObject({
      camera: 0,
      cause: { code: "cameraGone", planned: false, camera: 1 },
    });
  });

  it("H4 rest is planned, over its whole length and to the first picture after it; the guard's stop goes before it", () => {
    const resting = { code: "resting", planned: true };
    expect(scene({ kind: "off" }, { resting: true })).toMatchObject({ kind: "on", cause: resting });
    expect(scene(idle, { resting: true })).toMatchObject({ cause: resting });
    expect(scene(switching(run("idle")))).toMatchObject({ cause: resting });
    const guard = { level: "stopped", reason: null } as const;
    expect(scene({ kind: "off" }, { resting: true, guard })).toMatchObject({ cause: { code: "guardStopped" } });
    expect(scene({ kind: "off" }, { resting: true, mode: "off" })).toEqual({ kind: "off" });
  });

  it("a lost camera is not planned, nor is the guard's stop, nor media that cannot be written", () => {
    expect(scene(recovering)).toMatchObject({ camera: 1, cause: { ...gone, planned: false } });
    const reason = { figure: "temperature", value: 81, threshold: 80, message: "Too hot." } as const;
    const stopped = scene({ kind: "off" }, { guard: { level: "stopped", reason } });
    expect(stopped).toMatchObject({ cause: { code: "guardStopped", message: "Too hot.", planned: false } });
    expect(scene(idle, { publishProblem: "full" })).toMatchObject({ cause: { code: "publishFailed", planned: false } });
  });

  it("what a drill breaks is planned", () => {
    expect(scene(recovering, { drill: "killSource" })).toMatchObject({ cause: { code: "drill", planned: true } });
  });
});
