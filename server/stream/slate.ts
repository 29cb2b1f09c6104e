/**
 * The picture that says why there is no picture: label, reason, since when. Drawn once by a one-shot ffmpeg on the
 * camera's last frame, dimmed and blurred, so that plain players stay connected and nobody takes an old picture for a
 * live one.
 */
import type { Log } from "../lib/log.js";
import type { EncodedProfile } from "./encoded-profile.js";

export interface SlateRequest {
  readonly profile: Pick<EncodedProfile, "width" | "height">;
  readonly label: string;
  /** Why there is no picture, in words for people. */
  readonly reason: string;
  /** Since when, in milliseconds since the Unix epoch; shown in local time. */
  readonly sinceEpochMs: number;
  /** The camera's last frame. */
  readonly lastFrame?: Buffer | undefined;
  readonly ffmpegProgram: string;
  readonly log: Log;
}

/** A JPEG of the profile's exact size, within about 2 s. Rejects with `encoderFailed` when not even a grey one could be made. */
export type MakeSlate = (request: SlateRequest) => Promise<Buffer>;
