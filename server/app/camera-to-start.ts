import type { CameraCatalogue } from "../camera/catalogue.js";
import type { StateManager } from "../config/state-manager.js";
import type { ModePipeline } from "../switch/mode-pipeline.js";

export interface StartFacts {
  readonly state: StateManager;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: ModePipeline;
}

/** The camera to begin with where none is live: the one last committed, or the first usable one. */
export function cameraToStart({ state, catalogue, pipeline }: StartFacts): number {
  const active = state.activeCamera;
  if (active !== null && catalogue.cameras().some(({ number }) => number === active)) return active;
  return pipeline.usableCameras()[0] ?? 0;
}
