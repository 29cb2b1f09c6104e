/** What is plotted: curves, lines of the guard, range and words of each plot. Pure; `canvas.ts` draws it. */
import type { Resources } from "../../../server/http/wire-protection.js";
import type { SettingsView } from "../../../server/http/wire.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatCelsius, formatPercent } from "../i18n/format.js";
import { unknownFigure, type Unknown } from "../state/unknown-figure.js";
import type { Curve } from "./columns.js";

/** Where the guard acts. */
export type Limits = SettingsView["values"]["guard"];

export interface PlotLine {
  readonly kind: "reduce" | "stop";
  readonly at: number;
  readonly label: string;
}

export interface PlotPlan {
  readonly key: "cpu" | "temperature" | "memory";
  readonly title: string;
  /** The figure of the machine first, then our own share of it. */
  readonly curves: readonly { readonly label: string; readonly of: Curve }[];
  readonly lines: readonly PlotLine[];
  readonly range: readonly [least: number, most: number];
  readonly format: (value: number) => string;
  /** Why there is nothing to draw, in case there is not. */
  readonly absent: Unknown;
  /** A drill states the figure: it is not the machine's. */
  readonly simulated: boolean;
}

/** The coolest degree on the plot of the temperature, unless it was cooler. */
const coolC = 30;
/** What is left free above the highest line or value of that plot. */
const airC = 5;

export function plotPlans(resources: Resources | null, limits: Limits | null, t: Dictionary): readonly PlotPlan[] {
  return [cpuPlan(resources, limits, t), temperaturePlan(resources, limits, t), memoryPlan(resources, limits, t)];
}

function cpuPlan(resources: Resources | null, limits: Limits | null, t: Dictionary): PlotPlan {
  return {
    key: "cpu",
    title: t.figureCpu,
    curves: [
      { label: t.plotDevice, of: ({ cpuPercent }) => cpuPercent },
      { label: t.plotOwn, of: ({ ownCpuPercent }) => ownCpuPercent },
    ],
    lines: reduceLine(limits?.cpuPercent, formatPercent, t),
    range: [0, 100],
    format: formatPercent,
    ...state("cpuPercent", resources, t),
  };
}

function memoryPlan(resources: Resources | null, limits: Limits | null, t: Dictionary): PlotPlan {
  const memoryBytes = resources?.memoryBytes ?? null;
  return {
    key: "memory",
    title: t.figureMemory,
    curves: [
      { label: t.plotDevice, of: ({ memoryPercent }) => memoryPercent },
      {
        label: t.plotOwn,
        of: ({ ownMemoryBytes }) =>
          ownMemoryBytes === null || memoryBytes === null ? null : (100 * ownMemoryBytes) / memoryBytes,
      },
    ],
    lines: reduceLine(limits?.memoryPercent, formatPercent, t),
    range: [0, 100],
    format: formatPercent,
    ...state("memoryPercent", resources, t),
  };
}

function temperaturePlan(resources: Resources | null, limits: Limits | null, t: Dictionary): PlotPlan {
  const stop = limits?.temperatureStopC;
  const highest = Math.max(stop ?? 0, resources?.temperatureC ?? 0, 80) + airC;
  return {
    key: "temperature",
    title: t.figureTemperature,
    curves: [{ label: t.plotDevice, of: ({ temperatureC }) => temperatureC }],
    lines: [
      ...reduceLine(limits?.temperatureReduceC, formatCelsius, t),
      ...(stop === undefined ? [] : [{ kind: "stop" as const, at: stop, label: t.plotStopLine(formatCelsius(stop)) }]),
    ],
    range: [coolC, highest],
    format: formatCelsius,
    ...state("temperatureC", resources, t),
  };
}

function reduceLine(at: number | undefined, format: (value: number) => string, t: Dictionary): PlotLine[] {
  return at === undefined ? [] : [{ kind: "reduce", at, label: t.plotReduceLine(format(at)) }];
}

function state(figure: string, resources: Resources | null, t: Dictionary): Pick<PlotPlan, "absent" | "simulated"> {
  return {
    absent: unknownFigure(figure, resources, t),
    simulated: resources?.simulated.includes(figure) ?? false,
  };
}
