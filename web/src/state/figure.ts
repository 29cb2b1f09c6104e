import type { Unknown } from "./unknown-figure.js";

/** One figure; what is unknown has a reason instead of a value, and is never 0. */
export interface Figure {
  readonly key: string;
  readonly label: string;
  readonly value: { readonly known: string } | Unknown;
  /** Part of the figure above it. */
  readonly part: boolean;
  /** A drill states it: it is not the machine's. */
  readonly simulated: boolean;
  /** Something that a person should look after. */
  readonly bad: boolean;
}
