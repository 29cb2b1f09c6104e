import { EventEmitter } from "node:events";
import Sqlite from "better-sqlite3";
import { describe, expect, it, vi } from "vitest";
import {
  Guarding,
  wishFor,
  whyOff,
  type GuardedFacts,
  type GuardWish,
} from "../../../server/app/protection/guarding.js";
import { migrations } from "../../../server/config/migrations.js";
import { defaultProfile, type Profile } from "../../../server/config/profile.js";
import { settingsSchema } from "../../../server/config/schema.js";
import { reducedProfile } from "../../../server/guard/ladder.js";
import { SafetyGuard } from "../../../server/guard/safety-guard.js";
import { silentLog } from "../../../server/lib/log.js";
import type { ChannelReason } from "../../../server/stream/channel.js";
import type { Showing } from "../../../server/stream/showing.js";
import { CameraSwitcher, type SwitchPipeline } from "../../../server/switch/camera-switcher.js";
import type { Run, SwitchState } from "../../../server/switch/machine.js";
import { Receipts } from "../../../server/switch/receipts.js";
import type { Receipt, Step, SwitchRequest, Target } from "../../../server/switch/switch-types.js";

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
const asSet: GuardedFacts = {
  mode: "toggle",
  inForce: "toggle",
  canDual: true,
  rung: "normal",
  state: idle,
  resting: false,
  shown: defaultProfile,
  set: defaultProfile,
  canBeSmall: true,
};
const dual = { mode: "dual", inForce: "dual" } as const;
const none = { shown: null, set: null };

describe("B2 wishFor", () => {
  it.each<[string, Partial<GuardedFacts>, GuardWish]>([
    ["all is as set", {}, "nothing"],
    ["the picture is larger than allowed", { rung: "smaller" }, "reload"],
    ["the picture is as allowed", { rung: "smaller", shown: reducedProfile(defaultProfile, "smaller") }, "nothing"],
    ["the camera refuses the small size", { rung: "smaller", canBeSmall: false }, "reload"],
    [
      "the camera refuses the small size, and is as slow as it may",
      { rung: "smaller", canBeSmall: false, shown: reducedProfile(defaultProfile, "slower") },
      "nothing",
    ],
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
    ["dual mode, at ease", dual, "nothing"],
    ["dual mode, one camera is allowed", { ...dual, rung: "single" }, "changeMode"],
    ["dual mode was left, one camera is allowed", { ...dual, inForce: "toggle", rung: "single" }, "nothing"],
    ["one camera is shown, and one is allowed", { rung: "single" }, "nothing"],
    ["dual mode, less is allowed", { ...dual, rung: "smaller" }, "changeMode"],
    ["dual mode was left, less is allowed still", { ...dual, inForce: "toggle", rung: "slower" }, "reload"],
    ["dual mode was left, at ease again", { ...dual, inForce: "toggle" }, "changeMode"],
    [
      "dual mode was left, at ease again, and the picture is still a lesser one",
      { ...dual, inForce: "toggle", shown: reducedProfile(defaultProfile, "slower") },
      "reload",
    ],
    ["dual mode with a lesser picture", { ...dual, shown: reducedProfile(defaultProfile, "slower") }, "nothing"],
    ["dual mode was left, and there is one camera now", { ...dual, inForce: "toggle", canDual: false }, "nothing"],
    ["stopped and being turned off", { mode: "off", rung: "stopped" }, "nothing"],
    ["resting, a camera is live", { resting: true }, "rest"],
    ["resting, recovery waits", { resting: true, state: recovering(undefined), ...none }, "rest"],
    ["resting, it waits for recovery", { resting: true, state: recovering(0, to(null)), ...none }, "nothing"],
    ["resting, a switch runs", { resting: true, state: switching(1), ...none }, "nothing"],
    ["resting and dark", { resting: true, state: { kind: "off" }, ...none }, "sayWhy"],
    ["resting, and too hot", { resting: true, rung: "stopped" }, "stop"],
    ["resting, and turned off", { resting: true, mode: "off" }, "nothing"],
  ])("%s: %s", (_, facts, wish) => {
    expect(wishFor({ ...asSet, ...facts })).toBe(wish);
  });

  it("names the reason that counts: turned off by a person first, then the guard", () => {
    const heat = { figure: "temperature", value: 85, threshold: 80, message: "Too hot." } as const;
    const stopped = { level: "stopped", reason: heat } as const;
    expect(whyOff("off", stopped, true).code).toBe("modeForbids");
    expect(whyOff("toggle", stopped, true)).toEqual({ code: "guardStopped", message: "Too hot." });
    expect(whyOff("toggle", { level: "reduced", reason: heat }, true).code).toBe("resting");
    expect(whyOff("toggle", { level: "reduced", reason: heat }, false).code).toBe("notLive");
  });
});

/** Switcher and guard are the real ones; what a camera shows is only written down. */
class World implements SwitchPipeline {
  showing: Showing | null = null;
  unavailable: ChannelReason | null = null;
  mode: "toggle" | "off" = "toggle";
  isBroken = false;
  canBeSmall = true;
  readonly receipts: Receipt[] = [];
  readonly clock = { monotonicMs: () => Date.now(), epochMs: () => Date.now() };
  readonly guard: SafetyGuard;
  readonly switcher: CameraSwitcher;
  readonly guarding: Guarding;
  readonly rest = Object.assign(new EventEmitter<{ changed: [] }>(), { isResting: false });

