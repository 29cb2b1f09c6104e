import { copyFileSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const partName = (index: number) => `p${String(index).padStart(6, "0")}.m4s`;

/** Plays an encoder that has run before: hands its parts out into another directory, each renamed into place. */
export class RawPartFeeder {
  readonly #from: string;
  readonly #to: string;
  #next = 0;

  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
    mkdirSync(to, { recursive: true });
    copyFileSync(join(from, "init.mp4"), join(to, "init.mp4"));
  }

  /** Number of parts the recorded encoder made. */
  get count(): number {
    return readdirSync(this.#from).filter((name) => name.endsWith(".m4s")).length;
  }

  /** Writes the next parts; `source` is the recorded part to take instead of the one whose turn it is. */
  write(count = 1, source?: number): void {
    for (; count > 0; count--) {
      const target = join(this.#to, partName(this.#next));
      copyFileSync(join(this.#from, partName(source ?? this.#next)), `${target}.tmp`);
      renameSync(`${target}.tmp`, target);
      this.#next += 1;
    }
  }
}
