/**
 * Warnings: they change no picture and stand as long as their cause does (A9, B1). Pure, with hysteresis: a warning
 * begins when its figure was over for a while, and ends when it was clearly under for a while.
 */
import { emptyWindow, meanOf, withReading, type ReadingWindow } from "./moving-mean.js";

export const measuredWarnings = [
  "ownCpu",
  "ownMemory",
  "underVoltage",
  "throttled",
  "liveSpaceLow",
  "diskSpaceLow",
] as const;
export type MeasuredWarning = (typeof measuredWarnings)[number];
/** The last one is told by whoever notices it. */
export type WarningCode = MeasuredWarning | "stateUnwritable";

export interface GuardWarning {
  readonly code: WarningCode;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly message: string;
}

/** The part of a sample that warnings come from; null is unknown. */
export interface WarningSample {
  readonly ownCpuPercent: number | null;
  readonly ownMemoryBytes: number | null;
  readonly freeLiveBytes: number | null;
  readonly freeDiskBytes: number | null;
  readonly throttling: { readonly now: PowerFlags } | null;
}

interface PowerFlags {
  readonly underVoltage: boolean | null;
  readonly frequencyCapped: boolean | null;
  readonly throttled: boolean | null;
}

const unknownPower: PowerFlags = { underVoltage: null, frequencyCapped: null, throttled: null };

export interface WarningLimits {
  readonly ownCpuPercent: number;
  readonly ownMemoryMb: number;
}

interface Cause {
  readonly overSinceMs: number | null;
  readonly underSinceMs: number | null;
  readonly knownMs: number;
  readonly warning: GuardWarning | null;
}

export interface WarningState {
  readonly ownCpu: ReadingWindow;
  readonly causes: Readonly<Partial<Record<MeasuredWarning, Cause>>>;
}

export interface Now {
  readonly monotonicMs: number;
  readonly epochMs: number;
}

export const noWarnings: WarningState = { ownCpu: emptyWindow, causes: {} };

export const leastFreeLiveBytes = 64_000_000;
export const leastFreeDiskBytes = 1_000_000_000;

const ownCpuMs = 60_000;
/** A warning whose figure is unknown for so long ends: it can no longer be said that its cause stands. */
const holdMs = 5 * 60_000;

type Verdict = "over" | "between" | "under" | "unknown";

interface Seen {
  readonly verdict: Verdict;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly message: string;
}

interface Dwell {
  readonly beginMs: number;
  readonly endMs: number;
}

/** Under-voltage lasts for moments and comes again: its end is believed late. Memory has peaks. */
const dwells: Record<MeasuredWarning, Dwell> = {
  ownCpu: { beginMs: 0, endMs: 10_000 },
  ownMemory: { beginMs: 10_000, endMs: 10_000 },
  underVoltage: { beginMs: 0, endMs: 60_000 },
  throttled: { beginMs: 0, endMs: 60_000 },
  liveSpaceLow: { beginMs: 0, endMs: 10_000 },
  diskSpaceLow: { beginMs: 0, endMs: 10_000 },
};

/** All warnings after one more sample. */
export function warnAbout(state: WarningState, sample: WarningSample, limits: WarningLimits, now: Now): WarningState {
  const ownCpu = withReading(state.ownCpu, sample.ownCpuPercent, ownCpuMs, now.monotonicMs);
  const seen = look(sample, meanOf(ownCpu, ownCpuMs, now.monotonicMs), limits);
  const causes: Partial<Record<MeasuredWarning, Cause>> = {};
  for (const code of measuredWarnings) causes[code] = causeAfter(code, state.causes[code], seen[code], now);
  return { ownCpu, causes };
}

/** Those that stand, in the order of their codes. */
export function warningsOf({ causes }: WarningState): GuardWarning[] {
  return measuredWarnings.flatMap((code) => causes[code]?.warning ?? []);
}

function causeAfter(code: MeasuredWarning, before: Cause | undefined, seen: Seen, now: Now): Cause {
  const nowMs = now.monotonicMs;
  const knownMs = seen.verdict === "unknown" ? (before?.knownMs ?? nowMs) : nowMs;
  const overSinceMs = seen.verdict === "over" ? (before?.overSinceMs ?? nowMs) : null;
  const isUnder = seen.verdict === "under" || nowMs - knownMs > holdMs;
  const underSinceMs = isUnder ? (before?.underSinceMs ?? nowMs) : null;
  const { beginMs, endMs } = dwells[code];
  const former = before?.warning ?? null;
  const begins = overSinceMs !== null && nowMs - overSinceMs >= beginMs;
  const ends = underSinceMs !== null && nowMs - underSinceMs >= endMs;
  const goesOn = begins || (former !== null && !ends);
  return { overSinceMs, underSinceMs, knownMs, warning: goesOn ? renewed(code, former, seen, now) : null };
}

/** With the figure as it is now; while that is calm or unknown, as it was. */
function renewed(code: MeasuredWarning, former: GuardWarning | null, seen: Seen, { epochMs }: Now): GuardWarning {
  const { verdict, value, threshold, message } = seen;
  if (former !== null && verdict !== "over") return former;
  return { code, since: former?.since ?? Math.round(epochMs), value, threshold, message };
}

function look(sample: WarningSample, ownCpu: number | null, limits: WarningLimits): Record<MeasuredWarning, Seen> {
  const { underVoltage, throttled, frequencyCapped } = sample.throttling?.now ?? unknownPower;
  const isSlowed = throttled === null ? frequencyCapped : throttled || frequencyCapped;
  return {
    ownCpu: above(ownCpu, limits.ownCpuPercent, (value, limit) => {
      return `Smart Toggle itself uses ${value.toFixed(0)} % of the processor (limit ${limit} %).`;
    }),
    ownMemory: above(megabytes(sample.ownMemoryBytes), limits.ownMemoryMb, (value, limit) => {
      return `Smart Toggle itself uses ${value.toFixed(0)} MB of memory (limit ${limit} MB).`;
    }),
    underVoltage: flag(underVoltage, "The power supply is too weak (under-voltage). Use a stronger one."),
    throttled: flag(
      underVoltage && isSlowed,
      "The processor is slowed down because the power supply is too weak. Use a stronger one.",
    ),
    liveSpaceLow: below(sample.freeLiveBytes, leastFreeLiveBytes, (value) => {
      return `Only ${inMb(value)} are free for live media. Close what else fills this tmpfs, or give it more.`;
    }),
    diskSpaceLow: below(sample.freeDiskBytes, leastFreeDiskBytes, (value) => {
      return `Only ${inMb(value)} are free on the disk of the state folder. Make room there.`;
    }),
  };
}

function above(value: number | null, threshold: number, message: (value: number, limit: number) => string): Seen {
  if (value === null) return unknown(threshold);
  const verdict = value > threshold ? "over" : value < threshold * 0.9 ? "under" : "between";
  return { verdict, value: Math.round(value * 10) / 10, threshold, message: message(value, threshold) };
}

function below(value: number | null, threshold: number, message: (value: number) => string): Seen {
  if (value === null) return unknown(threshold);
  const verdict = value < threshold ? "over" : value > threshold * 1.25 ? "under" : "between";
  return { verdict, value, threshold, message: message(value) };
}

function flag(isSet: boolean | null, message: string): Seen {
  const verdict = isSet === null ? "unknown" : isSet ? "over" : "under";
  return { verdict, value: null, threshold: null, message };
}

const unknown = (threshold: number): Seen => ({ verdict: "unknown", value: null, threshold, message: "" });
const megabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 1_000_000);
const inMb = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;
