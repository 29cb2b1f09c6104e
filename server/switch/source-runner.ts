import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { Lease, Leases } from "../camera/lease.js";
import type { RefusedProfiles } from "../camera/refused-profiles.js";
import type { SourceWarning } from "../camera/source-trouble.js";
import { Source, type SourceExit } from "../camera/source.js";
import type { Profile } from "../config/profile.js";
import type { Settings } from "../config/schema.js";
import type { Clock } from "../lib/clock.js";
import { AppError, toAppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import type { StopReport } from "../process/child.js";
import { exitWords } from "../process/exit-words.js";
import type { StopLadder } from "../process/stop-ladder.js";
import { cameraBusy } from "./busy-camera.js";
import type { Reason } from "./switch-types.js";

export interface SourceRunnerOptions {
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly refused: RefusedProfiles;
  readonly timing: Settings["switch"];
  /** Whether cameras may be listed: a listing acquires every one, and would wait for those that run. */
  readonly mayList: () => boolean;
  /** Its sources can be paused (warm standby). */
  readonly pausable?: boolean;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

/** A source that runs, with its camera's lease. */
export interface RunningSource {
  readonly source: Source;
  readonly lease: Lease;
}

/** Why a source that was not stopped by a step has ended, by the reason it was stopped with. */
const lossReasons: Partial<Record<string, Reason>> = {
  stalled: { code: "cameraStalled", message: "The camera gave no frame any more and was stopped." },
  frozen: { code: "cameraFrozen", message: "The camera gave the same picture again and again and was stopped." },
};

const hangs = (camera: number, source: Source | undefined): string =>
  `Camera ${camera} hangs in the kernel (process ${source?.pid}).`;

/**
 * Runs one source, the one of toggle mode or that of one camera in dual mode, and holds its camera's lease. A camera
 * whose program outlives SIGKILL (it hangs in the kernel) needs a reboot, and is not started as long as that program
 * lives. Its lease is given back all the same: it would keep the other cameras from being listed, and a hang counts
 * against that camera alone.
 *
 * Invariant: no source is started while another one of this runner runs (I1).
 */
export class SourceRunner {
  readonly #o: SourceRunnerOptions;
  readonly #ladder: StopLadder;
  /** Sources that outlived SIGKILL, by camera. */
  readonly #stuck = new Map<number, Source>();
  #running: RunningSource | null = null;

  constructor(options: SourceRunnerOptions) {
    this.#o = options;
    const { stopMs, terminateMs } = options.timing;
    this.#ladder = [
      { signal: "SIGINT", waitMs: stopMs },
      { signal: "SIGTERM", waitMs: terminateMs },
    ];
  }

  get source(): Source | null {
    return this.#running?.source ?? null;
  }

  needsReboot(camera: number): boolean {
    return this.#stuck.get(camera)?.isGone === false;
  }

  /** Throws `cameraNeedsReboot` for a camera that hangs in the kernel. */
  check(camera: number): void {
    if (!this.needsReboot(camera)) return;
    throw new AppError("cameraNeedsReboot", `${hangs(camera, this.#stuck.get(camera))} Reboot the device.`);
  }

  /**
   * Starts a camera and resolves with its first frame there. Rejects `cameraStartTimeout` after `firstFrameMs`,
   * `sizeRefused` with the first frame of another size, what
   * the camera program said when it ended before, or the signal's reason. What was started runs on in any case, unless
   * it has opened another camera.
   */
  async start(camera: number, profile: Profile, signal: AbortSignal): Promise<void> {
    const { firstFrameMs } = this.#o.timing;
    const limit = AbortSignal.timeout(firstFrameMs);
    try {
      await this.#startWhereFound(camera, profile, AbortSignal.any([signal, limit]));
    } catch (thrown) {
      if (signal.aborted) throw toAppError(signal.reason);
      if (!limit.aborted) throw thrown;
      const message = `Camera ${camera} gave no picture within ${firstFrameMs} ms.`;
      throw new AppError("cameraStartTimeout", message, { cause: thrown });
    }
  }

  /** Stops what runs; null when nothing does. The report says whether it is gone. */
  async stop(reason: string): Promise<{ readonly camera: number; readonly report: StopReport } | null> {
    const running = this.#running;
    if (running === null) return null;
    const { camera } = running.source;
    const report = await running.source.stop(reason, this.#ladder);
    this.#letGo(running, report);
    return { camera, report };
  }

  /** Takes over a source that another runner gave away. */
  adopt(running: RunningSource): void {
    if (this.#running !== null) throw new AppError("internal", "A camera runs already.");
    this.#running = running;
  }

  /** Gives the running source away: it runs on, and is the taker's to stop. Null: none runs. */
  giveAway(): RunningSource | null {
    const running = this.#running;
    this.#running = null;
    return running;
  }

  /** Resolves with the reason when the running source ends without `stop`; never, if it is stopped. */
  async lost(): Promise<Reason> {
    const running = this.#running;
    if (running === null) return { code: "cameraExited", message: "No camera runs." };
    const exit = await running.source.exited;
    if (this.#running !== running) return new Promise<never>(() => undefined);
    // What ended by itself is gone; what the stall watch stopped may be stuck. It is the same report either way.
    const report = await running.source.stop("ended", this.#ladder);
    this.#letGo(running, report);
    if (!report.gone) return { code: "cameraNeedsReboot", message: hangs(running.source.camera, running.source) };
    return lossReasons[exit.reason ?? ""] ?? whyEnded(exit);
  }

  #letGo(running: RunningSource, { gone }: StopReport): void {
    if (this.#running !== running) return;
    this.#running = null;
    running.lease.release();
    if (!gone) this.#stuck.set(running.source.camera, running.source);
  }

  /** rpicam's numbers move when a camera goes or comes: one that is not found by its number is looked for once more. */
  async #startWhereFound(camera: number, profile: Profile, signal: AbortSignal): Promise<void> {
    try {
      await this.#start(camera, profile, signal);
    } catch (thrown) {
      const { code } = toAppError(thrown);
      const asked = this.#running;
      if ((code !== "cameraGone" && code !== "wrongCamera") || asked === null) throw thrown;
      // At once: it may have the camera that somebody else is about to start.
      const stopped = await this.stop("not found");
      if (signal.aborted || stopped?.report.gone !== true) throw thrown;
      if (!this.#findAgain(camera, asked.source)) throw this.#notConnected(camera, thrown);
      await this.#start(camera, profile, signal);
    }
  }

  /** The program that went astray has named all cameras there are. Otherwise they are listed, where that disturbs nobody. */
  #findAgain(camera: number, { rpicamNumber, foundByNumber }: Source): boolean {
    const { catalogue, mayList } = this.#o;
    catalogue.learn(foundByNumber);
    const known = catalogue.knownRpicamNumber(camera);
    if (known !== null && known !== rpicamNumber) return true;
    if (mayList()) catalogue.forget();
    return mayList();
  }

  /** What was said of it stands, unless that spoke of another camera. */
  #notConnected(camera: number, thrown: unknown): AppError {
    const { catalogue } = this.#o;
    if (catalogue.knownRpicamNumber(camera) !== null) return toAppError(thrown);
    const message = `Camera ${camera} (${catalogue.camera(camera).id}) is not connected. Check its cable.`;
    return new AppError("cameraGone", message, { cause: thrown });
  }

  /** Rejects `cameraGone` also where it would have to be listed, and that would disturb another camera (I8). */
  async #resolve(camera: number, signal: AbortSignal): Promise<number> {
    const { catalogue, mayList } = this.#o;
    const likely = mayList() ? await catalogue.resolve(camera, signal) : catalogue.likelyRpicamNumber(camera);
    if (likely !== null) return likely;
    const message = `Camera ${camera} was not found. It is looked for again when no camera runs.`;
    throw new AppError("cameraGone", message);
  }

  async #start(camera: number, profile: Profile, signal: AbortSignal): Promise<void> {
    if (this.#running !== null) throw new AppError("internal", "A camera runs already.");
    this.check(camera);
    const { catalogue, driver, leases, pausable, records, clock, log } = this.#o;
    const rpicamNumber = await this.#resolve(camera, signal);
    const lease = await leases.acquire(camera, signal);
    const source = new Source({
      camera,
      cameraId: catalogue.camera(camera).id,
      command: driver.vidCommand(rpicamNumber, profile, pausable === true ? "record" : undefined),
      profile,
      ladder: this.#ladder,
      records,
      clock,
      log: log.child({ part: "camera", camera }),
    });
    this.#running = { source, lease };
    // One that ended by itself holds nothing any more, however long the next attempt is waited for.
    void source.exited.then(() => {
      if (source.isGone) lease.release();
    });
    await unlessAborted(this.#firstFrame(source, profile), signal).catch((thrown: unknown) =>
      this.#withHolder(camera, thrown),
    );
    catalogue.learn(source.foundByNumber);
  }

  /** Rejects in any case; whose camera is busy is told by whom. */
  async #withHolder(camera: number, thrown: unknown): Promise<never> {
    if (toAppError(thrown).code !== "cameraBusy") throw thrown;
    const { catalogue, driver } = this.#o;
    throw await cameraBusy(camera, await driver.devicePaths(catalogue.camera(camera).id));
  }

  /** A picture of another size is an answer, too: none of the right one follows. */
  async #firstFrame(source: Source, profile: Profile): Promise<void> {
    let onWarning!: (warning: SourceWarning) => void;
    const refused = new Promise<never>((_, reject) => {
      onWarning = (warning) => {
        if (warning.kind !== "wrongSize" || warning.width === 0) return;
        this.#o.refused.note(source.cameraId ?? "", profile);
        const wanted = `${profile.width}x${profile.height}`;
        const message = `Camera ${source.camera} gives ${warning.width}x${warning.height} where ${wanted} was asked for.`;
        reject(new AppError("sizeRefused", message));
      };
    });
    source.on("warning", onWarning);
    try {
      await Promise.race([source.firstFrame, refused]);
    } finally {
      source.off("warning", onWarning);
    }
  }
}

/** In the words of the error table. */
export function whyEnded(exit: SourceExit): Reason {
  if (exit.error !== undefined) return { code: exit.error.code, message: exit.error.message };
  return { code: "cameraExited", message: `The camera program ended (${exitWords(exit)}).` };
}

/**
 * The listener goes with the wait: Node keeps a combined signal, and all that its listeners know, for as long as it has
 * one and is not aborted. Left there, it kept a frame of every switch.
 */
async function unlessAborted<Value>(wait: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(toAppError(signal.reason));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([wait, aborted]);
  } finally {
    settled.abort();
  }
}
