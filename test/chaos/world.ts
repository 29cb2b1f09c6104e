/** What a chaos run acts upon: the product, one page that is never reloaded, and the dice. */
import type { PlayerPage } from "../support/player-page.js";
import type { Product } from "../support/product.js";
import type { SimulatedPi } from "../support/simulated-pi.js";

export interface World {
  readonly product: Product;
  readonly page: PlayerPage;
  readonly pi: SimulatedPi;
  /** From 0 to 1, the same in every run with the same seed. */
  readonly random: () => number;
}

/** A whole number from `least` to `most`. */
export function between({ random }: Pick<World, "random">, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

export function oneOf<Value>({ random }: Pick<World, "random">, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("There is nothing to choose from.");
  return value;
}
