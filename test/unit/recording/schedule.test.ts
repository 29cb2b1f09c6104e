import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScheduled, wallTimeOf, type ScheduleRow } from "../../../server/recording/control/schedule.js";

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const row = (days: readonly number[], from: string, to: string): ScheduleRow => ({ days, from, to });
const at = (day: number, time: string) => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return { day, minutes: hours * 60 + minutes };
};
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hours, minutes]) => `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`);

describe("a schedule (E3)", () => {
  it.each([
    ["08:00", true],
    ["07:59", false],
    ["17:59", true],
    ["18:00", false],
  ])("from 08:00 to 18:00 holds %s: %s", (time, expected) => {
    expect(isScheduled([row([1], "08:00", "18:00")], at(1, time))).toBe(expected);
    expect(isScheduled([row([1], "08:00", "18:00")], at(2, time))).toBe(false);
  });

  it("goes over midnight into the next day, over the end of the week too", () => {
    const rows = [row([6], "22:00", "06:00")];
    expect(isScheduled(rows, at(6, "23:59"))).toBe(true);
    expect(isScheduled(rows, at(0, "05:59"))).toBe(true);
    expect(isScheduled(rows, at(0, "06:00"))).toBe(false);
    expect(isScheduled(rows, at(6, "05:59"))).toBe(false);
  });

  it("of a day up to 24:00, or from a time to the same, lasts that long", () => {
    expect(isScheduled([row([3], "00:00", "24:00")], at(3, "23:59"))).toBe(true);
    expect(isScheduled([row([3], "00:00", "24:00")], at(4, "00:00"))).toBe(false);
    expect(isScheduled([row([3], "12:00", "12:00")], at(4, "11:59"))).toBe(true);
  });

  it("holds exactly as many minutes of a week as its rows say", () => {
    fc.assert(
      fc.property(fc.subarray(everyDay, { minLength: 1 }), clock, clock, (days, from, to) => {
        const [start, end] = [at(0, from).minutes, at(0, to).minutes];
        const each = end > start ? end - start : end + 1440 - start;
        let held = 0;
        for (const day of everyDay) {
          for (let minutes = 0; minutes < 1440; minutes++) {
            if (isScheduled([row(days, from, to)], { day, minutes })) held += 1;
          }
        }
        expect(held).toBe(each * days.length);
      }),
      { numRuns: 40 },
    );
  });

  it("goes by the clock on the wall where daylight saving leaves an hour out, and where it repeats one", () => {
    const rows = [row([0], "02:30", "03:30")];
    const zone = "Europe/Berlin";
    const scheduledMinutes = (from: string, to: string) => {
      let count = 0;
      for (let ms = Date.parse(from); ms < Date.parse(to); ms += 60_000) {
        if (isScheduled(rows, wallTimeOf(ms, zone))) count += 1;
      }
      return count;
    };
    // 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
    expect(scheduledMinutes("2026-03-28T22:00:00Z", "2026-03-29T12:00:00Z")).toBe(30);
    expect(scheduledMinutes("2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z")).toBe(90);
    expect(scheduledMinutes("2026-11-07T22:00:00Z", "2026-11-08T12:00:00Z")).toBe(60);
  });

  it("knows the clock on the wall of this machine", () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const ms = Date.parse("2026-11-21T14:30:00Z");
    expect(wallTimeOf(ms)).toEqual(wallTimeOf(ms, zone));
  });
});
