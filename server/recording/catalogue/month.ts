/** The days of a month by the clock on a wall. Pure, but for the zone of this machine, which is the one where none is named. */
export interface DayOfMonth {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Milliseconds since the Unix epoch; up to the begin of the next day, 23 or 25 hours later where the clocks change. */
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;

/** `month` is `YYYY-MM`, `zone` one of IANA's names. Throws `RangeError` for a zone that there is not. */
export function daysOfMonth(month: string, zone?: string): DayOfMonth[] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const offsetAt = offsets(zone);
  const begin = (date: number): number => localMidnight(Date.UTC(year, number - 1, date), offsetAt);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length }, (_, index) => {
    const day = `${month}-${String(index + 1).padStart(2, "0")}`;
    return { day, from: begin(index + 1), to: begin(index + 2) };
  });
}

/** The offset at midnight may be another one than at the same time in UTC: it is asked for twice. */
function localMidnight(utcMs: number, offsetAt: (epochMs: number) => number): number {
  return utcMs - offsetAt(utcMs - offsetAt(utcMs));
}

/** How far the clock on the wall is ahead of UTC at a moment, in milliseconds. */
function offsets(zone: string | undefined): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric" },
  });
  return (epochMs) => {
    const at = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = at;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(epochMs / minuteMs) * minuteMs;
  };
}
