/** A figure, or the reason why it is unknown: never 0 in place of what could not be read. */
export type Measured<Value> =
  /** `lacks`: why a part of it is unknown. */
  | { readonly known: true; readonly value: Value; readonly lacks?: string }
  | { readonly known: false; readonly why: string };

export function known<Value>(value: Value): Measured<Value> {
  return { known: true, value };
}

export function unknown(why: string): Measured<never> {
  return { known: false, why };
}

/** One thing of a figure that holds several; as unknown as the whole. */
export function partOf<Whole, Value>(
  figure: Measured<Whole>,
  pick: (whole: Whole) => Measured<Value>,
): Measured<Value> {
  return figure.known ? pick(figure.value) : figure;
}

/** Why something could not be read, in short: the code of the system where there is one. */
export function whyOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? (error instanceof Error ? error.message : String(error));
}
