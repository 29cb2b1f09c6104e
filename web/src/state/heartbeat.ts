import type { ChannelView, Mode } from "../../../server/http/wire.js";

/** What the badge on the picture says (C2). `off`, `resting` and `connecting` are no faults. */
export type Heartbeat = "connecting" | "live" | "delay" | "error" | "offline" | "off" | "resting";

/** What this page's own player shows. */
export interface PictureFacts {
  /** A frame was shown since the player started. */
  readonly shown: boolean;
  /** Time since a new frame was last shown or, before the first, since the player began to try. Null: not measured. */
  readonly ageMs: number | null;
  /** How far the picture is behind the delay that is planned for it. Null: unknown. */
  readonly lagMs: number | null;
  /** How far the picture is behind the camera, all in all. Null: unknown. */
  readonly behindMs: number | null;
  /** It is still the last picture of the former camera. */
  readonly former: boolean;
}

export interface HeartbeatFacts {
  /** Checks in a row (one each 2 s) to which the service gave no answer. */
  readonly misses: number;
  readonly mode: Mode | null;
  readonly channel: Pick<ChannelView, "frameAgeMs" | "frozen" | "standIn" | "unavailable"> | null;
  readonly picture: PictureFacts;
  /** For how long the camera has been good without a break, as far as this page knows. */
  readonly goodForMs: number;
}

/** C2: no answer twice. */
export const offlineMisses = 2;
/** C2: newest frame younger than this is LIVE … */
const liveMs = 1000;
/** … and younger than this is DELAY. */
const delayMs = 3000;

/**
 * The badge is as bad as the worst of what is known: the age of the camera's newest frame, and whether this page really
 * shows it. A frozen picture, a stand-in for the camera or a player at rest is never called live (I7). Nor is what is still on
 * the screen when a camera comes back: the player shows the stand-in for as long as it is behind.
 */
export function heartbeat(facts: HeartbeatFacts): Heartbeat {
  if (facts.misses >= offlineMisses) return "offline";
  if (facts.mode === "off") return "off";
  if (facts.channel === null) return "connecting";
  if (facts.channel.unavailable?.code === "resting") return "resting";
  const camera = gradeOfCamera(facts.channel);
  if (camera === "error") return camera;
  const picture = gradeOfPicture(facts.picture, facts.goodForMs);
  return camera === "delay" && picture !== "error" ? camera : picture;
}

/** What the service says of a camera, be it on this page's screen or not. */
export function gradeOfCamera(channel: NonNullable<HeartbeatFacts["channel"]>): "live" | "delay" | "error" {
  if (channel.unavailable !== null || channel.frozen || channel.standIn === "slate") return "error";
  if (channel.frameAgeMs === null) return "error";
  const grade = gradeOfAge(channel.frameAgeMs);
  return channel.standIn === "lastFrame" && grade === "live" ? "delay" : grade;
}

function gradeOfPicture(picture: PictureFacts, goodForMs: number): "connecting" | "live" | "delay" | "error" {
  const grade = gradeOfAge(Math.max(picture.ageMs ?? 0, picture.lagMs ?? 0));
  // A camera that has just woken needs a moment more than the player that waits for it.
  if (!picture.shown && (grade !== "error" || goodForMs < delayMs)) return "connecting";
  const isOld = picture.former || goodForMs < (picture.behindMs ?? 0);
  return isOld && grade === "live" ? "delay" : grade;
}

function gradeOfAge(ageMs: number): "live" | "delay" | "error" {
  if (ageMs < liveMs) return "live";
  return ageMs < delayMs ? "delay" : "error";
}
