import type { EncodedProfile } from "./encoded-profile.js";

/** Which camera a generation shows, and how. Two that are the same may share an encoder run. */
export interface Showing {
  readonly camera: number;
  /** libcamera's id: numbers may be swapped, and a segment never mixes cameras (I2). */
  readonly cameraId: string;
  readonly label: string;
  readonly profile: EncodedProfile;
}

export function isSameShowing(a: Showing, b: Showing): boolean {
  const identity = ({ camera, cameraId, label, profile }: Showing): string => {
    const { width, height, fps, bitrateKbps, overlayTime = false, overlayLabel = false } = profile;
    return JSON.stringify([camera, cameraId, label, width, height, fps, bitrateKbps, overlayTime, overlayLabel]);
  };
  return identity(a) === identity(b);
}
