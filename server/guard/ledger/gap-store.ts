/**
 * Where the gap ledger of one channel is kept: its rows and sums in memory and in SQLite. Rows are kept 30 days and
 * 50 000 of all channels at the most (a rotation every 5 s would make half a million); the sums of each hour know of all.
 */
import { z } from "zod";
import type { Connection } from "../../config/database.js";
import { Buckets, type TimeKind } from "./availability.js";
import type { SafeWrites } from "./safe-writes.js";
import { momentSchema, type Moment } from "./sign-of-life.js";

/** A time in which a channel had no fresh picture. */
export interface Gap {
  readonly id: number;
  readonly channel: string;
  readonly camera: number | null;
  /** Milliseconds since the Unix epoch. */
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** Length so far, on the monotonic clock. */
  readonly ms: number;
  readonly code: string;
  readonly message: string;
  readonly planned: boolean;
}

interface GapRow extends Omit<Gap, "from" | "to" | "planned"> {
  readonly from_at: number;
  readonly to_at: number | null;
  readonly planned: number;
}

interface HourRow {
  readonly at: number;
  readonly observed_s: number;
  readonly missing_s: number;
  readonly planned_s: number;
  readonly gaps: number;
}

const keptSchema = momentSchema.extend({
  /** The sums of the last minutes: begin, observed, missing and planned milliseconds, gaps. */
  minutes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()])),
});

const minuteMs = 60_000;
const hourMs = 3600_000;
const keptMs = 30 * 24 * hourMs;
/** Bounded by their number alone: by age, a wall clock that is false for a moment would delete them all. */
const mostKept = 50_000;
/** Twice 30 days: hours in which the wall clock was false must not push out the true ones. */
const mostHours = 2 * 30 * 24;

export interface GapStoreOptions {
  readonly channel: string;
  readonly db: Connection;
  readonly writes: SafeWrites;
  /** See `gapNumbers`. */
  readonly nextId: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

export class GapStore {
  readonly sums = {
    hour: new Buckets(minuteMs, 60),
    day: new Buckets(hourMs, 24),
    month: new Buckets(hourMs, 30 * 24),
  } as const;
  /** Up to when the former run had accounted for its time; null: there was none. */
  readonly accountedUntil: Moment | null;
  /** What the former run left open. */
  readonly openGap: Gap | null;
  readonly #o: GapStoreOptions;
  readonly #recent = new Map<number, Gap>();
  readonly #changedHours = new Set<number>();
  #newestHour = -Infinity;
  #lastEndAt: number;

  constructor(options: GapStoreOptions) {
    this.#o = options;
    const { db, channel, nowMs } = options;
    const last = db.prepare("SELECT max(to_at) AS at FROM gaps WHERE channel = ?").get(channel);
    this.#lastEndAt = (last as { at: number | null }).at ?? 0;
    const open = db.prepare("SELECT * FROM gaps WHERE channel = ? AND to_at IS NULL ORDER BY id DESC LIMIT 1");
    this.openGap = fromRowOrNone(open.get(channel) as GapRow | undefined);
    this.accountedUntil = this.#restore(nowMs);
  }

  /** End of the last row, in milliseconds since the Unix epoch: no other begins before it. */
  get lastEndAt(): number {
    return this.#lastEndAt;
  }

  nextId(): number {
    return this.#o.nextId();
  }

