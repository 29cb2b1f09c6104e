/**
 * How much of the time there was a fresh picture: sums of observed, missing and planned time over the last hour, 24 hours
 * and 30 days. Pure; the sums run along, so that an answer costs the same however long the service has run.
 *
 * The edges are those of whole buckets: the hour is exact to a minute, day and month to an hour.
 */

export interface Tally {
  /** Time in which the cameras were meant to be on, outages of the service included, in milliseconds. */
  readonly observedMs: number;
  /** Of it: in gaps that nobody asked for. */
  readonly missingMs: number;
  /** Of it: in gaps that somebody asked for. */
  readonly plannedMs: number;
  /** Gaps that nobody asked for. */
  readonly gaps: number;
}

export interface Span extends Tally {
  /** Share of the time that was observed and not planned away, 0–100; null when there was none. */
  readonly percent: number | null;
}

export type TimeKind = "observedMs" | "missingMs" | "plannedMs";
type Sums = { -readonly [Key in keyof Tally]: Tally[Key] };

const kinds = ["observedMs", "missingMs", "plannedMs", "gaps"] as const;
const nothing = (): Sums => ({ observedMs: 0, missingMs: 0, plannedMs: 0, gaps: 0 });

/** Tallies of the last so many buckets, and their sum. Times are milliseconds since the Unix epoch. */
export class Buckets {
  readonly #bucketMs: number;
  readonly #count: number;
  readonly #tallies = new Map<number, Sums>();
  readonly #sum = nothing();
  /** Begin of the bucket that time stands in. */
  #newest = -Infinity;

  constructor(bucketMs: number, count: number) {
    this.#bucketMs = bucketMs;
    this.#count = count;
  }

  get sum(): Tally {
    return this.#sum;
  }

  /**
   * Lets go what has become too old. A wall clock that went back changes nothing, unless by more than all the buckets:
   * it was wrong before then (hours ahead, as where the machine's own clock has local time), and what it dated is let go.
   */
  advance(nowMs: number): void {
    const newest = this.#floor(nowMs);
    const isSetBack = newest < this.#oldest;
    if (newest <= this.#newest && !isSetBack) return;
    this.#newest = newest;
    const oldest = this.#oldest;
    for (const [at, tally] of this.#tallies) {
      if (at >= oldest && !(isSetBack && at > newest)) continue;
      this.#tallies.delete(at);
      for (const kind of kinds) this.#sum[kind] -= tally[kind];
    }
  }

  /** Spreads a time over the buckets it lies in; what is older than all of them is left out. Answers their begins. */
  add(kind: TimeKind, fromMs: number, toMs: number): number[] {
    this.advance(toMs);
    const touched: number[] = [];
    const startMs = Math.max(fromMs, this.#oldest);
    for (let at = this.#floor(startMs); at < toMs; at += this.#bucketMs) {
      const ms = Math.min(toMs, at + this.#bucketMs) - Math.max(startMs, at);
      this.#addTo(at, kind, ms);
      touched.push(at);
    }
    return touched;
  }

  /** Counts a gap that ended now; answers the begin of its bucket. */
  countGap(endMs: number): number {
    this.advance(endMs);
    const at = this.#floor(endMs);
    this.#addTo(at, "gaps", 1);
    return at;
  }

  get(at: number): Tally {
    return this.#tallies.get(at) ?? nothing();
  }

  /** All that is kept, for the next run. */
  entries(): [number, Tally][] {
    return [...this.#tallies];
  }

  /** Takes over what a former run kept. */
  restore(at: number, tally: Tally): void {
    for (const kind of kinds) this.#addTo(this.#floor(at), kind, tally[kind]);
  }

  get #oldest(): number {
    return this.#newest - this.#count * this.#bucketMs;
  }

  #floor(atMs: number): number {
    return Math.floor(atMs / this.#bucketMs) * this.#bucketMs;
  }

  #addTo(at: number, kind: keyof Tally, amount: number): void {
    let tally = this.#tallies.get(at);
    if (tally === undefined) this.#tallies.set(at, (tally = nothing()));
    tally[kind] += amount;
    this.#sum[kind] += amount;
  }
}

/** A gap that lasts, as far as it has come. */
export interface OpenTime {
  readonly ms: number;
  readonly planned: boolean;
}

/** The figures of one window, with the part of an open gap that lies in it. */
export function spanOf(sum: Tally, open: OpenTime | null, windowMs: number): Span {
  const openMs = Math.min(open?.ms ?? 0, windowMs);
  const observedMs = Math.round(Math.max(0, sum.observedMs));
  const plannedMs = within(sum.plannedMs + (open?.planned === true ? openMs : 0), observedMs);
  const missingMs = within(sum.missingMs + (open?.planned === false ? openMs : 0), observedMs - plannedMs);
  const wantedMs = observedMs - plannedMs;
  const percent = wantedMs > 0 ? Math.round((1 - missingMs / wantedMs) * 100_000) / 1000 : null;
  const gaps = sum.gaps + (open?.planned === false ? 1 : 0);
  return { percent, observedMs, missingMs, plannedMs, gaps };
}

/** Sums that run along lose the last digits; a part never exceeds its whole. */
const within = (ms: number, wholeMs: number): number => Math.round(Math.min(Math.max(0, ms), wholeMs));
