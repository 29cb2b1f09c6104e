/** What DESIGN promises of the policy, for any series of samples. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../server/config/schema.js";
import type { GuardSample } from "../../../server/guard/figures.js";
import { rankOf, type ReducedRung, type Rung } from "../../../server/guard/ladder.js";
import { atEase, decide, type GuardMove } from "../../../server/guard/policy.js";

const limits = settingsSchema.parse({}).guard;
const bothSteps: readonly ReducedRung[] = ["slower", "smaller"];
const calm: GuardSample = { temperatureC: 55, cpuPercent: 20, memoryPercent: 40, throttling: null };

const flagValue = fc.constantFrom(true, false, null);
const someSample = fc.record({
  temperatureC: fc.option(fc.double({ min: 40, max: 100, noNaN: true }), { freq: 6 }),
  cpuPercent: fc.option(fc.oneof(fc.constant(100), fc.double({ min: 0, max: 100, noNaN: true })), { freq: 6 }),
  memoryPercent: fc.option(fc.oneof(fc.constant(99), fc.double({ min: 0, max: 100, noNaN: true })), { freq: 6 }),
  throttling: fc.option(
    fc.record({ now: fc.record({ underVoltage: flagValue, throttled: flagValue, softTemperatureLimit: flagValue }) }),
  ),
});
/** The same sample several times over: single ones do too little. */
const someStretch = fc.record({
  sample: someSample,
  times: fc.integer({ min: 1, max: 60 }),
  everyMs: fc.constantFrom(200, 1000, 1000, 1300, 4000),
});
const someSeries = fc.array(someStretch, { maxLength: 40 });
/** Dual mode, viewers and warm cameras come and go, so any choice of the steps may be the ladder. */
const allSteps: readonly ReducedRung[] = ["single", "slower", "smaller", "mjpegOff", "warmOff"];
const someLadder = fc.subarray<ReducedRung>([...allSteps], { minLength: 1 });
/** Short times, so that a series reaches all of it. */
const someLimits = fc.record({
  cpuSeconds: fc.integer({ min: 1, max: 15 }),
  stopSeconds: fc.integer({ min: 0, max: 6 }),
  stepSeconds: fc.integer({ min: 1, max: 12 }),
  lastStepSeconds: fc.integer({ min: 1, max: 30 }),
  backSeconds: fc.integer({ min: 1, max: 20 }),
});

interface Seen {
  readonly sample: GuardSample;
  readonly nowMs: number;
  readonly before: Rung;
  readonly after: Rung;
  readonly change: GuardMove | null;
}

type Stretches = readonly { readonly sample: GuardSample; readonly times: number; readonly everyMs: number }[];

function run(series: Stretches, steps: (n: number) => readonly ReducedRung[], changed: Partial<typeof limits>) {
  const all: Seen[] = [];
  let state = atEase;
  let nowMs = 0;
  series.forEach(({ sample, times, everyMs }, n) => {
    for (let time = 0; time < times; time++) {
      nowMs += everyMs;
      const next = decide(state, { sample, steps: steps(n) }, { ...limits, ...changed }, nowMs);
      all.push({ sample, nowMs, before: state.rung, after: next.state.rung, change: next.change });
      state = next.state;
    }
  });
  return { all, state, nowMs, changes: all.filter(({ change }) => change !== null) };
}

describe("B2 for any series of samples", () => {
  it("never flaps: n + 1 + 2 · ⌊T / backSeconds⌋ changes at most, with a ladder of n steps", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        const { changes, nowMs } = run(series, () => steps, changed);
        const bound = steps.length + 1 + 2 * Math.floor(nowMs / (changed.backSeconds * 1000));
        expect(changes.length).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it("takes backSeconds at least from the change before it to a step back", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        let lastMs = -Infinity;
        for (const { before, after, nowMs } of run(series, () => steps, changed).changes) {
          const isBack = rankOf(after) < rankOf(before);
          if (isBack) expect(nowMs - lastMs).toBeGreaterThanOrEqual(changed.backSeconds * 1000);
          lastMs = nowMs;
        }
      }),
    );
  });

  it("never flaps while the picture, and so the ladder, changes: 6 + 6 · ⌊T / backSeconds⌋ at most", () => {
    fc.assert(
      fc.property(someSeries, fc.array(someLadder, { minLength: 1 }), someLimits, (series, ladders, changed) => {
        const { changes, nowMs } = run(series, (n) => ladders[n % ladders.length] ?? bothSteps, changed);
        expect(changes.length).toBeLessThanOrEqual(6 + 6 * Math.floor(nowMs / (changed.backSeconds * 1000)));
      }),
    );
  });

  it("changes as it says: from the rung it is on, one step of the ladder, except to stopped", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        const ladder: Rung[] = ["normal", ...steps, "stopped"];
        for (const { before, after, change } of run(series, () => steps, changed).all) {
          if (change === null) expect(after).toBe(before);
          else expect([change.from, change.to]).toEqual([before, after]);
          if (after === "stopped") continue;
          expect(Math.abs(ladder.indexOf(after) - ladder.indexOf(before))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("is stopped once the temperature has been at the hard limit for stopSeconds", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        let hotSinceMs: number | null = null;
        for (const { sample, nowMs, after } of run(series, () => steps, changed).all) {
          const isHot = sample.temperatureC !== null && sample.temperatureC >= limits.temperatureStopC;
          hotSinceMs = isHot ? (hotSinceMs ?? nowMs) : null;
          if (hotSinceMs !== null && nowMs - hotSinceMs >= changed.stopSeconds * 1000) expect(after).toBe("stopped");
        }
      }),
    );
  });

  it("the temperature is what stops it only at the hard limit", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        for (const { after, change, sample } of run(series, () => steps, changed).changes) {
          if (after !== "stopped" || change?.reason.figure !== "temperature") continue;
          expect(sample.temperatureC).toBeGreaterThanOrEqual(limits.temperatureStopC);
        }
      }),
    );
  });

  it("goes up only by a figure that is known in this very sample", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        for (const { before, after, change, sample } of run(series, () => steps, changed).changes) {
          if (change === null || rankOf(after) < rankOf(before)) continue;
          const { figure } = change.reason;
          const known = {
            temperature: sample.temperatureC,
            cpu: sample.cpuPercent,
            memory: sample.memoryPercent,
            throttling: sample.throttling,
          };
          expect(known[figure]).not.toBeNull();
        }
      }),
    );
  });

  it("always comes back to normal after enough calm", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        // Six steps of ten minutes, and the time of the mean before each.
        const enough = { sample: calm, times: 1000, everyMs: 4000 };
        expect(run([...series, enough], () => steps, changed).state.rung).toBe("normal");
      }),
      { numRuns: 40 },
    );
  });

  it("comes back although every sensor is gone", () => {
    fc.assert(
      fc.property(someSeries, someLadder, someLimits, (series, steps, changed) => {
        const nothing = { temperatureC: null, cpuPercent: null, memoryPercent: null, throttling: null };
        const enough = { sample: nothing, times: 1100, everyMs: 4000 };
        expect(run([...series, enough], () => steps, changed).state.rung).toBe("normal");
      }),
      { numRuns: 40 },
    );
  });
});
