/** Figures for people. Units are the same in all languages of the page; the digits are the browser's. */
const number = (value: number, digits: number): string =>
  value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });

const byteUnits = ["B", "KB", "MB", "GB", "TB"] as const;

/** Bytes with three significant digits, in steps of 1000. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${number(value, digits)} ${byteUnits[unit] ?? ""}`;
}

export const formatSeconds = (ms: number): string => `${number(ms / 1000, 2)} s`;

/** Milliseconds below a second, seconds from there on. */
export const formatMs = (ms: number): string =>
  ms < 999.5 ? `${number(ms, 0)} ms` : `${number(ms / 1000, ms < 10_000 ? 2 : 0)} s`;

export const formatPercent = (percent: number): string => `${number(percent, percent < 9.95 ? 1 : 0)} %`;

export const formatCelsius = (celsius: number): string => `${number(celsius, 1)} °C`;

export const formatCount = (count: number): string => number(count, 0);

export const formatRate = (perSecond: number): string => `${number(perSecond, 1)} fps`;

/** Time of the day, with the date in front of it when that is not today. */
export function formatTime(epochMs: number, nowMs: number, language: string): string {
  const at = new Date(epochMs);
  const sameDay = at.toDateString() === new Date(nowMs).toDateString();
  const time = at.toLocaleTimeString(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  return sameDay ? time : `${at.toLocaleDateString(language, { month: "short", day: "numeric" })} ${time}`;
}
