/** What the doctor can learn of cameras. A listing opens every camera: where the service runs, it is asked instead. */
import { commandHeaders } from "../../accounts/command-token.js";
import { chooseDriver } from "../../camera/choose-driver.js";
import { RpicamDriver } from "../../camera/rpicam-driver.js";
import { liveDirectory } from "../../config/live-directory.js";
import type { Settings } from "../../config/schema.js";
import type { Status } from "../../http/wire.js";
import { toAppError } from "../../lib/errors.js";
import { silentLog } from "../../lib/log.js";
import type { CameraFacts, HolderFacts } from "../../ops/doctor/judge-cameras.js";
import { askController } from "../../ops/doctor/service-answers.js";
import { deviceHolders } from "../../process/device-holders.js";

export interface CameraReading {
  readonly facts: CameraFacts;
  /** libcamera's ids of real cameras. */
  readonly ids: readonly string[];
}

export async function readCameras(settings: Settings, serviceAnswers: boolean): Promise<CameraReading> {
  return serviceAnswers ? askService(settings) : listThem(settings);
}

async function askService(settings: Settings): Promise<CameraReading> {
  const { http, cameras } = settings;
  const wanted = cameras.driver;
  // Whoever cannot read the state folder asks as a stranger, and is told so below.
  const headers = await commandHeaders(settings).catch(() => ({}));
  const answer = await askController(http.port, "/api/status", headers);
  if (answer?.ok !== true) return { facts: { kind: "unknown", why: "the service does not tell them" }, ids: [] };
  const { service, cameras: found } = answer.body as Status;
  if (service.driver === "rpicam") return { facts: { kind: "seen", cameras: found }, ids: found.map(({ id }) => id) };
  const why = "rpicam-vid is not installed, or found no camera";
  return { facts: { kind: "simulated", count: found.length, wanted: wanted === "simulated", why }, ids: [] };
}

async function listThem(settings: Settings): Promise<CameraReading> {
  const { cameras: section } = settings;
  let why = "";
  const log = { ...silentLog, info: (message: string) => (why = message.replace(/^The cameras are simulated: /, "")) };
  try {
    const driver = await chooseDriver({ settings: section, liveDirectory: liveDirectory(settings), log });
    if (driver.kind === "simulated") {
      const wanted = section.driver === "simulated";
      return { facts: { kind: "simulated", count: section.simulated.count, wanted, why }, ids: [] };
    }
    const found = await driver.list();
    const cameras = found.map(({ number, model }) => ({ number, model, connected: true }));
    return { facts: { kind: "seen", cameras }, ids: found.map(({ id }) => id) };
  } catch (thrown) {
    return { facts: { kind: "failed", why: toAppError(thrown).message }, ids: [] };
  }
}

/** Who has the sensors of these cameras open. */
export async function readHolders(settings: Settings, ids: readonly string[]): Promise<HolderFacts> {
  const driver = new RpicamDriver({ settings: settings.cameras, log: silentLog, sysfs: settings.guard.sysfs });
  const devices = (await Promise.all(ids.map((id) => driver.devicePaths(id)))).flat();
  return { cameras: ids.length, devices, ...(await deviceHolders(devices)) };
}
