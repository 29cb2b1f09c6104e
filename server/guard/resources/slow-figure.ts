import { unknown, whyOf, type Measured } from "../../lib/measured.js";

/**
 * A figure whose reading may take long or hang. It is never read twice at once: four hung file calls would stop all of
 * Node's. While a reading is overdue, or has failed, the figure is unknown.
 */
export class SlowFigure<Value> {
  readonly #read: () => Promise<Measured<Value>>;
  #latest: Measured<Value> = unknown("It was not read yet.");
  #isPending = false;

  constructor(read: () => Promise<Measured<Value>>) {
    this.#read = read;
  }

  get latest(): Measured<Value> {
    return this.#latest;
  }

  /** Begins a reading and resolves when it has ended; if the last one still runs, that is overdue: resolves at once. */
  async refresh(): Promise<void> {
    if (this.#isPending) {
      this.#latest = unknown("Reading it takes too long.");
      return;
    }
    this.#isPending = true;
    try {
      this.#latest = await this.#read();
    } catch (error) {
      this.#latest = unknown(`It could not be read (${whyOf(error)}).`);
    } finally {
      this.#isPending = false;
    }
  }
}
