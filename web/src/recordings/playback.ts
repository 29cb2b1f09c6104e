/** The state of the player of recordings, as the view shows it. */
export interface Playback {
  readonly kind: "idle" | "loading" | "playing" | "paused" | "ended" | "failed";
  /** When the picture on the screen was recorded, in milliseconds since the Unix epoch. */
  readonly atMs: number | null;
  readonly rate: number;
}

export const idlePlayback: Playback = { kind: "idle", atMs: null, rate: 1 };

export const rates = [0.5, 1, 2, 4, 8] as const;

/** The next rate up or down; the same at the ends. */
export function rateBeside(rate: number, step: 1 | -1): number {
  const index = rates.findIndex((each) => each === rate);
  return rates[Math.min(rates.length - 1, Math.max(0, index + step))] ?? rate;
}
