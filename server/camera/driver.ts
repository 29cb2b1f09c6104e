import type { Profile } from "../config/profile.js";
import type { CameraInfo } from "./camera-list.js";

export type { CameraInfo };

/** How a camera that can be paused begins. */
export type InitialState = "record" | "pause";

/** What to run for one camera. */
export interface CameraCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Default: the controller's own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** The number by which the camera is asked for. */
  readonly rpicamNumber: number;
}

/** The way to cameras of one kind. Holds nothing open; whoever calls `list` or runs a command has the lease for it. */
export interface CameraDriver {
  readonly kind: "rpicam" | "simulated";
  /** The cameras connected now. Rejects `programMissing`, or `cameraExited` when the listing fails or takes 10 s. */
  list(signal?: AbortSignal): Promise<readonly CameraInfo[]>;
  /** Endless MJPEG on standard output. With `initial` SIGUSR1 pauses and resumes it, and it begins as it says. */
  vidCommand(rpicamNumber: number, profile: Profile, initial?: InitialState): CameraCommand;
  /** One JPEG on standard output, after a second in which exposure and colours settle; then the program ends. */
  stillCommand(rpicamNumber: number, profile: Profile): CameraCommand;
  /**
   * Device files whose holders have, or may have, the camera with this id; none when unknown, so that its release
   * cannot be proven. libcamera opens the sensors of all cameras in every process: while another camera streams, its
   * program is among the holders.
   */
  devicePaths(id: string): Promise<readonly string[]>;
}
