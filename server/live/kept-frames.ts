/** The last frame of each camera, in memory, by the camera's libcamera id: numbers may change owners. Owns nothing else. */
import type { Frame } from "../camera/frame.js";

export class KeptFrames {
  readonly #frames = new Map<string, Frame>();

  keep(cameraId: string, frame: Frame): void {
    this.#frames.set(cameraId, frame);
  }

  /** The last one; undefined when none was kept. */
  last(cameraId: string): Frame | undefined {
    return this.#frames.get(cameraId);
  }

  /** When the cameras are turned off, what they saw before goes too. */
  forgetAll(): void {
    this.#frames.clear();
  }
}
