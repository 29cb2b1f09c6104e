import type { RotationSettings } from "../config/schema.js";
import type { Clock } from "../lib/clock.js";

export interface RotationOptions {
  /** The camera that is live and settled, null while switching, recovering or off. */
  readonly live: () => number | null;
  readonly usable: () => readonly number[];
  readonly switchTo: (camera: number) => void;
  readonly clock: Clock;
}

/**
 * Switches to the next camera every so many seconds (A6). The time on a camera counts from when it became live: a
 * switch by hand, a rollback or a recovery starts it anew (`restart`). Rests with fewer than two usable cameras.
 */
export class Rotation {
  readonly #o: RotationOptions;
  #settings: RotationSettings = { enabled: false, seconds: 30 };
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;

  constructor(options: RotationOptions) {
    this.#o = options;
  }

  get settings(): RotationSettings {
    return this.#settings;
  }

  /** Time to the next switch in ms; null while it rests. */
  get nextInMs(): number | null {
    return this.#timer === undefined ? null : Math.max(0, this.#dueMs - this.#o.clock.monotonicMs());
  }

  change(settings: RotationSettings): void {
    this.#settings = settings;
    this.restart();
  }

  /** To be called when a camera became live or none is any more. */
  restart(): void {
    this.stop();
    if (!this.#settings.enabled || this.#o.live() === null || this.#o.usable().length < 2) return;
    const ms = this.#settings.seconds * 1000;
    this.#dueMs = this.#o.clock.monotonicMs() + ms;
    this.#timer = setTimeout(() => {
      this.#turn();
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    this.#timer = undefined;
    const live = this.#o.live();
    const next = nextCamera(live, this.#o.usable());
    if (next === null) this.restart();
    else this.#o.switchTo(next);
  }
}

/** The usable camera with the next higher number, from the start again after the last; null without another one. */
export function nextCamera(live: number | null, usable: readonly number[]): number | null {
  if (live === null) return null;
  const others = usable.filter((camera) => camera !== live).sort((a, b) => a - b);
  return others.find((camera) => camera > live) ?? others[0] ?? null;
}
