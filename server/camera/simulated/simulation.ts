/**
 * The folder that all simulated programs share, named by the environment: `cameras.json` says which cameras there are,
 * `faults/camN.json` what is wrong with one, `devices/camN` is the file a program holds open while it has the camera.
 * The driver (or a test) owns the folder; the programs only read it and open the devices.
 *
 * No zod here: these files are written by `writeSimulation` and `setFault`, which check them, and the programs must
 * start quickly.
 */
import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../lib/atomic-file.js";

/** Environment variable that names the folder. */
export const simulationVariable = "SMART_TOGGLE_SIM";

export interface Simulation {
  /** Number of cameras, 0 to 8. */
  readonly count: number;
  /** From the start of the program to its first frame. */
  readonly startMs: number;
  /** From SIGINT to the end of the program. */
  readonly stopMs: number;
}

/** A camera module that does not exist; its index is what the strip in its picture says. */
export interface SimulatedCamera {
  readonly index: number;
  readonly id: string;
  readonly model: string;
  readonly sensorSize: string;
  readonly colourOrder: string;
  readonly format: string;
}

const modules = [
  { model: "imx708", address: "1a", sensorSize: "4608x2592", colourOrder: "RGGB", format: "SRGGB10_CSI2P" },
  { model: "ov5647", address: "36", sensorSize: "2592x1944", colourOrder: "GBRG", format: "SGBRG10_CSI2P" },
] as const;

/** The camera of that index. Ids fall as indexes rise, so that rpicam numbers them alike while all are there. */
export function simulatedCamera(index: number): SimulatedCamera {
  const { address, ...module } = modules[index % 2 === 0 ? 0 : 1];
  const bus = (0x88000 - index * 0x8000).toString(16);
  return { index, id: `/base/simulated/i2c@${bus}/${module.model}@${address}`, ...module };
}

/** The file that is held open while the camera is in use. */
export function devicePath(directory: string, index: number): string {
  return join(directory, "devices", `cam${index}`);
}

export function faultPath(directory: string, index: number): string {
  return join(directory, "faults", `cam${index}.json`);
}

/** Creates the folder where needed and says which cameras it has. Faults stay as they are. */
export async function writeSimulation(directory: string, simulation: Simulation): Promise<void> {
  await mkdir(join(directory, "devices"), { recursive: true });
  await mkdir(join(directory, "faults"), { recursive: true });
  await writeAtomically(join(directory, "cameras.json"), JSON.stringify(simulation));
}

/** Throws when the folder or its `cameras.json` is not there. */
export function readSimulation(directory: string): Simulation {
  return JSON.parse(readFileSync(join(directory, "cameras.json"), "utf8")) as Simulation;
}

/** The folder the environment names. Throws when it names none. */
export function simulationDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const directory = env[simulationVariable];
  if (directory === undefined || directory === "") throw new Error(`${simulationVariable} is not set`);
  return directory;
}
