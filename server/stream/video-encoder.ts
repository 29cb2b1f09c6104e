import type { Settings } from "../config/schema.js";

/** ffmpeg's encoders that are ours to choose from: in software, and that of the hardware behind V4L2 (a Pi up to the 4). */
export type VideoEncoder = Exclude<Settings["stream"]["encoder"], "auto">;

export const softwareEncoder: VideoEncoder = "libx264";
export const hardwareEncoder: VideoEncoder = "h264_v4l2m2m";
