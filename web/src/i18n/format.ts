/** Figures for people. Times have the units of the page's language; all other units, and the digits, are the same in both. */
import { language } from "./chosen-language.js";
import type { Language } from "./language.js";

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

const timeUnits: Readonly<
  Record<Language, { readonly s: string; readonly min: string; readonly h: string; readonly d: string }>
> = {
  en: { s: " s", min: " min", h: " h", d: " d" },
  ko: { s: "초", min: "분", h: "시간", d: "일" },
};

const seconds = (s: number, digits: number): string => number(s, digits) + timeUnits[language.value].s;

export const formatSeconds = (ms: number): string => seconds(ms / 1000, 2);

/** Milliseconds below a second, seconds from there on. */
export const formatMs = (ms: number): string =>
  ms < 999.5 ? `${number(ms, 0)} ms` : seconds(ms / 1000, ms < 10_000 ? 2 : 0);

export const formatPercent = (percent: number): string => `${number(percent, percent < 9.95 ? 1 : 0)}%`;

/** Two digits, and never rounded up: a gap, however short, keeps it below 100. */
export const formatShare = (percent: number): string => `${number(Math.floor(percent * 100) / 100, 2)}%`;

export const formatCelsius = (celsius: number): string => `${number(celsius, 1)} °C`;

export const formatCount = (count: number): string => number(count, 0);

export const formatMean = (count: number): string => number(count, 1);

export const formatRate = (perSecond: number): string => `${number(perSecond, 1)} fps`;

const dayS = 86_400;

/** A time of any length in its two greatest units, such as “3 min 20 s” or “3분 20초”; below a minute to the tenth of a second. */
export function formatDuration(ms: number): string {
  if (ms < 59_950) return seconds(ms / 1000, ms < 9950 ? 1 : 0);
  return formatWait(Math.round(ms / 1000));
}

/** The same for whole seconds that are counted down. */
export function formatWait(wholeSeconds: number): string {
  if (wholeSeconds < 60) return seconds(wholeSeconds, 0);
  if (wholeSeconds < 3600) return twoUnits(wholeSeconds, [60, "min"], [1, "s"]);
  return wholeSeconds < dayS
    ? twoUnits(wholeSeconds, [3600, "h"], [60, "min"])
    : twoUnits(wholeSeconds, [dayS, "d"], [3600, "h"]);
}

type TimeUnit = readonly [lengthS: number, name: keyof (typeof timeUnits)["en"]];

function twoUnits(wholeSeconds: number, great: TimeUnit, small: TimeUnit): string {
  const units = timeUnits[language.value];
  const rest = Math.floor((wholeSeconds % great[0]) / small[0]);
  const first = number(Math.floor(wholeSeconds / great[0]), 0) + units[great[1]];
  return rest === 0 ? first : `${first} ${rest}${units[small[1]]}`;
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
