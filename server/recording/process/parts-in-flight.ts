import type { RecordedPart } from "../messages.js";

/** Parts of 0.2 s for a minute: longer than their files exist. */
const most = 300;

/** The parts of one recorded channel that the recorder process has not yet said to be on its tier, oldest first. */
export class PartsInFlight {
  /** No more parts come: it is over when the last one is written. */
  stopping = false;
  readonly #parts: RecordedPart[] = [];

  get parts(): readonly RecordedPart[] {
    return this.#parts;
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** The oldest goes where there are too many: its file is gone by then. */
  push(part: RecordedPart): void {
    this.#parts.push(part);
    if (this.#parts.length > most) this.#parts.shift();
  }

  /** Everything up to these ticks is done with. */
  written(endTicks: number): void {
    for (let part = this.#parts[0]; part && part.startTicks + part.ticks <= endTicks; part = this.#parts[0]) {
      this.#parts.shift();
    }
  }
}
