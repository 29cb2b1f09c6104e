import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Profile } from "../config/profile.js";
import type { Settings } from "../config/schema.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { parseCameraList, type CameraInfo } from "./camera-list.js";
import type { CameraCommand, CameraDriver, InitialState } from "./driver.js";
import { readOutput } from "./read-output.js";
import { stillArguments, vidArguments } from "./rpicam-arguments.js";

export interface RpicamDriverOptions {
  readonly settings: Pick<Settings["cameras"], "vidProgram" | "helloProgram" | "stillProgram">;
  readonly records?: ChildRecords;
  readonly log: Log;
  /** Where sysfs is; tests have their own. */
  readonly sysfs?: string;
}

/** A listing acquires every camera and probes its modes: 1–2 s for two cameras. */
const listTimeoutMs = 10_000;

/** Real cameras, by way of rpicam-apps. */
export class RpicamDriver implements CameraDriver {
  readonly kind = "rpicam";
  readonly #options: RpicamDriverOptions;

  constructor(options: RpicamDriverOptions) {
    this.#options = options;
  }

  async list(signal?: AbortSignal): Promise<readonly CameraInfo[]> {
    const { settings, records, log } = this.#options;
    const output = await readOutput({
      name: "rpicam-hello",
      command: { program: settings.helloProgram, args: ["--list-cameras"] },
      timeoutMs: listTimeoutMs,
      log,
      ...(records && { records }),
      ...(signal && { signal }),
    });
    return parseCameraList(output.toString());
  }

  vidCommand(rpicamNumber: number, profile: Profile, initial?: InitialState): CameraCommand {
    const { vidProgram: program } = this.#options.settings;
    return { program, args: vidArguments(rpicamNumber, profile, initial), rpicamNumber };
  }

  stillCommand(rpicamNumber: number, profile: Profile): CameraCommand {
    const { stillProgram: program } = this.#options.settings;
    return { program, args: stillArguments(rpicamNumber, profile), rpicamNumber };
  }

  /**
   * The sensor's own device: libcamera's id is the sensor's node in the device tree, with `/base` for its root, and sysfs links each
   * video device to its node. In a container the tree is hidden (`/sys/firmware`): there the id is the device's place below
   * `/sys/devices` with the sensor's name behind it (libcamera's camera_sensor_legacy.cpp, generateId).
   */
  async devicePaths(id: string): Promise<readonly string[]> {
    const folder = join(this.#options.sysfs ?? "/sys", "class/video4linux");
    const names = await readdir(folder).catch(() => []);
    const place = id.startsWith("/")
      ? { link: "device/of_node", path: join("/firmware/devicetree", id) }
      : { link: "device", path: join("/devices", id.replace(/ [^/]*$/, "")) };
    const paths = await Promise.all(
      names.map(async (name) => {
        const found = await realpath(join(folder, name, place.link)).catch(() => "");
        return found.endsWith(place.path) ? [`/dev/${name}`] : [];
      }),
    );
    return paths.flat();
  }
}
