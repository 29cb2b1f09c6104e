import type { Profile } from "../config/profile.js";

/**
 * The profile that each camera was asked for last and gave pictures of another size for: whoever chooses by itself leaves
 * it out. Any change of the profile makes it another one, and a camera is known by its libcamera id: both begin anew.
 */
export class RefusedProfiles {
  readonly #byId = new Map<string, string>();

  note(cameraId: string, profile: Profile): void {
    this.#byId.set(cameraId, JSON.stringify(profile));
  }

  has(cameraId: string, profile: Profile): boolean {
    return this.#byId.get(cameraId) === JSON.stringify(profile);
  }
}
