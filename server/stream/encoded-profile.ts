import type { Profile } from "../config/profile.js";

/** What of a profile decides the encoded stream: equal ones make byte-identical init segments. */
export type EncodedProfile = Pick<Profile, "width" | "height" | "fps" | "bitrateKbps">;
