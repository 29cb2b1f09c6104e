import { liveDirectory } from "../config/live-directory.js";
import type { Settings } from "../config/schema.js";
import { createLog } from "../lib/log.js";
import { CameraCatalogue, type CatalogueCamera } from "./catalogue.js";
import { chooseDriver } from "./choose-driver.js";
import { Leases } from "./lease.js";

function asText(kind: string, cameras: readonly CatalogueCamera[]): string {
  if (cameras.length === 0) return `No cameras (${kind}).\n`;
  const line = ({ number, model, modes, connected, id }: CatalogueCamera): string =>
    `${number}  ${model}${modes === "" ? "" : ` [${modes}]`}${connected ? "" : "  NOT CONNECTED"}\n   ${id}`;
  return [`Cameras (${kind}):`, ...cameras.map(line)].join("\n") + "\n";
}

/**
 * The answer of `smart-toggle cameras`. Rejects as the driver's `list` does. Nothing of the service may run: a listing
 * opens every camera.
 */
export async function listCameras(settings: Settings, asJson: boolean): Promise<string> {
  const log = createLog({ ...settings.log, level: "warn" });
  const driver = await chooseDriver({ settings: settings.cameras, liveDirectory: liveDirectory(settings), log });
  const catalogue = new CameraCatalogue({ driver, leases: new Leases(), order: settings.cameras.order, log });
  const cameras = await catalogue.refresh();
  return asJson ? `${JSON.stringify({ driver: driver.kind, cameras }, null, 2)}\n` : asText(driver.kind, cameras);
}
