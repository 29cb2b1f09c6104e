/**
 * A single picture of a camera by rpicam-still, for times in which no source runs. It takes the lease of all cameras,
 * so that in toggle mode no second camera program ever runs beside it (I1), and never lets a source wait: it takes the
 * lease only where it is free, and is ended as soon as anybody wants it. Owns the program while it runs.
 */
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { Frame } from "../camera/frame.js";
import { isWholeJpeg } from "../camera/jpeg-size.js";
import type { Leases } from "../camera/lease.js";
import { readOutput } from "../camera/read-output.js";
import type { Profile } from "../config/profile.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";

export interface StillsOptions {
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly profileOf: (camera: number) => Profile;
  readonly records?: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

/** A second to look, about another one to start, and as much again for a slow card. */
const timeoutMs = 5000;

export class Stills {
  readonly #o: StillsOptions;
  readonly #underWay = new Map<number, Promise<Frame>>();
  readonly #closing = new AbortController();
  #taken = 0;

  constructor(options: StillsOptions) {
    this.#o = options;
  }

  /**
   * Takes one; who asks while one is being taken gets that. Rejects `notLive` when a source runs or wants to, or the
   * camera was not found; and what the program said.
   */
  take(camera: number): Promise<Frame> {
    const known = this.#underWay.get(camera);
    if (known !== undefined) return known;
    const still = this.#take(camera).finally(() => this.#underWay.delete(camera));
    this.#underWay.set(camera, still);
    return still;
  }

  /** Ends what runs, and resolves when it is gone. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError("shuttingDown", "The service is stopping."));
    await Promise.allSettled(this.#underWay.values());
  }

  async #take(camera: number): Promise<Frame> {
    this.#closing.signal.throwIfAborted();
    const wanted = new AbortController();
    const onClose = (): void => {
      wanted.abort(this.#closing.signal.reason);
    };
    const lease = this.#o.leases.tryAcquire("all", () => {
      wanted.abort(new AppError("notLive", "The camera is being started."));
    });
    if (lease === null) throw new AppError("notLive", `Camera ${camera} is not live, and a camera is being started.`);
    this.#closing.signal.addEventListener("abort", onClose, { once: true });
    try {
      return await this.#run(camera, wanted.signal);
    } finally {
      this.#closing.signal.removeEventListener("abort", onClose);
      lease.release();
    }
  }

  async #run(camera: number, signal: AbortSignal): Promise<Frame> {
    const { catalogue, driver, profileOf, records, clock, log } = this.#o;
    const rpicamNumber = catalogue.knownRpicamNumber(camera);
    if (rpicamNumber === null) throw new AppError("notLive", `Camera ${camera} is not connected.`);
    const jpeg = await readOutput({
      name: `still of camera ${camera}`,
      command: driver.stillCommand(rpicamNumber, profileOf(camera)),
      asked: { id: catalogue.camera(camera).id, rpicamNumber },
      timeoutMs,
      log: log.child({ part: "camera", camera }),
      signal,
      ...(records && { records }),
    });
    if (!isWholeJpeg(jpeg)) throw new AppError("notLive", `Camera ${camera} gave no whole picture.`);
    return { jpeg, camera, number: ++this.#taken, arrivedMs: clock.monotonicMs() };
  }
}
