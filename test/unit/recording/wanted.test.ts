import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { handNow, noHand, wantedNow, type ByHand, type CameraPlan } from "../../../server/recording/control/wanted.js";

const monday8 = { day: 1, minutes: 480 };
const monday20 = { day: 1, minutes: 1200 };
const office = [{ days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00" }];
const plan = (mode: CameraPlan["mode"]): CameraPlan => ({ mode, schedule: office });
const started = (untilMs: number | null = null): ByHand => ({ kind: "started", untilMs });
const stopped: ByHand = { kind: "stopped" };

describe("whether a camera is recorded (E3)", () => {
  it.each([
    ["off", noHand, monday8, false, "off"],
    ["continuous", noHand, monday20, true, "continuous"],
    ["manual", noHand, monday8, false, "waitsForHand"],
    ["schedule", noHand, monday8, true, "scheduled"],
    ["schedule", noHand, monday20, false, "outsideSchedule"],
    ["manual", started(), monday20, true, "startedByHand"],
    ["schedule", started(), monday20, true, "startedByHand"],
    ["continuous", stopped, monday8, false, "stoppedByHand"],
    ["schedule", stopped, monday8, false, "stoppedByHand"],
  ] as const)("%s, %j, %j: %s, %s", (mode, hand, wall, record, why) => {
    expect(wantedNow(plan(mode), handNow(plan(mode), hand, 1000, wall), wall)).toEqual({ record, why });
  });

  it("a start ends at its limit, to the millisecond", () => {
    expect(handNow(plan("manual"), started(5000), 4999, monday8)).toEqual(started(5000));
    expect(handNow(plan("manual"), started(5000), 5000, monday8)).toEqual(noHand);
  });

  it("a stop puts aside the time of the schedule it cut short, and not the next one", () => {
    expect(handNow(plan("schedule"), stopped, 1, monday8)).toEqual(stopped);
    expect(handNow(plan("schedule"), stopped, 1, monday20)).toEqual(noHand);
  });

  it("whatever was asked for by hand, a camera that is never recorded is not", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<ByHand>(noHand, stopped, started(), started(10)),
        fc.record({ day: fc.integer({ min: 0, max: 6 }), minutes: fc.integer({ min: 0, max: 1439 }) }),
        fc.nat(),
        (hand, wall, nowMs) => {
          expect(wantedNow(plan("off"), handNow(plan("off"), hand, nowMs, wall), wall).record).toBe(false);
        },
      ),
    );
  });

  it("what is left of a request by hand stays as it is, asked again at the same time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CameraPlan["mode"]>("off", "continuous", "manual", "schedule"),
        fc.constantFrom<ByHand>(noHand, stopped, started(), started(10)),
        fc.record({ day: fc.integer({ min: 0, max: 6 }), minutes: fc.integer({ min: 0, max: 1439 }) }),
        fc.nat(20),
        (mode, hand, wall, nowMs) => {
          const once = handNow(plan(mode), hand, nowMs, wall);
          expect(handNow(plan(mode), once, nowMs, wall)).toEqual(once);
        },
      ),
    );
  });
});
