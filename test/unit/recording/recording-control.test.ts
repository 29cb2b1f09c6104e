import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RecordingPlan } from "../../../server/config/recording-plan.js";
import type { StoredByHand } from "../../../server/config/state-manager.js";
import { silentLog } from "../../../server/lib/log.js";
import { RecordingControl } from "../../../server/recording/control/recording-control.js";
import type { RecordedPart } from "../../../server/recording/messages.js";

/** What a machine without a clock of its own takes the time for, until it meets a time server. */
const unsetMs = Date.parse("2020-01-01T00:00:00Z");
const noonMs = Date.parse("2026-11-21T12:00:00Z");
const cameras = () => [0, 1];

describe("what is recorded, and told to the recorder (E3)", () => {
  let nowMs: number;
  let epochMs: number;
  let told: string[];
  let plans: Record<number, RecordingPlan>;
  let store: { recordingByHand: StoredByHand };
  let control: RecordingControl;
  let due: number;

  beforeEach(() => {
    due = 0;
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    nowMs = 5000;
    epochMs = noonMs;
    told = [];
    plans = { 0: { mode: "manual", schedule: [] }, 1: { mode: "manual", schedule: [] } };
    store = { recordingByHand: {} };
    control = open();
  });

  afterEach(() => {
    control.close();
    vi.useRealTimers();
  });

  function open(): RecordingControl {
    return new RecordingControl({
      recorder: {
        start: (channel) => void told.push(`start ${channel}`),
        stop: (channel) => void told.push(`stop ${channel}`),
        part: ({ channel, camera }) => void told.push(`part ${channel} ${camera}`),
      },
      planOf: (camera) => plans[camera] ?? { mode: "off", schedule: [] },
      ...{ cameras, store },
      clock: { monotonicMs: () => nowMs, epochMs: () => epochMs + nowMs },
      log: silentLog,
    }).on("due", () => (due += 1));
  }

  /** A part of a camera's picture; what the recorder was told by it. */
  function part(camera: number, channel = "main"): string[] {
    told = [];
    control.part({ camera, channel } as RecordedPart);
    return told;
  }

  /** Time passes, and what the recorder was told meanwhile. */
  function pass(ms: number): string[] {
    told = [];
    nowMs += ms;
    vi.advanceTimersByTime(ms);
    return told;
  }

  it("a part is passed on if and only if its camera is wanted when it comes", () => {
    expect(part(0)).toEqual(["stop main"]);
    control.start([0], null);
    expect(part(0)).toEqual(["start main", "part main 0"]);
    expect(part(1)).toEqual(["stop main"]);
    expect(part(0)).toEqual(["start main", "part main 0"]);
  });

  it("a stop by hand ends it at once, also where no part comes any more", () => {
    control.start([0], null);
    part(0);
    told = [];
    control.stop([0]);
    expect(told).toEqual(["stop main"]);
    expect(control.camera(0)).toMatchObject({ record: false, why: "waitsForHand", sinceMs: null });
  });

  it("a limit ends it by itself, counted on the monotonic clock", () => {
    control.start([0], 10);
    part(0);
    expect(control.camera(0)).toMatchObject({ why: "startedByHand", untilMs: 15_000 });
    expect(pass(9500)).toEqual([]);
    part(0);
    expect(pass(1000)).toEqual(["stop main"]);
    expect(store.recordingByHand).toEqual({});
  });

  it("a camera that moves to another channel leaves the one it was on, when that has told all it had", () => {
    control.start([0], null);
    part(0);
    expect(part(0, "cam0")).toEqual(["start cam0", "part cam0 0"]);
    // The end of what was encoded for the former one, on a machine that is busy.
    pass(500);
    expect(part(0, "main")).toEqual(["start main", "part main 0"]);
    expect(part(0, "cam0")).toEqual(["start cam0", "part cam0 0"]);
    pass(500);
    part(0, "cam0");
    expect(pass(1000)).toEqual(["stop main"]);
    expect(part(0, "cam0")).toEqual(["start cam0", "part cam0 0"]);
  });

  it("says since when it records without a break, and not so where no part has come for long", () => {
    control.start([0], null);
    part(0);
    pass(1500);
    part(0);
    expect(control.camera(0).sinceMs).toBe(5000);
    pass(2500);
    expect(control.camera(0)).toMatchObject({ record: true, sinceMs: null });
    part(0);
    expect(control.camera(0).sinceMs).toBe(9000);
  });

  it("refuses a camera that is never recorded, and changes nothing then", () => {
    plans[1] = { mode: "off", schedule: [] };
    expect(() => {
      control.start([0, 1], null);
    }).toThrow(expect.objectContaining({ code: "neverRecorded" }));
    expect(control.wanted(0).record).toBe(false);
  });

  /** As after a restart of the machine: the monotonic clock begins anew, and the wall clock shows this. */
  function restart(wallMs: number): void {
    nowMs = 0;
    epochMs = wallMs;
    control = open();
  }

  it.each([
    ["before the clock was set, and goes on after it", unsetMs, noonMs],
    ["and goes on before the clock is set again", noonMs, unsetMs],
  ])("is as long as a person asked for, where it began %s", (_when, before, after) => {
    epochMs = before;
    control.start([0], 60);
    pass(20_000);
    control.close();
    restart(after);
    expect(control.camera(0)).toMatchObject({ record: true, why: "startedByHand", untilMs: 40_000 });
    pass(40_500);
    expect([control.wanted(0).record, store.recordingByHand]).toEqual([false, {}]);
  });

  it("is longer by half a minute at the most where the power goes away", () => {
    control.start([0], 60);
    pass(30_000);
    pass(15_000);
    // Nobody closes it.
    const left = control;
    restart(unsetMs);
    expect(control.camera(0).untilMs).toBe(30_000);
    left.close();
  });

  it("without a limit goes on over a restart, and so does a stop", () => {
    plans[1] = { mode: "continuous", schedule: [] };
    control.start([0], null);
    control.stop([1]);
    control.close();
    restart(unsetMs);
    expect(control.camera(0)).toMatchObject({ record: true, untilMs: null });
    expect(control.wanted(1).why).toBe("stoppedByHand");
  });

  it("is in force all the same where it cannot be written down", () => {
    store = {
      get recordingByHand(): StoredByHand {
        return {};
      },
      set recordingByHand(_value) {
        throw new Error("database is locked");
      },
    };
    control.close();
    control = open();
    control.start([0], null);
    expect(control.wanted(0)).toEqual({ record: true, why: "startedByHand" });
  });

  it("says once that the time of a schedule has come, for each camera, and of one that came before the start", () => {
    const minutes = (after: number): string => {
      const at = new Date(epochMs + nowMs + after * 60_000);
      return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
    };
    const from = (after: number): RecordingPlan => ({
      mode: "schedule",
      schedule: [{ days: [0, 1, 2, 3, 4, 5, 6], from: minutes(after), to: minutes(after + 30) }],
    });
    plans = { 0: from(-10), 1: from(5) };
    pass(1000);
    expect(due).toBe(1);
    pass(60_000);
    expect(due).toBe(1);
    pass(5 * 60_000);
    expect(due).toBe(2);
    pass(60 * 60_000);
    expect([due, control.wanted(0).why]).toEqual([2, "outsideSchedule"]);
  });

  it("a plan that is changed forgets a stop by hand, and keeps a start", () => {
    plans[0] = { mode: "continuous", schedule: [] };
    control.stop([0]);
    control.start([1], null);
    expect(control.wanted(0).why).toBe("stoppedByHand");
    control.planned([0, 1]);
    expect([control.wanted(0).why, control.wanted(1).why]).toEqual(["continuous", "startedByHand"]);
  });
});
