/** The ladder of the guard, and what each rung makes of a profile. Pure; it never enlarges anything. */
import { defaultBitrateKbps, type Profile } from "../config/profile.js";

export const rungs = ["normal", "slower", "smaller", "stopped"] as const;
export type Rung = (typeof rungs)[number];
/** Rungs that still show a picture, but less of it. */
export type ReducedRung = Extract<Rung, "slower" | "smaller">;
export type Level = "normal" | "reduced" | "stopped";

/** What a person is told of a rung. */
export function levelOf(rung: Rung): Level {
  return rung === "slower" || rung === "smaller" ? "reduced" : rung;
}

/** Higher is less picture. */
export const rankOf = (rung: Rung): number => rungs.indexOf(rung);

const slowFps = 15;
const small = { width: 320, height: 240 } as const;
/** The least that a profile may have. */
const least = { width: 160, height: 120 } as const;

/** The profile as this rung allows it. `stopped` shows nothing; asked for all the same, it is as `smaller`. */
export function reducedProfile(profile: Profile, rung: Rung): Profile {
  if (rung === "normal") return profile;
  const fps = profile.fps <= slowFps ? profile.fps : slowFps;
  if (rung === "slower") return { ...profile, fps };
  const size = smallSize(profile);
  const ceiling = defaultBitrateKbps(size.width, size.height);
  const isLower = profile.bitrateKbps !== null && profile.bitrateKbps < ceiling;
  return { ...profile, ...size, fps, bitrateKbps: isLower ? profile.bitrateKbps : null };
}

/** Whether two profiles make the same picture, as far as the guard has a hand in it. */
export function isSamePicture(a: Reduced, b: Reduced): boolean {
  return a.width === b.width && a.height === b.height && a.fps === b.fps && a.bitrateKbps === b.bitrateKbps;
}

type Reduced = Pick<Profile, "width" | "height" | "fps" | "bitrateKbps">;

/**
 * The steps that change something of this profile, in order. Where none does there is still one, so that a device in
 * need is told of as such, and is given time before it is stopped.
 */
export function stepsFor(profile: Profile): readonly ReducedRung[] {
  const slower = reducedProfile(profile, "slower");
  const smaller = reducedProfile(profile, "smaller");
  if (isSamePicture(profile, slower)) return ["smaller"];
  return isSamePicture(slower, smaller) ? ["slower"] : ["slower", "smaller"];
}

/** Within the small size in the same shape, as far as even numbers and the least size allow. */
function smallSize({ width, height }: Pick<Profile, "width" | "height">): { width: number; height: number } {
  const scale = Math.min(1, small.width / width, small.height / height);
  const even = (pixels: number, least: number): number => Math.max(least, Math.round((pixels * scale) / 2) * 2);
  return { width: even(width, least.width), height: even(height, least.height) };
}
