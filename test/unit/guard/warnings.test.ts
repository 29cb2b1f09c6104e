import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../server/config/schema.js";
import { SafetyGuard } from "../../../server/guard/safety-guard.js";
import {
  noWarnings,
  warnAbout,
  warningsOf,
  type WarningSample,
  type WarningState,
} from "../../../server/guard/warnings.js";
import { guardViewSchema } from "../../../server/http/wire-protection.js";
import { silentLog } from "../../../server/lib/log.js";

const limits = settingsSchema.parse({}).guard;
const calm: WarningSample = {
  ownCpuPercent: 5,
  ownMemoryBytes: 200_000_000,
  freeLiveBytes: 500_000_000,
  freeDiskBytes: 20_000_000_000,
  throttling: null,
};
const power = { underVoltage: false, frequencyCapped: false, throttled: false };

class Drive {
  state: WarningState = noWarnings;
  seconds = 0;

  feed(seconds: number, sample: Partial<WarningSample> = {}): this {
    for (let n = 0; n < seconds; n++) {
      this.seconds += 1;
      const monotonicMs = this.seconds * 1000;
      const now = { monotonicMs, epochMs: 1_700_000_000_000 + monotonicMs };
      this.state = warnAbout(this.state, { ...calm, ...sample }, limits, now);
    }
    return this;
  }

  get codes(): string[] {
    return warningsOf(this.state).map(({ code }) => code);
  }
}

describe("A9 warnings about our own use", () => {
  it("CPU: when the mean of a minute is above the limit, until it is clearly below", () => {
    const drive = new Drive().feed(70).feed(25, { ownCpuPercent: 100 });
    expect(drive.codes).toEqual([]);
    drive.feed(40, { ownCpuPercent: 100 });
    const [warning] = warningsOf(drive.state);
    expect(warning).toMatchObject({ code: "ownCpu", threshold: 50 });
    expect(warning?.message).toContain("limit 50 %");
    expect(warning?.value).toBeGreaterThan(50);
    expect(drive.feed(30, { ownCpuPercent: 48 }).codes).toEqual(["ownCpu"]);
    expect(drive.feed(300, { ownCpuPercent: 47 }).codes).toEqual(["ownCpu"]);
    expect(drive.feed(90, { ownCpuPercent: 20 }).codes).toEqual([]);
  });

  it("memory: above the limit for ten seconds; a peak is none", () => {
    expect(new Drive().feed(5, { ownMemoryBytes: 600_000_000 }).feed(1).codes).toEqual([]);
    const drive = new Drive().feed(12, { ownMemoryBytes: 600_000_000 });
    expect(warningsOf(drive.state)).toMatchObject([{ code: "ownMemory", value: 600, threshold: 500 }]);
    expect(drive.feed(30, { ownMemoryBytes: 480_000_000 }).codes).toEqual(["ownMemory"]);
    expect(drive.feed(11, { ownMemoryBytes: 300_000_000 }).codes).toEqual([]);
  });
});

