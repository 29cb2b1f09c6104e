/** What a chaos run found, and what of it is a failure. Pure. */
import type { Receipt } from "../../server/http/wire.js";
import { figures } from "../bench/stats.js";

/** One blow and what came of it. */
export interface Struck {
  readonly name: string;
  /** From the end of the blow to a picture on the page that was drawn after it; null: none in time. */
  readonly pictureMs: number | null;
}

export interface ChaosFacts {
  readonly struck: readonly Struck[];
  readonly receipts: readonly Receipt[];
  /** Two sources at once (I1). */
  readonly sources: readonly string[];
  /** I2, I3, I4. */
  readonly playlist: readonly string[];
  /** I7. */
  readonly badge: readonly string[];
  /** The page was loaded, its player made anew, or it threw. */
  readonly page: readonly string[];
  /** Frames that cannot be read, or that go back. */
  readonly frames: readonly string[];
  /** Processes that outlived the product (I5). */
  readonly leftovers: readonly string[];
}

/** Each failure in one line. */
export function failuresOf(facts: ChaosFacts): string[] {
  const { struck, receipts } = facts;
  const dark = struck.filter(({ pictureMs }) => pictureMs === null);
  const open = receipts.filter(({ outcome }) => outcome === null);
  const ids = new Set(receipts.map(({ id }) => id));
  return [
    ...dark.map(({ name }) => `no picture came back after: ${name}`),
    ...open.map(({ id }) => `I6: switch ${id} has no outcome`),
    ...(ids.size === receipts.length ? [] : ["I6: two receipts have the same number"]),
    ...facts.sources.map((both) => `I1, two sources at once: ${both}`),
    ...facts.playlist.map((problem) => `I3, I4: ${problem}`),
    ...facts.badge.map((problem) => `I7: ${problem}`),
    ...facts.page.map((problem) => `the page: ${problem}`),
    ...facts.frames.map((problem) => `I2: ${problem}`),
    ...facts.leftovers.map((problem) => `I5: ${problem}`),
  ];
}

/** Markdown: how often each blow fell, and how long the picture took to come back. */
export function summaryOf({ struck }: Pick<ChaosFacts, "struck">): string {
  const names = [...new Set(struck.map(({ name }) => name))].sort();
  const rows = names.map((name) => {
    const times = struck.filter((one) => one.name === name);
    const { median, max } = figures(times.flatMap(({ pictureMs }) => pictureMs ?? []));
    return `| ${name} | ${times.length} | ${(median ?? 0).toFixed(0)} | ${(max ?? 0).toFixed(0)} |`;
  });
  return ["| blow | times | picture after, median ms | longest ms |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
