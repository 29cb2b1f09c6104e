import type { Status } from "../../../server/http/wire.js";
import type { Resources, Throttling } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "../i18n/dictionary.js";
import { formatBytes, formatCelsius, formatCount, formatPercent } from "../i18n/format.js";
import type { Figure } from "./figure.js";
import { unknownFigure, valueOf, type Unknown } from "./unknown-figure.js";

export interface MachineFacts {
  readonly online: boolean;
  readonly status: Status | null;
}

/** What stands beside a figure's name and value. */
type Marks = Partial<Pick<Figure, "part" | "bad">>;

export function machineFigures(facts: MachineFacts, t: Dictionary): Figure[] {
  const row = rowsOf(facts, t);
  const now = facts.status?.resources?.throttling?.now;
  return [
    ...serviceFigures(facts, t),
    row("cpu", "cpuPercent", t.figureCpu, formatPercent),
    row("ownCpu", "ownCpuPercent", t.figureOwnCpu, formatPercent, { part: true }),
    row("memory", "memoryPercent", t.figureMemory, formatPercent),
    row("ownMemory", "ownMemoryBytes", t.figureOwnMemory, formatBytes, { part: true }),
    row("temperature", "temperatureC", t.figureTemperature, formatCelsius),
    row("power", "throttling", t.figurePower, (bits) => powerText(bits, t), { bad: now?.underVoltage ?? false }),
    row("throttling", "throttling", t.figureThrottling, (bits) => brakeText(bits, t), { bad: now?.throttled ?? false }),
    row("disk", "freeDiskBytes", t.figureDisk, formatBytes),
    row("freeLive", "freeLiveBytes", t.figureFreeLive, formatBytes),
  ];
}

function serviceFigures({ online, status }: MachineFacts, t: Dictionary): Figure[] {
  const driver = status && (status.service.driver === "simulated" ? t.driverSimulated : t.driverRpicam);
  const of = (value: string | null): Figure["value"] =>
    online && value !== null ? { known: value } : { unknown: t.unknownNoAnswer, why: null };
  const plain = { part: false, bad: false, simulated: false };
  return [
    { key: "driver", label: t.figureDriver, value: of(driver), ...plain },
    { key: "viewers", label: t.figureViewers, value: of(status && formatCount(status.viewers)), ...plain },
  ];
}

/** Makes figures of what the service measures, by its name in `Resources`: there its reason and a drill's mark stand. */
function rowsOf({ online, status }: MachineFacts, t: Dictionary) {
  const resources = status?.resources ?? null;
  const offline: Unknown = { unknown: t.unknownNoAnswer, why: null };
  return <Name extends keyof Resources>(
    key: string,
    name: Name,
    label: string,
    /** Null: this part of it is unknown. */
    show: (value: NonNullable<Resources[Name]>) => string | null,
    marks: Marks = {},
  ): Figure => ({
    key,
    label,
    value: online ? valueOf(resources?.[name], show, unknownFigure(name, resources, t)) : offline,
    part: marks.part ?? false,
    bad: online && (marks.bad ?? false),
    simulated: online && (resources?.simulated.includes(name) ?? false),
  });
}

type Bits = NonNullable<Resources["throttling"]>;

function powerText({ now, sinceBoot }: Bits, t: Dictionary): string | null {
  if (now.underVoltage === null) return null;
  if (now.underVoltage) return t.powerWeakNow;
  return sinceBoot.underVoltage === true ? t.powerWeakBefore : t.powerGood;
}

/** What slows the processor down, now or since the start of the device. */
function brakeText({ now, sinceBoot }: Bits, t: Dictionary): string | null {
  const present = strongestBrake(now, t);
  if (present !== null) return present;
  if (now.throttled === null) return null;
  const former = strongestBrake(sinceBoot, t);
  return former === null ? t.throttlingNone : t.throttlingBefore(former);
}

function strongestBrake(bits: Throttling, t: Dictionary): string | null {
  if (bits.throttled === true) return t.throttlingSlowed;
  if (bits.softTemperatureLimit === true) return t.throttlingHeat;
  return bits.frequencyCapped === true ? t.throttlingFrequency : null;
}