describe("B1 warnings about power and space", () => {
  it("under-voltage is told at once and for a minute after it was last seen", () => {
    const drive = new Drive().feed(3).feed(1, { throttling: { now: { ...power, underVoltage: true } } });
    expect(drive.codes).toEqual(["underVoltage"]);
    expect(drive.feed(60, { throttling: { now: power } }).codes).toEqual(["underVoltage"]);
    expect(drive.feed(2, { throttling: { now: power } }).codes).toEqual([]);
  });

  it("slowed down with too little voltage is the power supply; slowed down without it is heat, the guard's matter", () => {
    const now = { ...power, throttled: true };
    expect(new Drive().feed(2, { throttling: { now: { ...now, underVoltage: true } } }).codes).toEqual([
      "underVoltage",
      "throttled",
    ]);
    expect(new Drive().feed(2, { throttling: { now } }).codes).toEqual([]);
  });

  it("space: below the least, until there is a quarter more", () => {
    const drive = new Drive().feed(1, { freeLiveBytes: 63_000_000, freeDiskBytes: 900_000_000 });
    expect(drive.codes).toEqual(["liveSpaceLow", "diskSpaceLow"]);
    expect(drive.feed(60, { freeLiveBytes: 70_000_000 }).codes).toEqual(["liveSpaceLow"]);
    expect(drive.feed(60, { freeLiveBytes: 90_000_000 }).codes).toEqual([]);
  });

  it("unknown begins nothing, ends nothing for five minutes, and then ends what can no longer be said", () => {
    const unknown = { ownCpuPercent: null, ownMemoryBytes: null, freeLiveBytes: null, freeDiskBytes: null };
    expect(new Drive().feed(600, unknown).codes).toEqual([]);
    const drive = new Drive().feed(1, { freeLiveBytes: 1 });
    const [before] = warningsOf(drive.state);
    expect(warningsOf(drive.feed(299, unknown).state)).toEqual([before]);
    expect(drive.feed(20, unknown).codes).toEqual([]);
  });
});

describe("B2 SafetyGuard", () => {
  const cool = { temperatureC: 50, cpuPercent: 10, memoryPercent: 30, ...calm, throttling: null };

  function setUp(enabled = true) {
    const world = { nowMs: 0 };
    const clock = { monotonicMs: () => world.nowMs, epochMs: () => 1_700_000_000_000 + world.nowMs };
    const guard = new SafetyGuard({ limits: { ...limits, enabled }, clock, log: silentLog });
    const told: string[] = [];
    guard.on("changed", ({ from, to, view }) => told.push(`${from} ${to} ${view.rung}`));
    guard.on("warningBegan", ({ code }) => told.push(`+${code}`));
    guard.on("warningEnded", ({ code }) => told.push(`-${code}`));
    const feed = (seconds: number, sample: Partial<typeof cool>): void => {
      for (let n = 0; n < seconds; n++) {
        world.nowMs += 1000;
        guard.note({ ...cool, ...sample }, ["slower", "smaller"]);
      }
    };
    return { guard, told, feed };
  }

  it("tells of each change and each warning once, in the form of the API", () => {
    const { guard, told, feed } = setUp();
    expect(guard.hasLooked).toBe(false);
    feed(10, {});
    expect(guard.hasLooked).toBe(true);
    feed(20, { temperatureC: 85, freeLiveBytes: 0 });
    expect(told).toEqual(["+liveSpaceLow", "normal slower slower", "slower stopped stopped"]);
    expect(guardViewSchema.parse(guard.view)).toEqual(guard.view);
    expect(guard.view).toMatchObject({ level: "stopped", since: 1_700_000_014_000, backInMs: null });
    feed(5, {});
    expect(guard.view.backInMs).toBe(26_000);
    feed(200, {});
    expect(told.slice(3)).toEqual([
      "-liveSpaceLow",
      "stopped smaller smaller",
      "smaller slower slower",
      "slower normal normal",
    ]);
    expect(guard.view).toMatchObject({ level: "normal", reason: null, backInMs: null, warnings: [] });
  });

  it("switched off, it warns and changes nothing", () => {
    const { guard, told, feed } = setUp(false);
    feed(100, { temperatureC: 99, freeLiveBytes: 0 });
    expect(told).toEqual(["+liveSpaceLow"]);
    expect(guard.hasLooked).toBe(true);
    expect(guard.view.level).toBe("normal");
  });

  it("takes warnings of others, each once", () => {
    const { guard, told } = setUp();
    guard.warn("stateUnwritable", "The disk is full.");
    guard.warn("stateUnwritable", "The disk is full.");
    expect(guard.view.warnings).toMatchObject([{ code: "stateUnwritable", message: "The disk is full." }]);
    guard.unwarn("stateUnwritable");
    guard.unwarn("stateUnwritable");
    expect(told).toEqual(["+stateUnwritable", "-stateUnwritable"]);
  });
});
