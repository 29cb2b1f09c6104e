import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../server/config/schema.js";
import type { GuardSample } from "../../../server/guard/figures.js";
import type { ReducedRung, Rung } from "../../../server/guard/ladder.js";
import { atEase, backInMs, decide, type GuardMove, type GuardState } from "../../../server/guard/policy.js";

/** The defaults: 75/80/70 °C, 85 % over 10 s, 90 %, stop 3 s, step 10 s, last step 30 s, back 30 s. */
const limits = settingsSchema.parse({}).guard;
const bothSteps: readonly ReducedRung[] = ["slower", "smaller"];
const calm: GuardSample = { temperatureC: 55, cpuPercent: 20, memoryPercent: 40, throttling: null };
const power = { underVoltage: false, throttled: false, softTemperatureLimit: false };

/** Feeds samples, one a second unless told otherwise, and keeps the changes. */
class Drive {
  state: GuardState = atEase;
  nowMs = 1000;
  readonly changes: (GuardMove & { readonly atMs: number })[] = [];
  readonly #limits: typeof limits;
  readonly #steps: readonly ReducedRung[];

  constructor(changed: Partial<typeof limits> = {}, steps = bothSteps) {
    this.#limits = { ...limits, ...changed };
    this.#steps = steps;
  }

  one(sample: Partial<GuardSample>, afterMs = 1000): this {
    this.nowMs += afterMs;
    const whole = { ...calm, ...sample };
    const { state, change } = decide(this.state, { sample: whole, steps: this.#steps }, this.#limits, this.nowMs);
    this.state = state;
    if (change !== null) this.changes.push({ ...change, atMs: this.nowMs });
    return this;
  }

  feed(seconds: number, sample: Partial<GuardSample> = {}): this {
    for (let n = 0; n < seconds; n++) this.one(sample);
    return this;
  }

  get path(): string {
    return this.changes.map(({ to }) => to).join(" ");
  }

  get backInMs(): number | null {
    return backInMs(this.state, this.#limits, this.nowMs);
  }
}

const rungAfter = (drive: Drive): Rung => drive.state.rung;

describe("B2 temperature", () => {
  it("one odd reading does nothing, nor do two", () => {
    expect(new Drive().feed(20).one({ temperatureC: 79 }).feed(20).path).toBe("");
    expect(new Drive().feed(20).feed(2, { temperatureC: 99 }).feed(20).path).toBe("");
  });

  it("reduces step by step, each given its time, and stays reduced below the hard limit", () => {
    const drive = new Drive().feed(20).feed(3, { temperatureC: 75 });
    expect(drive.path).toBe("slower");
    drive.feed(9, { temperatureC: 76 });
    expect(drive.path).toBe("slower");
    drive.one({ temperatureC: 76 });
    expect(drive.path).toBe("slower smaller");
    expect(drive.feed(3600, { temperatureC: 79.9 }).path).toBe("slower smaller");
  });

  it("stops above the hard limit after stopSeconds, from any rung, with figure and threshold", () => {
    const drive = new Drive().feed(20).feed(3, { temperatureC: 81.2 });
    expect(rungAfter(drive)).toBe("slower");
    drive.one({ temperatureC: 81.2 });
    expect(drive.path).toBe("slower stopped");
    expect(drive.changes.at(-1)?.reason).toEqual({
      figure: "temperature",
      value: 81.2,
      threshold: 80,
      message: "The temperature is 81.2 °C (limit 80 °C): the picture is stopped.",
    });
  });

  it("is not misled by a sensor that fails now and then; what it said long ago does not count", () => {
    const drive = new Drive({ temperatureReduceC: 79.5 }).feed(20).one({ temperatureC: 85 });
    expect(drive.feed(4, { temperatureC: null }).path).toBe("");
    expect(drive.one({ temperatureC: 85 }).path).toBe("stopped");
    const other = new Drive().feed(20).one({ temperatureC: 85 }).feed(6, { temperatureC: null });
    expect(other.feed(2, { temperatureC: 85 }).path).toBe("");
  });

  it("60 → 90 → 60 °C slowly: down each step once, and back each step once", () => {
    const drive = new Drive().feed(20, { temperatureC: 60 });
    for (let celsius = 60; celsius <= 90; celsius += 0.25) drive.one({ temperatureC: celsius });
    for (let celsius = 90; celsius >= 60; celsius -= 0.25) drive.one({ temperatureC: celsius });
    drive.feed(120, { temperatureC: 60 });
    expect(drive.path).toBe("slower smaller stopped smaller slower normal");
    const values = drive.changes.map(({ reason }) => reason.value ?? 0);
    expect(values[0]).toBeCloseTo(75.5);
    expect(values[2]).toBeCloseTo(80.75);
    for (const value of values.slice(3)) expect(value).toBeLessThan(70);
    const [smaller = 0, slower = 0, normal = 0] = drive.changes.slice(3).map(({ atMs }) => atMs);
    expect([slower - smaller, normal - slower]).toEqual([31_000, 31_000]);
  });

  it("stops at once when the very first sample is above the hard limit: nothing runs yet", () => {
    expect(new Drive().one({ temperatureC: 80 }).path).toBe("stopped");
    expect(new Drive().one({ temperatureC: 79 }).path).toBe("");
  });
});

describe("B2 processor and memory", () => {
  it("a mean over its time reduces, and stops the picture when the last step does not help", () => {
    const drive = new Drive().feed(20).feed(12, { cpuPercent: 100 });
    expect(drive.path).toBe("slower");
    expect(drive.changes[0]?.reason).toMatchObject({ figure: "cpu", threshold: 85 });
    drive.feed(60, { cpuPercent: 100 });
    expect(drive.path).toBe("slower smaller stopped");
    const [, smaller, stopped] = drive.changes;
    expect((stopped?.atMs ?? 0) - (smaller?.atMs ?? 0)).toBe(30_000);
  });

  it("a peak shorter than the mean's time does nothing, nor does the load of the start", () => {
    expect(new Drive().feed(20).feed(7, { cpuPercent: 100 }).feed(20).path).toBe("");
    expect(new Drive().feed(8, { cpuPercent: 100 }).feed(20).path).toBe("");
  });

  it("a figure that has been over for long on the last step for another cause is given the whole time", () => {
    const drive = new Drive().feed(20).feed(600, { temperatureC: 77 });
    expect(drive.path).toBe("slower smaller");
    drive.feed(20, { temperatureC: 77, memoryPercent: 99 });
    expect(drive.path).toBe("slower smaller");
    expect(drive.feed(30, { temperatureC: 77, memoryPercent: 99 }).path).toBe("slower smaller stopped");
  });

  it("a limit of 100 % is none, upwards and on the way back", () => {
    const drive = new Drive({ cpuPercent: 100 }).feed(60, { cpuPercent: 100 });
    expect(drive.path).toBe("");
    drive.feed(5, { cpuPercent: 100, temperatureC: 76 }).feed(60, { cpuPercent: 100 });
    expect(drive.path).toBe("slower normal");
  });
});

describe("B2 throttling", () => {
  it("by heat reduces and never stops", () => {
    const hot = { throttling: { now: { ...power, throttled: true } } };
    const drive = new Drive().feed(5).feed(600, hot);
    expect(drive.path).toBe("slower smaller");
    expect(drive.changes[0]?.reason).toMatchObject({ figure: "throttling", value: null, threshold: null });
    expect(drive.feed(100, { throttling: { now: power } }).path).toBe("slower smaller slower normal");
  });

  it.each([
    ["by the power supply", { ...power, throttled: true, underVoltage: true }],
    ["of unknown cause", { ...power, throttled: true, underVoltage: null }],
    ["unknown", { underVoltage: null, throttled: null, softTemperatureLimit: null }],
  ])("%s does nothing", (_, now) => {
    expect(new Drive().feed(600, { throttling: { now } }).path).toBe("");
  });
});

describe("B2 the ladder of the present picture", () => {
  it.each<[readonly ReducedRung[], string]>([
    [["slower"], "slower stopped"],
    [["smaller"], "smaller stopped"],
  ])("%j: passes over what would change nothing", (steps, path) => {
    expect(new Drive({}, steps).feed(20).feed(300, { cpuPercent: 100 }).path).toBe(path);
  });

  it("comes back the same way", () => {
    const drive = new Drive({}, ["smaller"]).feed(20).feed(10, { temperatureC: 85 }).feed(100);
    expect(drive.path).toBe("smaller stopped smaller normal");
  });
});

describe("B2 back", () => {
  it("says how long it will take, and only while the figures are calm", () => {
    const drive = new Drive().feed(20).feed(3, { temperatureC: 76 });
    expect(drive.backInMs).toBeNull();
    expect(drive.feed(5, { temperatureC: 72 }).backInMs).toBeNull();
    expect(drive.feed(11, { temperatureC: 69 }).backInMs).toBe(20_000);
    expect(drive.feed(20, { temperatureC: 69 }).backInMs).toBeNull();
    expect(drive.changes.at(-1)?.reason.message).toBe(
      "The temperature is 69 °C (below 70 °C): the picture is as set again.",
    );
  });

  it("takes twice as long after each relapse, ten minutes at the most, and is forgotten after a long calm", () => {
    const drive = new Drive().feed(20);
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      drive.feed(3, { temperatureC: 76 });
      const since = drive.changes.at(-1)?.atMs ?? 0;
      while (drive.state.rung !== "normal") drive.one({});
      waits.push(Math.round((drive.nowMs - since) / 1000));
      drive.feed(10);
    }
    expect(waits).toEqual([31, 61, 121, 241, 481, 601, 601, 601]);
    drive.feed(1800).feed(3, { temperatureC: 76 });
    const since = drive.nowMs;
    while (drive.state.rung !== "normal") drive.one({});
    expect(drive.nowMs - since).toBe(31_000);
  });

  it("a cause that becomes unknown holds for five minutes, then counts as absent, and the reason says so", () => {
    const drive = new Drive().feed(20).feed(3, { temperatureC: 76 }).feed(300, { temperatureC: null });
    expect(drive.path).toBe("slower");
    expect(drive.feed(32, { temperatureC: null }).path).toBe("slower normal");
    expect(drive.changes.at(-1)?.reason).toMatchObject({ value: null });
    expect(drive.changes.at(-1)?.reason.message).toMatch(/unknown for long/);
  });

  it("another figure that is unknown, or never was known, does not hold it", () => {
    const drive = new Drive()
      .feed(20)
      .feed(3, { temperatureC: 76 })
      .feed(32, { cpuPercent: null, memoryPercent: null });
    expect(drive.path).toBe("slower normal");
  });

  it("a figure that pressed too while it was reduced must be known as well", () => {
    const drive = new Drive().feed(20).feed(30, { cpuPercent: 100 }).feed(5, { cpuPercent: 100, temperatureC: 76 });
    expect(drive.feed(200, { temperatureC: null }).path).toBe("slower smaller");
  });

  it("at worst, under a load that returns whenever the picture does, two changes in ten minutes in the long run", () => {
    const drive = new Drive().feed(20);
    for (let n = 0; n < 86_400; n++) drive.one(drive.state.rung === "normal" ? { temperatureC: 76 } : {});
    const lastHours = drive.changes.filter(({ atMs }) => atMs > 3600_000);
    expect(lastHours.length).toBeLessThanOrEqual((2 * 23 * 60) / 10);
  });
});
