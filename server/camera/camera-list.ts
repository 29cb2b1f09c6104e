/** One camera as rpicam-apps see it at one moment. */
export interface CameraInfo {
  /** rpicam's own number now: by descending id among the cameras found, so it moves when another one goes. */
  readonly number: number;
  /** The id libcamera gives it by its place on the board: stable. */
  readonly id: string;
  /** The sensor, e.g. `imx708`. */
  readonly model: string;
  /** Largest size of the sensor and what else stands there, e.g. `2592x1944 10-bit GBRG`. */
  readonly modes: string;
}

const cameraLine = /^\s*(\d+) : (.+?) \[(.*)\] \((.+)\)\s*$/;

/**
 * Reads the output of `rpicam-hello --list-cameras`. Lines of no camera (the title, the modes, `No cameras
 * available!`) are passed over.
 */
export function parseCameraList(output: string): CameraInfo[] {
  return output.split("\n").flatMap((line) => {
    const [, number, model, modes, id] = cameraLine.exec(line) ?? [];
    if (number === undefined || model === undefined || modes === undefined || id === undefined) return [];
    return [{ number: Number(number), id, model, modes }];
  });
}
