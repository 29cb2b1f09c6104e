import type { Measured } from "../../lib/measured.js";
import type { ThrottlingHistory } from "./throttling.js";

/** One sample; null is unknown, never zero, and `unknown` says why. */
export interface Resources {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Share of all cores in use, 0–100, waiting for disks apart. */
  readonly cpuPercent: number | null;
  /** Share of the memory that is not available, 0–100. */
  readonly memoryPercent: number | null;
  /** Memory of the machine. */
  readonly memoryBytes: number | null;
  /** Of the hottest sensor. */
  readonly temperatureC: number | null;
  readonly throttling: ThrottlingHistory | null;
  /** Longest delay of our event loop since the last sample, in milliseconds. */
  readonly loopDelayMs: number | null;
  /** Share of all cores that our processes use, 0–100; simulated cameras apart. */
  readonly ownCpuPercent: number | null;
  /** Proportional set size of our processes in bytes; simulated cameras apart. */
  readonly ownMemoryBytes: number | null;
  /** Bytes of live media. */
  readonly liveBytes: number | null;
  /** Free bytes of the tmpfs of live media. */
  readonly freeLiveBytes: number | null;
  /** Free bytes on the disk of the state folder, as a user without privileges may use them. */
  readonly freeDiskBytes: number | null;
  /** Figures that a drill states in place of the machine's. */
  readonly simulated: string[];
  /** Why a figure is null, or which part of it is, by its name. */
  readonly unknown: Record<string, string>;
}

type FigureName = Exclude<keyof Resources, "at" | "simulated" | "unknown">;
type Figures = { readonly [Name in FigureName]: Measured<NonNullable<Resources[Name]>> };

/** What a drill may state: what the guard goes by. */
export type StatedFigures = Partial<
  Pick<Resources, "cpuPercent" | "memoryPercent" | "temperatureC" | "throttling" | "freeLiveBytes" | "freeDiskBytes">
>;

/** Puts a sample together; what a drill states stands above what was read. Pure. */
export function composeSample(at: number, figures: Figures, stated: StatedFigures | null): Resources {
  const names = Object.keys(figures) as FigureName[];
  const values = names.map((name) => [name, valueOf(figures[name])]);
  const reasons = names.flatMap((name) => {
    const why = reasonOf(figures[name]);
    return why === undefined || (stated !== null && name in stated) ? [] : [[name, why]];
  });
  return {
    at,
    ...(Object.fromEntries(values) as Pick<Resources, FigureName>),
    ...stated,
    simulated: Object.keys(stated ?? {}),
    unknown: { ...(Object.fromEntries(reasons) as Record<string, string>), ...statedUnknowns(stated) },
  };
}

/** A percentage, a temperature and a delay are given to one decimal; no sensor is better. */
function valueOf(figure: Measured<unknown>): unknown {
  if (!figure.known) return null;
  return typeof figure.value === "number" ? Math.round(figure.value * 10) / 10 : figure.value;
}

function reasonOf(figure: Measured<unknown>): string | undefined {
  return figure.known ? figure.lacks : figure.why;
}

function statedUnknowns(stated: StatedFigures | null): Record<string, string> {
  const names = Object.entries(stated ?? {}).filter(([, value]) => value === null);
  return Object.fromEntries(names.map(([name]) => [name, "A drill takes it away."]));
}
