import type { Browser } from "playwright-core";
import type { Measured } from "./report.js";

/** What every measurement is given. */
export interface Bench {
  readonly browser: Browser;
  /** For the build: everything once and briefly, to show that it works; the figures then say little. */
  readonly short: boolean;
}

export interface Measurement {
  readonly name: string;
  /** Starts what it measures and leaves nothing behind. */
  run(bench: Bench): Promise<Measured[]>;
}
