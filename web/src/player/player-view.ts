import type { Delay } from "./engine.js";
import type { PlayerState } from "./machine.js";

/** What the page knows of the player whose picture it shows. */
export interface PlayerView {
  readonly kind: PlayerState["kind"];
  /** A frame was shown since there is something to play. */
  readonly shown: boolean;
  /** Time since a new frame was last shown, or since the player began to try; null while it has nothing to play. */
  readonly ageMs: number | null;
  readonly delay: Pick<Delay, "latencyS" | "targetS"> | null;
  /** The camera whose picture is on the screen, while it plays and that is known. */
  readonly camera: number | null;
}

export const idlePlayer: PlayerView = { kind: "idle", shown: false, ageMs: null, delay: null, camera: null };
