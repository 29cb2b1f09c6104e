import { describe, expect, it } from "vitest";
import type { SwitchView } from "../../../../server/http/wire.js";
import { progressOf } from "../../../../web/src/state/progress.js";
import { present } from "../support.js";

const switching = (part: Partial<SwitchView & { kind: "switching" }> = {}): SwitchView => ({
  kind: "switching",
  id: 7,
  trigger: "user",
  from: 0,
  to: 1,
  direction: "forward",
  step: "start",
  elapsedMs: 300,
  waiting: null,
  ...part,
});
const progress = (view: SwitchView | null, asked: { to: number | null; atMs: number; seen?: boolean } | null = null) =>
  progressOf({ view, viewAtMs: 1000, pending: asked && { seen: false, ...asked } });
const states = (view: SwitchView) => present(progress(view)).steps.map(({ step, state }) => `${step}:${state}`);

describe("progress of a switch (A5)", () => {
  it("is none at rest", () => {
    expect(progress({ kind: "idle", live: 0 })).toBeNull();
    expect(progress(null)).toBeNull();
  });

  it("shows the steps done, the present one, and those to come", () => {
    expect(states(switching())).toEqual([
      "stop:done",
      "drain:done",
      "start:now",
      "handOver:todo",
      "verify:todo",
      "commit:todo",
    ]);
  });

  it("tells why, for a switch to the camera that is live", () => {
    expect(progress(switching({ trigger: "profile", from: 1 }))).toMatchObject({ from: 1, to: 1, trigger: "profile" });
  });

  it("shows only the steps that the switch has", () => {
    expect(states(switching({ to: null, step: "drain" }))).toEqual(["stop:done", "drain:now", "commit:todo"]);
    expect(states(switching({ from: null, step: "verify" }))).toEqual([
      "start:done",
      "handOver:done",
      "verify:now",
      "commit:todo",
    ]);
  });

  it("shows the way back as a way of its own", () => {
    expect(states(switching({ direction: "back", step: "stop" }))[0]).toBe("stop:now");
    expect(states(switching({ direction: "back", step: "start" })).slice(0, 3)).toEqual([
      "stop:done",
      "drain:done",
      "start:now",
    ]);
  });

  it("begins with the click, before the service has answered", () => {
    const asked = present(progress({ kind: "idle", live: 0 }, { to: 1, atMs: 640 }));
    expect(asked).toMatchObject({ from: 0, to: 1, trigger: null, startedAtMs: 640 });
    expect(asked.steps.every(({ state }) => state === "todo")).toBe(true);
    expect(progress(switching(), { to: 1, atMs: 640 })?.startedAtMs).toBe(640);
  });

  it("is over with the switch, though its answer is still on the way", () => {
    expect(progress({ kind: "idle", live: 0 }, { to: 1, atMs: 640, seen: true })).toBeNull();
  });

  it("is none for the camera that is live already", () => {
    expect(progress({ kind: "idle", live: 1 }, { to: 1, atMs: 640 })).toBeNull();
  });

  it("counts a request that waited behind another from its own beginning, and never from another's", () => {
    expect(progress(switching(), { to: 1, atMs: -20_000 })?.startedAtMs).toBe(200);
    expect(progress(switching(), { to: 0, atMs: 640 })?.startedAtMs).toBe(700);
  });
});
