import { isIPv6 } from "node:net";
import type { Clock } from "../lib/clock.js";

interface Row {
  readonly sinceMs: number;
  count: number;
}

export interface AttemptLimits {
  /** Most failures within the window. */
  readonly most: number;
  /** Milliseconds, from the first failure. */
  readonly windowMs: number;
  /** Names kept at once. */
  readonly kept: number;
}

/** Limits how often something may fail, by name: of an account, or of an address. Its memory is bounded. */
export class Attempts {
  readonly #limits: AttemptLimits;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #rows = new Map<string, Row>();

  constructor(limits: AttemptLimits, clock: Pick<Clock, "monotonicMs">) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Seconds to wait until the next one; null: now. */
  waitSeconds(name: string): number | null {
    const row = this.#row(name);
    if (row === undefined || row.count < this.#limits.most) return null;
    return Math.max(1, Math.ceil((row.sinceMs + this.#limits.windowMs - this.#clock.monotonicMs()) / 1000));
  }

  /** Counts one as failed, before it is known to be: a hundred at once must not all be the first. */
  begin(name: string): void {
    const row = this.#row(name);
    if (row === undefined) this.#add(name);
    else row.count += 1;
  }

  /** It did not fail: what failed before is forgiven too. */
  forgive(name: string): void {
    this.#rows.delete(name);
  }

  #row(name: string): Row | undefined {
    const row = this.#rows.get(name);
    if (row === undefined || this.#clock.monotonicMs() - row.sinceMs < this.#limits.windowMs) return row;
    this.#rows.delete(name);
    return undefined;
  }

  /** When all places are taken the oldest goes: rows stand in the order of their beginning. */
  #add(name: string): void {
    const [oldest] = this.#rows.keys();
    if (this.#rows.size >= this.#limits.kept && oldest !== undefined) this.#rows.delete(oldest);
    this.#rows.set(name, { sinceMs: this.#clock.monotonicMs(), count: 1 });
  }
}

/** An address, for counting: one machine has all of its /64 in IPv6. */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail = ""] = address.replace(/%.*$/, "").split("::", 2);
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0") : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}
