import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFault, type FaultInput } from "../../server/camera/simulated/faults.js";
import { SimulatedDriver } from "../../server/camera/simulated-driver.js";
import { Source, type SourceOptions } from "../../server/camera/source.js";
import { defaultProfile, type Profile } from "../../server/config/profile.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import type { ProcessInfo } from "../../server/process/process-table.js";
import { markedProcesses } from "./marked-processes.js";

export interface SimulatedCamerasOptions {
  readonly count?: number;
  /** From the start of a program to its first frame. */
  readonly startMs?: number;
  /** From SIGINT to its end. */
  readonly stopMs?: number;
}

/** A stop ladder that waits long enough for a busy machine, and shows what each rung did. */
export const patientLadder = [
  { signal: "SIGINT", waitMs: 3000 },
  { signal: "SIGTERM", waitMs: 3000 },
] as const;

/** Simulated cameras in a folder of their own, and the sources a test started on them. */
export class SimulatedCameras {
  readonly directory = mkdtempSync(join(tmpdir(), "smart-toggle-cameras-"));
  readonly driver: SimulatedDriver;
  readonly #sources: Source[] = [];

  private constructor({ count = 2, startMs = 0, stopMs = 0 }: SimulatedCamerasOptions) {
    const settings = { count, startMs, stopMs };
    this.driver = new SimulatedDriver({ settings, directory: this.directory, log: silentLog });
  }

  static async create(options: SimulatedCamerasOptions = {}): Promise<SimulatedCameras> {
    const cameras = new SimulatedCameras(options);
    await cameras.driver.list(); // The folder is written by then.
    return cameras;
  }

  /** Starts the camera that rpicam numbers like this. */
  start(number: number, profile: Partial<Profile> = {}, options: Partial<SourceOptions> = {}): Source {
    const whole = { ...defaultProfile, ...profile };
    const source = new Source({
      camera: number,
      command: this.driver.vidCommand(number, whole),
      profile: whole,
      ladder: patientLadder,
      clock: systemClock,
      log: silentLog,
      ...options,
    });
    this.#sources.push(source);
    return source;
  }

  setFault(camera: number, fault: FaultInput | null): Promise<void> {
    return setFault(this.directory, camera, fault);
  }

  /** Programs that hold a camera of this folder. */
  programs(): ProcessInfo[] {
    return markedProcesses("none", [this.directory]);
  }

  /** Ends what still runs and removes the folder; gives the programs that outlived their source's stop. */
  async close(): Promise<ProcessInfo[]> {
    await Promise.all(this.#sources.map((source) => source.stop("end of test", [])));
    const left = this.programs();
    rmSync(this.directory, { recursive: true });
    return left;
  }
}
