/**
 * Liveness: a pulse that is given only when the event loop and every supervision loop have really turned since the last
 * one. What is told by a timer alone would say “alive” of a controller that watches nothing any more.
 */
import { EventEmitter } from "node:events";

/** How often a loop has turned, by its name. It only has to go up. */
export type Turns = Readonly<Record<string, () => number>>;

/** The slowest loop turns each second. */
const lookMs = 500;

export class Liveness extends EventEmitter<{ pulse: [] }> {
  readonly #turns: Turns;
  readonly #timer: NodeJS.Timeout;
  #before: ReadonlyMap<string, number> = new Map();

  /** The event loop needs no entry: the timer here is its proof. */
  constructor(turns: Turns) {
    super();
    this.#turns = turns;
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = new Map(Object.entries(this.#turns).map(([name, turns]) => [name, turns()]));
    const allTurned = [...now].every(([name, turns]) => turns > (this.#before.get(name) ?? 0));
    if (!allTurned) return;
    this.#before = now;
    this.emit("pulse");
  }
}
