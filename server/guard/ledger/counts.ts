/**
 * What operators count, by the hour (B4): switches, seconds over the guard's thresholds and on its rungs, viewers. Owns
 * these columns of `hour_counts`; kept 30 days. It is told once a second and writes every ten.
 */
import type { Connection } from "../../config/database.js";
import type { SafeWrites } from "./safe-writes.js";

export interface HourCounts {
  /** Begin of the hour, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly switches: number;
  readonly switchesCommitted: number;
  readonly cpuOverSeconds: number;
  readonly temperatureOverSeconds: number;
  readonly memoryOverSeconds: number;
  readonly reducedSeconds: number;
  readonly stoppedSeconds: number;
  readonly viewersMost: number;
  readonly viewerSeconds: number;
}

/** One look at the figures, and how long it stands for. An unknown figure is over nothing. */
export interface Look {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly seconds: number;
  readonly cpuPercent: number | null;
  readonly temperatureC: number | null;
  readonly memoryPercent: number | null;
  readonly level: "normal" | "reduced" | "stopped";
  readonly viewers: number;
}

/** Of the guard. */
export interface Thresholds {
  readonly cpuPercent: number;
  readonly temperatureReduceC: number;
  readonly memoryPercent: number;
}

type Sums = { -readonly [Key in keyof HourCounts]: HourCounts[Key] };

const hourMs = 3600_000;
/** Twice as many rows are kept: rows of an hour in which the wall clock was false must not push out the true ones. */
const keptHours = 30 * 24;
const flushSeconds = 10;

const columns = {
  switches: "switches",
  switchesCommitted: "switches_committed",
  cpuOverSeconds: "cpu_over_s",
  temperatureOverSeconds: "temperature_over_s",
  memoryOverSeconds: "memory_over_s",
  reducedSeconds: "reduced_s",
  stoppedSeconds: "stopped_s",
  viewersMost: "viewers_most",
  viewerSeconds: "viewer_s",
} as const;
type Column = keyof typeof columns;
const keys = Object.keys(columns) as Column[];
const names = Object.values(columns);

const selected = `SELECT at, ${keys.map((key) => `${columns[key]} AS ${key}`).join(", ")} FROM hour_counts`;
const upsert = `INSERT INTO hour_counts (at, ${names.join(", ")}) VALUES (?${", ?".repeat(names.length)})
  ON CONFLICT (at) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(", ")}`;

export interface OperatorCountsOptions {
  readonly db: Connection;
  readonly writes: SafeWrites;
  readonly thresholds: Thresholds;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

export class OperatorCounts {
  readonly #o: OperatorCountsOptions;
  #hour: Sums;
  #unwrittenSeconds = 0;

  constructor(options: OperatorCountsOptions) {
    this.#o = options;
    this.#hour = this.#begin(options.nowMs);
  }

  switched(committed: boolean): void {
    this.#hour.switches += 1;
    if (committed) this.#hour.switchesCommitted += 1;
  }

  look(seen: Look): void {
    if (seen.nowMs - this.#hour.at >= hourMs || seen.nowMs < this.#hour.at) this.#turnHour(seen.nowMs);
    addTo(this.#hour, seen, this.#o.thresholds);
    this.#unwrittenSeconds += seen.seconds;
    if (this.#unwrittenSeconds >= flushSeconds) this.flush();
  }

  /** The last so many hours of which something is known, oldest first; 720 at the most. */
  hours(count: number, nowMs: number): HourCounts[] {
    const first = hourOf(nowMs) - (Math.min(count, keptHours) - 1) * hourMs;
    const { at } = this.#hour;
    const former = this.#read("WHERE at >= ? AND at <> ? ORDER BY at", first, at);
    return [...former, ...(at >= first ? [{ ...this.#hour }] : [])].sort((a, b) => a.at - b.at);
  }

  flush(): void {
    this.#unwrittenSeconds = 0;
    const hour = this.#hour;
    this.#o.writes.run(upsert, hour.at, ...keys.map((key) => hour[key]));
  }

  #turnHour(nowMs: number): void {
    this.flush();
    this.#hour = this.#begin(nowMs);
    this.#o.writes.run(
      "DELETE FROM hour_counts WHERE at < (SELECT at FROM hour_counts ORDER BY at DESC LIMIT 1 OFFSET ?)",
      2 * keptHours,
    );
  }

  /** The hour may have begun before a restart. */
  #begin(nowMs: number): Sums {
    const at = hourOf(nowMs);
    return this.#read("WHERE at = ?", at)[0] ?? nothingSince(at);
  }

  /** A database that cannot be read either leaves what is in memory. */
  #read(where: string, ...values: readonly number[]): Sums[] {
    try {
      return this.#o.db.prepare(`${selected} ${where}`).all(...values) as Sums[];
    } catch {
      return [];
    }
  }
}

const hourOf = (ms: number): number => Math.floor(ms / hourMs) * hourMs;

function nothingSince(at: number): Sums {
  return { at, ...(Object.fromEntries(keys.map((key) => [key, 0])) as Record<Column, number>) };
}

function addTo(hour: Sums, seen: Look, thresholds: Thresholds): void {
  const { seconds, cpuPercent, temperatureC, memoryPercent, level, viewers } = seen;
  if (cpuPercent !== null && cpuPercent > thresholds.cpuPercent) hour.cpuOverSeconds += seconds;
  if (temperatureC !== null && temperatureC >= thresholds.temperatureReduceC) hour.temperatureOverSeconds += seconds;
  if (memoryPercent !== null && memoryPercent > thresholds.memoryPercent) hour.memoryOverSeconds += seconds;
  if (level === "reduced") hour.reducedSeconds += seconds;
  if (level === "stopped") hour.stoppedSeconds += seconds;
  hour.viewersMost = Math.max(hour.viewersMost, viewers);
  hour.viewerSeconds += viewers * seconds;
}
