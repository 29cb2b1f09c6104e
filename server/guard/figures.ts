/**
 * What the guard makes of each figure: a verdict, and since when it has been so. Pure. Unknown is a verdict of its own:
 * never pressure, never calm, and never 0.
 */
import type { Settings } from "../config/schema.js";
import { emptyWindow, meanOf, withReading, type ReadingWindow } from "./moving-mean.js";

/** In the order in which they are named when several press at once. */
export const figures = ["temperature", "throttling", "memory", "cpu"] as const;
export type Figure = (typeof figures)[number];

/** The numbers of the section `guard` of the settings; their texts stand there. */
export type GuardLimits = Pick<
  Settings["guard"],
  | "cpuPercent"
  | "cpuSeconds"
  | "memoryPercent"
  | "temperatureReduceC"
  | "temperatureStopC"
  | "temperatureBackC"
  | "percentBack"
  | "stopSeconds"
  | "stepSeconds"
  | "lastStepSeconds"
  | "backSeconds"
>;

/** The part of a sample of ResourceMonitor that the guard looks at; null is unknown. */
export interface GuardSample {
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly temperatureC: number | null;
  readonly throttling: { readonly now: PowerState } | null;
}

export interface PowerState {
  readonly underVoltage: boolean | null;
  readonly throttled: boolean | null;
  readonly softTemperatureLimit: boolean | null;
}

/** Something that has held in each known reading since a moment. */
export interface Run {
  readonly sinceMs: number;
  readonly readings: number;
  readonly seenMs: number;
}

export interface Standing {
  readonly verdict: "unknown" | "calm" | "between" | "over";
  /** Of CPU and memory the mean; null where the figure has no number or is unknown. */
  readonly value: number | null;
  /** From here on it presses. */
  readonly threshold: number | null;
  /** Below this it is calm. */
  readonly calmBelow: number | null;
  /** How long it has been over. */
  readonly over: Run | null;
  /** When it was known last; null: never. */
  readonly knownMs: number | null;
}

export interface Watched {
  readonly cpu: ReadingWindow;
  readonly memory: ReadingWindow;
  readonly standings: Readonly<Record<Figure, Standing>>;
  /** How long the temperature has been at or above the hard limit. */
  readonly hot: Run | null;
}

const neverSeen: Standing = {
  verdict: "unknown",
  value: null,
  threshold: null,
  calmBelow: null,
  over: null,
  knownMs: null,
};

export const nothingWatched: Watched = {
  cpu: emptyWindow,
  memory: emptyWindow,
  standings: { temperature: neverSeen, throttling: neverSeen, memory: neverSeen, cpu: neverSeen },
  hot: null,
};

/** A run goes on over unknown readings for so long. */
const bridgedMs = 5000;
/** One odd reading does nothing: temperature and throttling press after so many in a row, over so long a time. */
const fewestReadings = 3;
const shortestMs = 2000;
/** A limit of 100 % is none. */
const noPercent = 100;

/** All figures after one more sample. */
export function watch(before: Watched, sample: GuardSample, limits: GuardLimits, nowMs: number): Watched {
  const lengthMs = limits.cpuSeconds * 1000;
  const cpu = withReading(before.cpu, sample.cpuPercent, lengthMs, nowMs);
  const memory = withReading(before.memory, sample.memoryPercent, lengthMs, nowMs);
  const { temperatureC } = sample;
  const seen = {
    temperature: temperature(temperatureC, limits),
    throttling: throttling(sample),
    memory: share(meanOf(memory, lengthMs, nowMs), limits.memoryPercent, limits),
    cpu: share(meanOf(cpu, lengthMs, nowMs), limits.cpuPercent, limits),
  };
  const stand = (figure: Figure): Standing => standing(before.standings[figure], seen[figure], nowMs);
  return {
    cpu,
    memory,
    standings: {
      temperature: stand("temperature"),
      throttling: stand("throttling"),
      memory: stand("memory"),
      cpu: stand("cpu"),
    },
    hot: runAfter(before.hot, temperatureC === null ? null : temperatureC >= limits.temperatureStopC, nowMs),
  };
}

/** Whether a figure asks for less picture. CPU and memory are means already: no single reading moves them. */
export function presses(figure: Figure, { verdict, over }: Standing, nowMs: number): boolean {
  if (verdict !== "over" || over === null) return false;
  if (figure === "cpu" || figure === "memory") return true;
  return over.readings >= fewestReadings && nowMs - over.sinceMs >= shortestMs;
}

type Seen = Pick<Standing, "verdict" | "value" | "threshold" | "calmBelow">;

function standing(before: Standing, seen: Seen, nowMs: number): Standing {
  const isKnown = seen.verdict !== "unknown";
  const over = runAfter(before.over, isKnown ? seen.verdict === "over" : null, nowMs);
  return { ...seen, over, knownMs: isKnown ? nowMs : before.knownMs };
}

function runAfter(run: Run | null, holds: boolean | null, nowMs: number): Run | null {
  if (holds === null) return run !== null && nowMs - run.seenMs <= bridgedMs ? run : null;
  if (!holds) return null;
  return { sinceMs: run?.sinceMs ?? nowMs, readings: (run?.readings ?? 0) + 1, seenMs: nowMs };
}

function temperature(value: number | null, { temperatureReduceC, temperatureBackC }: GuardLimits): Seen {
  const calmBelow = temperatureReduceC - temperatureBackC;
  const limits = { threshold: temperatureReduceC, calmBelow };
  if (value === null) return { verdict: "unknown", value, ...limits };
  if (value >= temperatureReduceC) return { verdict: "over", value, ...limits };
  return { verdict: value < calmBelow ? "calm" : "between", value, ...limits };
}

function share(value: number | null, threshold: number, { percentBack }: GuardLimits): Seen {
  const calmBelow = threshold - percentBack;
  if (value === null) return { verdict: "unknown", value, threshold, calmBelow };
  if (threshold >= noPercent) return { verdict: "calm", value, threshold, calmBelow };
  if (value > threshold) return { verdict: "over", value, threshold, calmBelow };
  return { verdict: value < calmBelow ? "calm" : "between", value, threshold, calmBelow };
}

/** Slowed down by heat. With too little voltage it is the power supply, which less picture does not mend. */
function throttling({ throttling: bits }: GuardSample): Seen {
  return { verdict: bits === null ? "unknown" : heatIn(bits.now), value: null, threshold: null, calmBelow: null };
}

function heatIn({ underVoltage, throttled, softTemperatureLimit }: PowerState): Seen["verdict"] {
  if (throttled !== true && softTemperatureLimit !== true)
    return throttled === null || softTemperatureLimit === null ? "unknown" : "calm";
  if (underVoltage === null) return "unknown";
  return underVoltage ? "calm" : "over";
}