  constructor() {
    const { clock } = this;
    const db = new Sqlite(":memory:");
    for (const migration of migrations) db.exec(migration);
    const receipts = new Receipts(db, silentLog);
    this.guard = new SafetyGuard({ limits: settingsSchema.parse({}).guard, clock, log: silentLog });
    this.switcher = new CameraSwitcher({ pipeline: this, receipts, deadlineMs: 5000, clock, log: silentLog });
    this.switcher.on("receipt", (receipt) => this.receipts.push(receipt));
    this.guarding = new Guarding({
      ...{ guard: this.guard, rest: this.rest, switcher: this.switcher, channel: this, clock, log: silentLog },
      profileOf: () => defaultProfile,
      inUse: () => ({ dual: false, mjpeg: false, warm: false }),
      canBeSmall: () => this.canBeSmall,
      mode: () => this.mode,
      inForce: () => "toggle",
      canDual: () => true,
      cameraToStart: () => 1,
    });
  }

  runStep(step: Step, { request }: Run): Promise<undefined> {
    if (step === "prepare" && this.isBroken) return Promise.reject(new Error("no encoder"));
    if (step === "handOver" && request.to === null) this.showing = null;
    if (step === "handOver" && request.to !== null) this.showing = this.#showingOf(request.to);
    return Promise.resolve(undefined);
  }

  turnOff(reason: ChannelReason): Promise<void> {
    this.unavailable = reason;
    return Promise.resolve();
  }

  sourceLost = (): Promise<never> => new Promise(() => undefined);
  usableCameras = (): number[] => [0, 1];
  awaitRecovery = (): void => undefined;
  close = (): Promise<void> => Promise.resolve();

  /** One sample a second, and whatever follows from it. */
  async feed(seconds: number, temperatureC: number | null): Promise<void> {
    for (let n = 0; n < seconds; n++) {
      this.guarding.note({ ...calm, temperatureC });
      await vi.advanceTimersByTimeAsync(1000);
    }
  }

  get told(): string[] {
    return this.receipts.map(({ trigger, to: target, outcome }) => `${trigger} ${target ?? "off"} ${outcome ?? ""}`);
  }

  #showingOf(camera: number): Showing {
    const profile: Profile = reducedProfile(defaultProfile, this.guard.rung);
    return { camera, cameraId: "", label: "", profile };
  }
}

const flags = { underVoltage: false, frequencyCapped: false, throttled: false, softTemperatureLimit: false };
const calm = {
  ...{ at: 0, cpuPercent: 10, ownCpuPercent: 5, memoryPercent: 30, memoryBytes: 4e9, ownMemoryBytes: 1e8 },
  ...{ temperatureC: 50, throttling: { now: flags, sinceBoot: flags }, loopDelayMs: 1, liveBytes: 1e7 },
  ...{ freeLiveBytes: 1e9, freeDiskBytes: 1e10, simulated: [], unknown: {} },
};

describe("B2 Guarding", () => {
  const inWorld = (name: string, story: (world: World) => Promise<void>) => {
    it(name, async () => {
      vi.useFakeTimers();
      const world = new World();
      try {
        await story(world);
      } finally {
        world.guarding.close();
        await world.switcher.close();
        vi.useRealTimers();
      }
    });
  };

  inWorld("starts no camera before it begins, whatever it has seen", async (world) => {
    await world.feed(5, 50);
    expect(world.told).toEqual([]);
    world.guarding.begin();
    await vi.advanceTimersByTimeAsync(10);
    expect(world.told).toEqual(["start 1 committed"]);
  });

  inWorld("starts the first camera after the first look", async (world) => {
    world.guarding.begin();
    await vi.advanceTimersByTimeAsync(500);
    expect(world.told).toEqual([]);
    await world.feed(1, 50);
    expect(world.told).toEqual(["start 1 committed"]);
  });

  inWorld("does not wait for ever for figures that do not come", async (world) => {
    world.guarding.begin();
    await vi.advanceTimersByTimeAsync(1100);
    expect(world.told).toEqual(["start 1 committed"]);
  });

  inWorld("begins with nothing when it is too hot, and starts when it is cool", async (world) => {
    world.guarding.begin();
    await world.feed(10, 85);
    expect(world.told).toEqual([]);
    expect(world.unavailable?.code).toBe("guardStopped");
    await world.feed(200, 50);
    expect(world.told[0]).toBe("start 1 committed");
    expect(world.showing?.profile).toEqual(defaultProfile);
  });

  inWorld("tries a change that failed again, after longer and longer pauses, and disturbs nobody", async (world) => {
    world.guarding.begin();
    await world.feed(5, 50);
    world.isBroken = true;
    await world.feed(60, 77);
    const failed = world.receipts.filter(({ outcome }) => outcome === "rolledBack");
    expect(failed.length).toBeGreaterThan(2);
    const pauses = failed.slice(1).map(({ requestedAt }, n) => requestedAt - (failed[n]?.requestedAt ?? 0));
    expect(pauses.map((ms) => Math.round(ms / 1000)).slice(0, 3)).toEqual([2, 5, 10]);
    world.isBroken = false;
    await world.feed(60, 77);
    expect(world.told.at(-1)).toBe("guard 1 committed");
    expect(world.showing?.profile).toEqual(reducedProfile(defaultProfile, "smaller"));
  });

  inWorld("leaves the cameras off that a person turned off", async (world) => {
    world.guarding.begin();
    await world.feed(5, 50);
    world.mode = "off";
    world.switcher.request(null, "mode");
    await world.feed(10, 85);
    await world.feed(200, 50);
    expect(world.told).toEqual(["start 1 committed", "mode off committed"]);
    expect(world.unavailable?.code).toBe("modeForbids");
  });
});
