/** Days and times as the clock of whoever looks at the page shows them. Pure. */

/** Times in milliseconds since the Unix epoch. */
export interface Day {
  /** YYYY-MM-DD. */
  readonly name: string;
  readonly from: number;
  /** Begin of the next day: 23 or 25 hours later when the clocks change. */
  readonly to: number;
}

const two = (value: number): string => String(value).padStart(2, "0");

export function dayOf(epochMs: number): Day {
  const at = new Date(epochMs);
  const [year, month, date] = [at.getFullYear(), at.getMonth(), at.getDate()];
  return {
    name: `${year}-${two(month + 1)}-${two(date)}`,
    from: new Date(year, month, date).getTime(),
    to: new Date(year, month, date + 1).getTime(),
  };
}

/** Null for what is no day. */
export function dayNamed(name: string): Day | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(name) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const day = dayOf(new Date(Number(year), Number(month) - 1, Number(date)).getTime());
  return day.name === name ? day : null;
}

export function dayBeside(day: Day, step: 1 | -1): Day {
  return dayOf(step === 1 ? day.to : day.from - 1);
}

/** The days of its month. */
export function monthOf(day: Day): Day[] {
  const month = day.name.slice(0, 7);
  const days: Day[] = [];
  for (let each = dayNamed(`${month}-01`); each?.name.startsWith(month); each = dayBeside(each, 1)) days.push(each);
  return days;
}

/** How far a clock with this offset from UTC is ahead of the one of whoever looks at the page, in minutes. */
export function minutesAhead(offsetMinutes: number, epochMs: number): number {
  return offsetMinutes + new Date(epochMs).getTimezoneOffset();
}

/** Position within the day, from 0 to 1. */
export function shareOf({ from, to }: Pick<Day, "from" | "to">, epochMs: number): number {
  return Math.min(1, Math.max(0, (epochMs - from) / (to - from)));
}

/** `HH:MM:SS` within a day, as a field of type time takes it. */
export function timeField(epochMs: number): string {
  const at = new Date(epochMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
}

/** The same for where something ends: midnight is that after the day. */
export function fieldEnd(day: Day, text: string): number | null {
  const at = fieldTime(day, text);
  return at === day.from ? day.to : at;
}

/** The time of a field within a day; null when it is empty or none. */
export function fieldTime(day: Day, text: string): number | null {
  const [, hours, minutes, seconds = "0"] = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const at = new Date(day.from);
  return new Date(
    at.getFullYear(),
    at.getMonth(),
    at.getDate(),
    Number(hours),
    Number(minutes),
    Number(seconds),
  ).getTime();
}
