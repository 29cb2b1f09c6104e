import { spawn, type ChildProcessByStdio } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { simulationVariable, writeSimulation } from "../../../server/camera/simulated/simulation.js";
import { packageRoot } from "../../../server/lib/package-root.js";

export type CameraProcess = ChildProcessByStdio<null, Readable, null>;

/** The times of the product's simulated cameras by default, in milliseconds. */
export const cameraTimes = { startMs: 500, stopMs: 250 };

/** Makes the folder that the cameras of one peer share. */
export function prepareCameras(directory: string): Promise<void> {
  return writeSimulation(directory, { count: 2, ...cameraTimes });
}

/** rpicam-vid as the seed starts it, word for word; the same simulated camera as the product's. */
export function startCamera(directory: string, camera: number): CameraProcess {
  const program = join(packageRoot, "dist/server/camera/simulated/rpicam-vid.js");
  const size = ["--width", "640", "--height", "480", "--framerate", "30"];
  const rest = ["-t", "0", "-o", "-", "--codec", "mjpeg", "--flush"];
  return spawn(process.execPath, [program, "--camera", String(camera), ...size, ...rest], {
    env: { ...process.env, [simulationVariable]: directory },
    stdio: ["ignore", "pipe", "ignore"],
  });
}
