import { describe, expect, it } from "vitest";
import { ownSceneOf, sceneOf, type SceneFacts } from "../../../server/app/protection/gap-scene.js";
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

const facts = (state: SwitchState, further: Partial<SceneFacts> = {}): SceneFacts => ({
  mode: "toggle",
  state,
  guard: { level: "normal", rung: "normal", reason: null },
  resting: false,
  drill: null,
  publishProblem: null,
  ...further,
});
const scene = (state: SwitchState, further: Partial<SceneFacts> = {}) => sceneOf(facts(state, further));

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
    const guard = { level: "stopped", rung: "stopped", reason: null } as const;
    expect(scene({ kind: "off" }, { resting: true, guard })).toMatchObject({ cause: { code: "guardStopped" } });
    expect(scene({ kind: "off" }, { resting: true, mode: "off" })).toEqual({ kind: "off" });
  });

  it("a lost camera is not planned, nor is the guard's stop, nor media that cannot be written", () => {
    expect(scene(recovering)).toMatchObject({ camera: 1, cause: { ...gone, planned: false } });
    const reason = { figure: "temperature", value: 81, threshold: 80, message: "Too hot." } as const;
    const stopped = scene({ kind: "off" }, { guard: { level: "stopped", rung: "stopped", reason } });
    expect(stopped).toMatchObject({ cause: { code: "guardStopped", message: "Too hot.", planned: false } });
    expect(scene(idle, { publishProblem: "full" })).toMatchObject({ cause: { code: "publishFailed", planned: false } });
  });

  it("`main` in dual mode says what the camera says that it follows", () => {
    expect(sceneOf(facts(idle, { mode: "dual" }), recovering)).toMatchObject({ camera: 1, cause: { ...gone } });
    expect(sceneOf(facts(idle, { mode: "dual" }), { kind: "off" })).toMatchObject({ camera: 0, cause: null });
    const changing = switching(run("mode"));
    expect(sceneOf(facts(changing, { mode: "dual" }), recovering)).toMatchObject({ cause: { planned: true } });
  });

  it("what a drill breaks is planned", () => {
    expect(scene(recovering, { drill: "killSource" })).toMatchObject({ cause: { code: "drill", planned: true } });
  });
});

describe("what keeps a camera's own picture away (D4, A10)", () => {
  const own = (state: SwitchState, further: Partial<SceneFacts> = {}, main: SwitchState = idle) =>
    ownSceneOf(facts(main, { mode: "dual", ...further }), state, 1);
  const off: SwitchState = { kind: "off" };

  it("is no matter unless dual mode is wanted", () => {
    expect(own(idle, { mode: "toggle" })).toEqual({ kind: "off" });
    expect(own(off, { mode: "off" })).toEqual({ kind: "off" });
  });

  it("is what its own switcher says, whatever becomes of the other camera", () => {
    expect(own({ ...idle, live: 1 }, {}, recovering)).toEqual({ kind: "on", camera: 1, cause: null });
    expect(own(recovering)).toMatchObject({ camera: 1, cause: { ...gone, planned: false, camera: 1 } });
    expect(own({ ...idle, live: 1 }, { publishProblem: "full" })).toMatchObject({ cause: { code: "publishFailed" } });
  });

  it("is the guard's doing while it allows one camera only, and planned while the mode changes", () => {
    const reason = { figure: "cpu", value: 91, threshold: 85, message: "Too busy." } as const;
    const guard = { level: "reduced", rung: "single", reason } as const;
    expect(own(off, { guard })).toMatchObject({ cause: { code: "guardSingle", message: "Too busy.", planned: false } });
    expect(own(off, {}, switching(run("mode")))).toMatchObject({ camera: 1, cause: { planned: true } });
    expect(own(off, {}, off)).toMatchObject({ cause: { code: "serviceStarted", planned: true } });
    expect(own(off)).toMatchObject({ cause: { code: "notLive", planned: false } });
    const stopped = { level: "stopped", rung: "stopped", reason } as const;
    expect(own(off, { guard: stopped }, off)).toMatchObject({ cause: { code: "guardStopped", planned: false } });
  });
});
