import type { Profile } from "../config/profile.js";

/**
 * What of a profile decides the encoded stream. The init segment depends on size, rate and bit rate alone: equal ones
 * make byte-identical ones.
 */
export type EncodedProfile = Pick<Profile, "width" | "height" | "fps" | "bitrateKbps"> &
  Partial<Pick<Profile, "overlayTime" | "overlayLabel">>;
