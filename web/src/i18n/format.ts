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

/** Two digits, and never rounded up: a gap, however short, keeps it below 100. */
export const formatShare = (percent: number): string => `${number(Math.floor(percent * 100) / 100, 2)} %`;

export const formatCelsius = (celsius: number): string => `${number(celsius, 1)} °C`;

export const formatCount = (count: number): string => number(count, 0);

export const formatMean = (count: number): string => number(count, 1);

export const formatRate = (perSecond: number): string => `${number(perSecond, 1)} fps`;

const dayS = 86_400;

/** A time of any length in its two greatest units, such as “3 min 20 s”; below a minute to the tenth of a second. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return `${number(ms / 1000, ms < 9950 ? 1 : 0)} s`;
  return formatWait(Math.round(ms / 1000));
}

/** The same for whole seconds that are counted down. */
export function formatWait(seconds: number): string {
  if (seconds < 60) return `${number(seconds, 0)} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, "min", 1, "s");
  return seconds < dayS ? twoUnits(seconds, 3600, "h", 60, "min") : twoUnits(seconds, dayS, "d", 3600, "h");
}

function twoUnits(seconds: number, great: number, greatUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % great) / small);
  const first = `${number(Math.floor(seconds / great), 0)} ${greatUnit}`;
  return rest === 0 ? first : `${first} ${rest} ${smallUnit}`;
}

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
