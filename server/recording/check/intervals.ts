/** Stretches of time or of a timeline, asked whether any of them meets another one. Pure. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Made once and asked often: a year of switches is a hundred thousand of them. */
export class Intervals {
  readonly #from: readonly number[];
  /** The furthest end of those up to each. */
  readonly #reach: readonly number[];

  constructor(intervals: Iterable<Interval>) {
    const sorted = [...intervals].sort((a, b) => a.from - b.from);
    let reach = -Infinity;
    this.#from = sorted.map(({ from }) => from);
    this.#reach = sorted.map(({ to }) => (reach = Math.max(reach, to)));
  }

  /** Whether any has something in common with this one; one that only ends where this begins has not. */
  meets({ from, to }: Interval): boolean {
    let low = 0;
    let high = this.#from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#from[middle] ?? Infinity) < to) low = middle + 1;
      else high = middle;
    }
    return (this.#reach[low - 1] ?? -Infinity) > from;
  }
}
