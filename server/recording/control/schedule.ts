/**
 * A weekly table of times. Pure. It goes by the clock on the wall of the device: what a person writes as 08:00 is 08:00
 * on every day of the year. An hour that daylight saving repeats is therefore recorded twice, and one that it leaves out
 * never comes; nothing else has to be known about it.
 */

/** One row: on these days, from one time of the day up to another; up to the next day when `to` is not after `from`. */
export interface ScheduleRow {
  /** 0 is Sunday. The days on which it begins. */
  readonly days: readonly number[];
  /** `HH:MM`, from 00:00 to 23:59. */
  readonly from: string;
  /** `HH:MM`, from 00:00 to 24:00. Equal to `from`: a whole day. */
  readonly to: string;
}

/** The clock on the wall. */
export interface WallTime {
  /** 0 is Sunday. */
  readonly day: number;
  /** Minutes since 00:00, with a fraction. */
  readonly minutes: number;
}

const minutesADay = 24 * 60;

/** In the time zone of this process, or another one of IANA's names. */
export function wallTimeOf(epochMs: number, timeZone?: string): WallTime {
  if (timeZone === undefined) {
    const local = new Date(epochMs);
    return { day: local.getDay(), minutes: local.getHours() * 60 + local.getMinutes() + local.getSeconds() / 60 };
  }
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  });
  const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(parts["weekday"] ?? "");
  return { day, minutes: Number(parts["hour"]) * 60 + Number(parts["minute"]) + Number(parts["second"]) / 60 };
}

/** Whether any row of the table holds this time. */
export function isScheduled(rows: readonly ScheduleRow[], now: WallTime): boolean {
  return rows.some((row) => holds(row, now));
}

function holds({ days, from, to }: ScheduleRow, { day, minutes }: WallTime): boolean {
  const start = minutesOf(from);
  const end = minutesOf(to) > start ? minutesOf(to) : minutesOf(to) + minutesADay;
  const yesterday = (day + 6) % 7;
  return (
    (days.includes(day) && minutes >= start && minutes < end) ||
    (days.includes(yesterday) && minutes + minutesADay < end)
  );
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return hours * 60 + minutes;
}
