/** The guard's view in the words of the page. What the service says in English is for tooltips. */
import type { GuardView } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "./dictionary.js";
import { formatBytes, formatCelsius, formatPercent } from "./format.js";

type GuardReason = NonNullable<GuardView["reason"]>;
type GuardWarning = GuardView["warnings"][number];

export function guardLevelText(t: Dictionary, level: GuardView["level"]): string {
  return { normal: t.guardNormal, reduced: t.guardReduced, stopped: t.guardStopped }[level];
}

/** What the guard has done to the picture, as a title; empty at `normal`. */
export function guardTitle(t: Dictionary, rung: GuardView["rung"]): string {
  const titles = {
    normal: "",
    single: t.guardSingleTitle,
    slower: t.guardSlowerTitle,
    smaller: t.guardSmallerTitle,
    mjpegOff: t.guardMjpegOffTitle,
    warmOff: t.guardWarmOffTitle,
    stopped: t.guardStoppedTitle,
  };
  return titles[rung];
}

/** The cause, with the figure and its threshold as far as they are known. On the way back the figure is below it. */
export function guardReasonText(t: Dictionary, { figure, value, threshold }: GuardReason): string {
  const causes = {
    temperature: t.guardTooHot,
    cpu: t.guardTooBusy,
    memory: t.guardMemoryFull,
    throttling: t.guardThrottled,
  };
  const format = figure === "temperature" ? formatCelsius : formatPercent;
  if (value === null || figure === "throttling") return causes[figure];
  if (threshold !== null && value < threshold) {
    return withFigures(t.guardRecovering, { value, threshold, format, bound: t.guardBelow });
  }
  return withFigures(causes[figure], { value, threshold, format, bound: t.guardFigures });
}

/** What is wrong, and what a person can do about it. */
export function guardWarningText(t: Dictionary, { code, value, threshold }: WarningFacts): WarningWords {
  const [title, advice] = warningWords(t)[code];
  const format = warningUnits[code];
  if (format === null) return { title, advice };
  const bound = isAtLeast(code) ? t.guardAtLeast : t.guardFigures;
  return { title: withFigures(title, { value, threshold, format, bound }), advice };
}

type WarningFacts = Pick<GuardWarning, "code" | "value" | "threshold">;

interface WarningWords {
  readonly title: string;
  readonly advice: string;
}

export const isWarningCode = (code: string): code is GuardWarning["code"] => Object.hasOwn(warningUnits, code);

/** Its threshold is the least that there should be. */
const isAtLeast = (code: GuardWarning["code"]): boolean => code === "liveSpaceLow" || code === "diskSpaceLow";

/** The figure of the machine that moved the guard, by its name in `Resources`; null where there is none. */
export function figureOf(reason: GuardReason): string {
  const names = { temperature: "temperatureC", cpu: "cpuPercent", memory: "memoryPercent", throttling: "throttling" };
  return names[reason.figure];
}

interface Figures {
  readonly value: number | null;
  readonly threshold: number | null;
  readonly format: (value: number) => string;
  /** Puts the two side by side. */
  readonly bound: (value: string, threshold: string) => string;
}

function withFigures(cause: string, { value, threshold, format, bound }: Figures): string {
  if (value === null) return cause;
  // A figure and its unit stay on one line.
  const whole = (figure: number) => format(figure).replaceAll(" ", "\u00a0");
  return `${cause}: ${threshold === null ? whole(value) : bound(whole(value), whole(threshold))}`;
}

/** Null: a warning without a figure. */
const warningUnits: Record<GuardWarning["code"], ((value: number) => string) | null> = {
  ownCpu: formatPercent,
  ownMemory: (megabytes) => formatBytes(megabytes * 1_000_000),
  underVoltage: null,
  throttled: null,
  liveSpaceLow: formatBytes,
  diskSpaceLow: formatBytes,
  stateUnwritable: null,
};

function warningWords(t: Dictionary): Record<GuardWarning["code"], readonly [title: string, advice: string]> {
  return {
    ownCpu: [t.warningOwnCpu, t.warningOwnCpuAdvice],
    ownMemory: [t.warningOwnMemory, t.warningOwnMemoryAdvice],
    underVoltage: [t.warningUnderVoltage, t.warningUnderVoltageAdvice],
    throttled: [t.warningThrottled, t.warningThrottledAdvice],
    liveSpaceLow: [t.warningLiveSpaceLow, t.warningLiveSpaceLowAdvice],
    diskSpaceLow: [t.warningDiskSpaceLow, t.warningDiskSpaceLowAdvice],
    stateUnwritable: [t.warningStateUnwritable, t.warningStateUnwritableAdvice],
  };
}
