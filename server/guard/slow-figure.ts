/**
 * A figure whose reading may take long or hang. It is never read twice at once: four hung file calls would stop all of
 * Node's. While a reading is overdue, or has failed, the figure is unknown.
 */
export class SlowFigure {
  readonly #read: () => Promise<number | null>;
  #value: number | null = null;
  #isPending = false;

  constructor(read: () => Promise<number | null>) {
    this.#read = read;
  }

  get value(): number | null {
    return this.#value;
  }

  /** Begins a reading; if the last one still runs, it is overdue. */
  refresh(): void {
    if (this.#isPending) {
      this.#value = null;
      return;
    }
    this.#isPending = true;
    void this.#take();
  }

  async #take(): Promise<void> {
    try {
      this.#value = await this.#read();
    } catch {
      this.#value = null;
    } finally {
      this.#isPending = false;
    }
  }
}
