import { liveDirectory } from "../config/live-directory.js";
import type { Settings } from "../config/schema.js";
import { createLog } from "../lib/log.js";
import { cameraHolders, type CameraHolder } from "./camera-holders.js";
import { CameraCatalogue, type CatalogueCamera } from "./catalogue.js";
import { chooseDriver } from "./choose-driver.js";
import { Leases } from "./lease.js";

interface ListedCamera extends CatalogueCamera {
  readonly heldBy: readonly CameraHolder[] | null;
}

function lineOf({ number, model, modes, connected, id, heldBy }: ListedCamera): string {
  const holders = (heldBy ?? []).map(({ pid, program }) => `\n   held by ${program}, process ${pid}`);
  const state = connected ? "" : "  NOT CONNECTED";
  return `${number}  ${model}${modes === "" ? "" : ` [${modes}]`}${state}\n   ${id}${holders.join("")}`;
}

function asText(kind: string, cameras: readonly ListedCamera[]): string {
  if (cameras.length === 0) return `No cameras (${kind}).\n`;
  return [`Cameras (${kind}):`, ...cameras.map(lineOf)].join("\n") + "\n";
}

/**
 * The answer of `smart-toggle cameras`, with who holds each camera: rpicam-hello names a camera in use like any other. Rejects
 * as the driver's `list` does. Nothing of the service may run: a listing opens every camera.
 */
export async function listCameras(settings: Settings, asJson: boolean): Promise<string> {
  const log = createLog({ ...settings.log, level: "warn" });
  const driver = await chooseDriver({ settings: settings.cameras, liveDirectory: liveDirectory(settings), log });
  const catalogue = new CameraCatalogue({ driver, leases: new Leases(), order: settings.cameras.order, log });
  const found = await catalogue.refresh();
  const cameras = await Promise.all(
    found.map(async (camera) => ({ ...camera, heldBy: await cameraHolders(driver, camera.id) })),
  );
  return asJson ? `${JSON.stringify({ driver: driver.kind, cameras }, null, 2)}\n` : asText(driver.kind, cameras);
}
