import { join } from "node:path";
import type { Profile } from "../config/profile.js";
import type { Settings } from "../config/schema.js";
import type { Log } from "../lib/log.js";
import { packageRoot } from "../lib/package-root.js";
import type { ChildRecords } from "../process/child-records.js";
import { parseCameraList, type CameraInfo } from "./camera-list.js";
import type { CameraCommand, CameraDriver, InitialState } from "./driver.js";
import { readOutput } from "./read-output.js";
import { stillArguments, vidArguments } from "./rpicam-arguments.js";
import { devicePath, simulatedCamera, simulationVariable, writeSimulation } from "./simulated/simulation.js";

export interface SimulatedDriverOptions {
  readonly settings: Pick<Settings["cameras"]["simulated"], "count" | "startMs" | "stopMs">;
  /** Folder of locks and faults; created where needed. */
  readonly directory: string;
  readonly records?: ChildRecords;
  readonly log: Log;
}

/** Highest number of simulated cameras. */
const most = 8;
const listTimeoutMs = 10_000;

type SimulatedProgram = "rpicam-vid" | "rpicam-hello" | "rpicam-still";

/** The simulated programs run compiled, whether their caller does or not. */
function program(name: SimulatedProgram): string {
  return join(packageRoot, "dist/server/camera/simulated", `${name}.js`);
}

/** Cameras that do not exist, as programs that behave like rpicam-apps. */
export class SimulatedDriver implements CameraDriver {
  readonly kind = "simulated";
  readonly directory: string;
  readonly #options: SimulatedDriverOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #ready: Promise<void>;

  /** Errors of the file system show at the first `list`. */
  constructor(options: SimulatedDriverOptions) {
    this.#options = options;
    this.directory = options.directory;
    this.#env = { ...process.env, [simulationVariable]: options.directory };
    const { count, startMs, stopMs } = options.settings;
    this.#ready = writeSimulation(options.directory, { count, startMs, stopMs });
    this.#ready.catch(() => undefined);
  }

  async list(signal?: AbortSignal): Promise<readonly CameraInfo[]> {
    await this.#ready;
    const { records, log } = this.#options;
    const output = await readOutput({
      name: "simulated rpicam-hello",
      command: this.#command("rpicam-hello", ["--list-cameras"]),
      timeoutMs: listTimeoutMs,
      log,
      ...(records && { records }),
      ...(signal && { signal }),
    });
    return parseCameraList(output.toString());
  }

  vidCommand(rpicamNumber: number, profile: Profile, initial?: InitialState): CameraCommand {
    return { ...this.#command("rpicam-vid", vidArguments(rpicamNumber, profile, initial)), rpicamNumber };
  }

  stillCommand(rpicamNumber: number, profile: Profile): CameraCommand {
    return { ...this.#command("rpicam-still", stillArguments(rpicamNumber, profile)), rpicamNumber };
  }

  devicePaths(id: string): Promise<readonly string[]> {
    const index = Array.from({ length: most }, (_, camera) => simulatedCamera(camera).id).indexOf(id);
    return Promise.resolve(index < 0 ? [] : [devicePath(this.directory, index)]);
  }

  #command(name: SimulatedProgram, args: readonly string[]) {
    return { program: process.execPath, args: [program(name), ...args], env: this.#env };
  }
}