  /** Writes a row, new or known. */
  write(gap: Gap): void {
    const { writes } = this.#o;
    this.#recent.set(gap.id, gap);
    if (this.#recent.size > 200) this.#recent.delete(this.#recent.keys().next().value ?? 0);
    if (gap.to !== null) this.#lastEndAt = Math.max(this.#lastEndAt, gap.to);
    writes.run(
      `INSERT OR REPLACE INTO gaps (id, channel, camera, from_at, to_at, ms, code, message, planned)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[gap.id, gap.channel, gap.camera, gap.from, gap.to, gap.ms, gap.code, gap.message, gap.planned ? 1 : 0],
    );
    if (gap.id % 50 === 0) writes.run("DELETE FROM gaps WHERE id <= ?", gap.id - mostKept);
  }

  /** Newest first; `before` excludes that id and all newer ones. */
  list({ limit, before = Number.MAX_SAFE_INTEGER }: { readonly limit: number; readonly before?: number }): Gap[] {
    const found = new Map(this.#rows(limit, before).map((gap) => [gap.id, gap]));
    for (const [id, gap] of this.#recent) if (id < before) found.set(id, gap);
    return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  }

  /** Both in milliseconds since the Unix epoch. */
  addTime(kind: TimeKind, fromMs: number, toMs: number): void {
    const { hour, day, month } = this.sums;
    hour.add(kind, fromMs, toMs);
    day.add(kind, fromMs, toMs);
    for (const at of month.add(kind, fromMs, toMs)) this.#changedHours.add(at);
  }

  countGap(endMs: number): void {
    const { hour, day, month } = this.sums;
    hour.countGap(endMs);
    day.countGap(endMs);
    this.#changedHours.add(month.countGap(endMs));
  }

  advance(nowMs: number): void {
    for (const buckets of Object.values(this.sums)) buckets.advance(nowMs);
  }

  /** Writes the sums that changed, and up to when time was accounted for. */
  flush(until: Moment): void {
    const { channel, writes } = this.#o;
    for (const at of this.#changedHours) {
      const { observedMs, missingMs, plannedMs, gaps } = this.sums.month.get(at);
      writes.run(
        `INSERT OR REPLACE INTO channel_hours (channel, at, observed_s, missing_s, planned_s, gaps)
         VALUES (?, ?, ?, ?, ?, ?)`,
        ...[channel, at, observedMs / 1000, missingMs / 1000, plannedMs / 1000, gaps],
      );
    }
    this.#forgetOldHours(Math.max(...this.#changedHours));
    this.#changedHours.clear();
    const minutes = this.sums.hour
      .entries()
      .map(([at, { observedMs, missingMs, plannedMs, gaps }]) => [
        at,
        ...[observedMs, missingMs, plannedMs].map(Math.round),
        gaps,
      ]);
    const value = JSON.stringify({ ...until, minutes });
    writes.run("INSERT OR REPLACE INTO channel_ledgers (channel, value) VALUES (?, ?)", channel, value);
  }

  #forgetOldHours(newest: number): void {
    if (newest <= this.#newestHour) return;
    this.#newestHour = newest;
    const { channel, writes } = this.#o;
    const kept = "SELECT at FROM channel_hours WHERE channel = ? ORDER BY at DESC LIMIT 1 OFFSET ?";
    writes.run(`DELETE FROM channel_hours WHERE channel = ? AND at < (${kept})`, channel, channel, mostHours);
  }

  #restore(nowMs: number): Moment | null {
    const { channel, db } = this.#o;
    const hours = db
      .prepare("SELECT at, observed_s, missing_s, planned_s, gaps FROM channel_hours WHERE channel = ? AND at >= ?")
      .all(channel, nowMs - keptMs - hourMs) as HourRow[];
    for (const { at, observed_s, missing_s, planned_s, gaps } of hours) {
      const tally = { observedMs: observed_s * 1000, missingMs: missing_s * 1000, plannedMs: planned_s * 1000, gaps };
      this.sums.day.restore(at, tally);
      this.sums.month.restore(at, tally);
    }
    const former = db.prepare("SELECT value FROM channel_ledgers WHERE channel = ?").get(channel);
    const row = former as { value: string } | undefined;
    const kept = row === undefined ? undefined : keptSchema.safeParse(JSON.parse(row.value)).data;
    for (const [at, observedMs, missingMs, plannedMs, gaps] of kept?.minutes ?? []) {
      this.sums.hour.restore(at, { observedMs, missingMs, plannedMs, gaps });
    }
    this.advance(nowMs);
    return kept === undefined ? null : { at: kept.at, uptimeMs: kept.uptimeMs, bootId: kept.bootId };
  }

  /** A database that cannot be read either leaves what is in memory. */
  #rows(limit: number, before: number): Gap[] {
    try {
      const { channel, db } = this.#o;
      const sql = "SELECT * FROM gaps WHERE channel = ? AND id < ? ORDER BY id DESC LIMIT ?";
      return (db.prepare(sql).all(channel, before, limit) as GapRow[]).map(fromRow);
    } catch {
      return [];
    }
  }
}

function fromRow({ from_at: from, to_at: to, planned, ...row }: GapRow): Gap {
  return { ...row, from, to, planned: planned === 1 };
}

const fromRowOrNone = (row: GapRow | undefined): Gap | null => (row === undefined ? null : fromRow(row));
