/** The ladder of the guard, and what each rung makes of a profile. Pure; it never enlarges anything. */
import { defaultBitrateKbps, type Profile } from "../config/profile.js";

/** In their order: on each, what the ones before it took away stays away. */
export const rungs = ["normal", "single", "slower", "smaller", "mjpegOff", "warmOff", "stopped"] as const;
export type Rung = (typeof rungs)[number];
/** Rungs that still show a picture, but less of it, or in fewer ways. */
export type ReducedRung = Exclude<Rung, "normal" | "stopped">;
export type Level = "normal" | "reduced" | "stopped";

/** What a person is told of a rung. */
export function levelOf(rung: Rung): Level {
  return rung === "normal" || rung === "stopped" ? rung : "reduced";
}

/** Higher is less picture. */
export const rankOf = (rung: Rung): number => rungs.indexOf(rung);

/** Whether all cameras may be shown at once. A second one costs as much again as the first. */
export const allowsDual = (rung: Rung): boolean => rankOf(rung) < rankOf("single");

/** Whether MJPEG viewers may watch. Each of them costs the controller a write of every frame. */
export const allowsMjpeg = (rung: Rung): boolean => rankOf(rung) < rankOf("mjpegOff");

/** Whether a second camera may be kept warm. */
export const allowsWarm = (rung: Rung): boolean => rankOf(rung) < rankOf("warmOff");

const slowFps = 15;
const small = { width: 320, height: 240 } as const;
/** The least that a profile may have. */
const least = { width: 160, height: 120 } as const;

/**
 * The profile as this rung allows it: whole up to `single`, from `smaller` on the same. `stopped` shows nothing; it is
 * asked for all the same. A camera that refuses the small size keeps its own.
 */
export function reducedProfile(profile: Profile, rung: Rung, canBeSmall = true): Profile {
  if (rankOf(rung) < rankOf("slower")) return profile;
  const fps = profile.fps <= slowFps ? profile.fps : slowFps;
  if (rung === "slower" || !canBeSmall) return { ...profile, fps };
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

/** What costs something now and could be done without. */
export interface InUse {
  /** All cameras at once are wanted, whether they are shown so now or not. */
  readonly dual: boolean;
  /** Somebody watches MJPEG. */
  readonly mjpeg: boolean;
  /** A second camera is kept warm. */
  readonly warm: boolean;
}

/**
 * The steps that change something of this profile and of what is in use, in order. Where none does there is still one,
 * so that a device in need is told of as such, and is given time before it is stopped.
 */
export function stepsFor(profile: Profile, { dual, mjpeg, warm }: InUse, canBeSmall = true): readonly ReducedRung[] {
  const slower = reducedProfile(profile, "slower");
  const smaller = reducedProfile(profile, "smaller", canBeSmall);
  const steps: ReducedRung[] = [];
  if (dual) steps.push("single");
  if (!isSamePicture(profile, slower)) steps.push("slower");
  if (!isSamePicture(slower, smaller)) steps.push("smaller");
  if (mjpeg) steps.push("mjpegOff");
  if (warm) steps.push("warmOff");
  return steps.length > 0 ? steps : ["smaller"];
}

/** Within the small size in the same shape, as far as even numbers and the least size allow. */
function smallSize({ width, height }: Pick<Profile, "width" | "height">): { width: number; height: number } {
  const scale = Math.min(1, small.width / width, small.height / height);
  const even = (pixels: number, least: number): number => Math.max(least, Math.round((pixels * scale) / 2) * 2);
  return { width: even(width, least.width), height: even(height, least.height) };
}
