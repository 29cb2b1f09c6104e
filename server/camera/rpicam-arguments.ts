import type { Profile } from "../config/profile.js";
import type { InitialState } from "./driver.js";

/** The rate of rpicam-vid when none is asked for. */
const defaultFps = 30;

/** Half the mains period, as rpicam-apps' own help states it. */
const flickerPeriods = { "50hz": "10000us", "60hz": "8333us" } as const;

/** Options that change the picture, each only where it differs from rpicam-vid's default. */
function pictureArguments(profile: Profile): string[] {
  const args: string[] = [];
  if (profile.hflip) args.push("--hflip");
  if (profile.vflip) args.push("--vflip");
  if (profile.rotation !== 0) args.push("--rotation", String(profile.rotation));
  if (profile.zoom !== null) {
    const { x, y, width, height } = profile.zoom;
    args.push("--roi", [x, y, width, height].join(","));
  }
  if (profile.exposure !== "normal") args.push("--exposure", profile.exposure);
  // One word, because the value may be negative and so look like an option.
  if (profile.exposureCompensation !== 0) args.push(`--ev=${profile.exposureCompensation}`);
  if (profile.whiteBalance !== "auto") args.push("--awb", profile.whiteBalance);
  if (profile.focus !== "default") args.push("--autofocus-mode", profile.focus);
  if (profile.lensPosition !== null) args.push("--lens-position", String(profile.lensPosition));
  if (profile.flicker !== "off") args.push("--flicker-period", flickerPeriods[profile.flicker]);
  if (profile.tuningFile !== null) args.push("--tuning-file", profile.tuningFile);
  return args;
}

/**
 * Arguments of rpicam-vid (rpicam-apps 1.12, core/options.cpp) for endless MJPEG on standard output. The rate is left
 * out when it is 30: stating it makes the program probe every mode of the sensor before it starts.
 */
export function vidArguments(rpicamNumber: number, profile: Profile, initial?: InitialState): string[] {
  const { width, height, fps, quality } = profile;
  const size = ["--width", String(width), "--height", String(height)];
  const rate = fps === defaultFps ? [] : ["--framerate", String(fps)];
  const output = ["--codec", "mjpeg", "--quality", String(quality), "--flush", "--output", "-"];
  const run = ["--camera", String(rpicamNumber), "--nopreview", "--timeout", "0"];
  const signal = initial === undefined ? [] : ["--signal", "--initial", initial];
  return [...run, ...size, ...rate, ...output, ...signal, ...pictureArguments(profile)];
}

/** How long rpicam-still looks before it takes the picture: exposure and white balance settle in about that time. */
const settleMs = 1000;

/** Arguments of rpicam-still (rpicam-apps 1.12) for one JPEG on standard output, like the profile's frames. */
export function stillArguments(rpicamNumber: number, profile: Profile): string[] {
  const { width, height, quality } = profile;
  const size = ["--width", String(width), "--height", String(height)];
  const output = ["--encoding", "jpg", "--quality", String(quality), "--output", "-"];
  const run = ["--camera", String(rpicamNumber), "--nopreview", "--timeout", String(settleMs)];
  return [...run, ...size, ...output, ...pictureArguments(profile)];
}
