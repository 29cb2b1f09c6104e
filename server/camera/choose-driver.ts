import { join } from "node:path";
import type { Settings } from "../config/schema.js";
import { toAppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { findProgram } from "../process/find-program.js";
import type { CameraDriver } from "./driver.js";
import { RpicamDriver } from "./rpicam-driver.js";
import { SimulatedDriver } from "./simulated-driver.js";

export interface ChooseDriverOptions {
  readonly settings: Settings["cameras"];
  /** Folder of live media, below which the simulated cameras live unless the settings say where. */
  readonly liveDirectory: string;
  readonly records?: ChildRecords;
  readonly log: Log;
}

/**
 * The driver that the settings name; `auto` takes rpicam-vid where it exists and finds cameras, else simulated ones.
 * The log says which and why. No camera may be in use by us: `auto` lists them.
 */
export async function chooseDriver(options: ChooseDriverOptions): Promise<CameraDriver> {
  const { settings, liveDirectory, records, log } = options;
  const common = { log, ...(records && { records }) };
  const rpicam = new RpicamDriver({ ...common, settings });
  if (settings.driver === "rpicam") return rpicam;

  const reason = settings.driver === "auto" ? await whyNotRpicam(rpicam, settings.vidProgram) : "the settings say so";
  if (reason === null) return rpicam;
  log.info(`The cameras are simulated: ${reason}`);
  const directory = settings.simulated.directory ?? join(liveDirectory, "simulated");
  return new SimulatedDriver({ ...common, settings: settings.simulated, directory });
}

/** Null when rpicam-vid exists and finds cameras. */
async function whyNotRpicam(driver: RpicamDriver, vidProgram: string): Promise<string | null> {
  if (findProgram(vidProgram) === null) return `${vidProgram} is not installed`;
  try {
    const cameras = await driver.list();
    return cameras.length > 0 ? null : "no camera is connected";
  } catch (error) {
    return `the cameras cannot be listed (${toAppError(error).message})`;
  }
}
