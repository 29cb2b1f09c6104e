import { holeMs, type Sample } from "./track.js";

/** One curve of a plot: its value at a moment, null where that is unknown. */
export type Curve = (sample: Sample) => number | null;

/** What a plot draws: moments in seconds since the Unix epoch, then one column for each curve. */
export type Columns = readonly [readonly number[], ...(readonly (number | null)[])[]];

/** The samples as columns. Where samples are missing a row of nulls stands, so that no line is drawn over the hole. */
export function columnsOf(samples: readonly Sample[], curves: readonly Curve[]): Columns {
  const seconds: number[] = [];
  const values = curves.map((): (number | null)[] => []);
  let before: number | null = null;
  for (const sample of samples) {
    if (before !== null && sample.at - before > holeMs) {
      seconds.push((before + 1) / 1000);
      for (const column of values) column.push(null);
    }
    seconds.push(sample.at / 1000);
    values.forEach((column, index) => column.push(curves[index]?.(sample) ?? null));
    before = sample.at;
  }
  return [seconds, ...values];
}

/** Least and most of what is known in a column; null when nothing is. */
export function extremesOf(
  column: readonly (number | null)[],
): { readonly least: number; readonly most: number } | null {
  const known = column.filter((value) => value !== null);
  return known.length === 0 ? null : { least: Math.min(...known), most: Math.max(...known) };
}
