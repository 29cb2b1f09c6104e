/**
 * The effects of a switch's steps on the one pipeline of toggle mode: camera program, lease, channel. Owns the running
 * source and its lease. What a step promises stands in DESIGN's table; how long it may take, in the settings.
 *
 * Invariant: a source is started only when the one before it is gone, as the operating system says (I1).
 */
import { setTimeout as wait } from "node:timers/promises";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { Lease, Leases } from "../camera/lease.js";
import { Source, type SourceExit } from "../camera/source.js";
import { labelOf, type Profile } from "../config/profile.js";
import type { Settings } from "../config/schema.js";
import type { Clock } from "../lib/clock.js";
import { AppError, toAppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import type { StopReport } from "../process/child.js";
import type { StopLadder } from "../process/stop-ladder.js";
import type { Channel } from "../stream/channel.js";
import type { Showing } from "../stream/generation.js";
import type { SwitchPipeline } from "./camera-switcher.js";
import { drain } from "./drain.js";
import { targetOf, type Run } from "./machine.js";
import type { Reason, Step } from "./switch-types.js";

export interface PipelineOptions {
  readonly channel: Channel;
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly leases: Leases;
  readonly timing: Settings["switch"];
  readonly profileOf: (camera: number) => Profile;
  /** Proves on the playlist that this generation is there; rejects `verifyFailed`. Answers a note for the receipt. */
  readonly verify: (generation: number) => Promise<string | undefined>;
  /** Writes down what is live now. A rejection is noted and undoes nothing. */
  readonly commit: (run: Run) => void;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

/** A running source with what it holds. */
interface Running {
  readonly source: Source;
  readonly lease: Lease;
}

const off: Reason = { code: "modeForbids", message: "The cameras are turned off." };

/** Why a source that was not stopped by a step has ended. */
const lossReasons: Partial<Record<string, Reason>> = {
  stalled: { code: "cameraStalled", message: "The camera gave no frame any more and was stopped." },
  frozen: { code: "cameraFrozen", message: "The camera gave the same picture again and again and was stopped." },
};

export class Pipeline implements SwitchPipeline {
  readonly #o: PipelineOptions;
  readonly #ladder: StopLadder;
  readonly #needReboot = new Set<number>();
  #running: Running | null = null;
  /** The camera that was stopped last: it is what is drained. */
  #left: number | null = null;
  #prepared = { generation: 0, reused: false };

  constructor(options: PipelineOptions) {
    this.#o = options;
    const { stopMs, terminateMs } = options.timing;
    this.#ladder = [
      { signal: "SIGINT", waitMs: stopMs },
      { signal: "SIGTERM", waitMs: terminateMs },
    ];
  }

  /** The running source, for those who watch it. */
  get source(): Source | null {
    return this.#running?.source ?? null;
  }

  needsReboot(camera: number): boolean {
    return this.#needReboot.has(camera);
  }

  usableCameras(): readonly number[] {
    const connected = this.#o.catalogue.cameras().filter((camera) => camera.connected);
    return connected.map((camera) => camera.number).filter((camera) => !this.#needReboot.has(camera));
  }

  runStep(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined> {
    const camera = targetOf(run);
    switch (step) {
      case "stop":
        return this.#stop();
      case "drain":
        return this.#drain(camera);
      case "commit":
        return this.#commit(run);
      case "prepare":
        return this.#prepare(this.#needed(camera), this.#profileFor(run));
      case "start":
        return this.#start(this.#needed(camera), this.#profileFor(run), signal);
      case "handOver":
        return camera === null ? this.#turnOff() : this.#handOver();
      case "verify":
        return this.#verify(signal);
    }
  }

  async sourceLost(): Promise<Reason> {
    const running = this.#running;
    if (running === null) return { code: "cameraExited", message: "No camera runs." };
    const exit = await running.source.exited;
    // Stopped by a step meanwhile: nobody lost it.
    if (this.#running !== running) return new Promise<never>(() => undefined);
    this.#letGo(running);
    const reason = lossReasons[exit.reason ?? ""] ?? whyEnded(exit);
    this.#o.channel.sayGone(reason.message);
    return reason;
  }

  awaitRecovery(camera: number, reason: Reason): void {
    this.#o.channel.sayGone(reason.message);
    const showing = this.#showing(camera, this.#o.profileOf(camera));
    this.#o.channel.showSlate(showing).catch((error: unknown) => {
      this.#o.log.error("no slate can be shown", { error: String(error) });
    });
  }

  async close(): Promise<void> {
    const running = this.#running;
    if (running !== null) await running.source.stop("shutting down", this.#ladder);
    if (running !== null) this.#letGo(running);
    await this.#o.channel.close();
  }

  async #prepare(camera: number, profile: Profile): Promise<string | undefined> {
    this.#prepared = await this.#o.channel.prepare(this.#showing(camera, profile));
    return this.#prepared.reused ? "the encoder of this camera still runs" : undefined;
  }

  #showing(camera: number, profile: Profile): Showing {
    const { id } = this.#o.catalogue.camera(camera);
    return { camera, cameraId: id, label: labelOf(camera, profile), profile };
  }

  async #stop(): Promise<string | undefined> {
    const running = this.#running;
    if (running === null) return "no camera ran";
    const report = await running.source.stop("switch", this.#ladder);
    this.#left = running.source.camera;
    this.#letGo(running, report.gone);
    if (!report.gone) throw this.#stuck(running.source.camera, report);
    return report.lastSignal === "SIGINT" ? undefined : `ended by ${report.lastSignal ?? "itself"}`;
  }

  #stuck(camera: number, report: StopReport): AppError {
    this.#needReboot.add(camera);
    const pids = report.stuck.map((process) => `${process.pid} (state ${process.state})`).join(", ");
    const message = `Camera ${camera} does not end, not even by SIGKILL: process ${pids}. A reboot is needed.`;
    return new AppError("cameraNeedsReboot", message);
  }

  async #drain(target: number | null): Promise<string | undefined> {
    const camera = this.#left ?? target;
    if (camera === null) return undefined;
    const { catalogue, driver, timing } = this.#o;
    const paths = await driver.devicePaths(catalogue.camera(camera).id);
    const note = await drain({ camera, paths, timeoutMs: timing.drainMs });
    this.#left = null;
    if (timing.settleMs > 0) await wait(timing.settleMs);
    return note;
  }

  async #start(camera: number, profile: Profile, signal: AbortSignal): Promise<string | undefined> {
    const limit = AbortSignal.timeout(this.#o.timing.firstFrameMs);
    try {
      return await this.#startWithin(camera, profile, AbortSignal.any([signal, limit]));
    } catch (thrown) {
      if (signal.aborted) throw toAppError(signal.reason);
      if (!limit.aborted) throw thrown;
      const message = `Camera ${camera} gave no picture within ${this.#o.timing.firstFrameMs} ms.`;
      throw new AppError("cameraStartTimeout", message, { cause: thrown });
    }
  }

  async #startWithin(camera: number, profile: Profile, signal: AbortSignal): Promise<undefined> {
    const { catalogue, driver, leases, records, clock, log } = this.#o;
    const rpicamNumber = await catalogue.resolve(camera, signal);
    const lease = await leases.acquire(camera, signal);
    const source = new Source({
      camera,
      cameraId: catalogue.camera(camera).id,
      command: driver.vidCommand(rpicamNumber, profile),
      profile,
      ladder: this.#ladder,
      records,
      clock,
      log: log.child({ part: "camera", camera }),
    });
    const running: Running = { source, lease };
    this.#running = running;
    try {
      await Promise.race([source.firstFrame, aborted(signal)]);
      this.#needReboot.delete(camera);
      return undefined;
    } catch (thrown) {
      if (toAppError(thrown).code === "cameraGone") catalogue.forget();
      throw thrown;
    }
  }

  async #handOver(): Promise<string | undefined> {
    return this.#o.channel.handOver(this.#runningSource());
  }

  async #turnOff(): Promise<undefined> {
    await this.#o.channel.turnOff(off);
    return undefined;
  }

  async #verify(signal: AbortSignal): Promise<string | undefined> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#o.timing.verifyMs)]);
    const source = this.#runningSource();
    const ended = source.exited.then((exit) => {
      const { code, message } = whyEnded(exit);
      throw new AppError(code, message);
    });
    try {
      return await Promise.race([ended, this.#proven(limited)]);
    } catch (thrown) {
      if (signal.aborted) throw toAppError(signal.reason);
      if (!limited.aborted) throw thrown;
      const message = `The playlist showed no part of the new camera within ${this.#o.timing.verifyMs} ms.`;
      throw new AppError("verifyFailed", message, { cause: thrown });
    }
  }

  async #proven(signal: AbortSignal): Promise<string | undefined> {
    const { generation, reused } = this.#prepared;
    await this.#o.channel.nextPart(generation, signal);
    // It was proven when it began; its first part may have left the playlist long ago.
    return reused ? "the same generation goes on" : this.#o.verify(generation);
  }

  async #commit(run: Run): Promise<string | undefined> {
    await this.#o.channel.discardPrepared();
    this.#o.commit(run);
    return undefined;
  }

  #letGo(running: Running, gone = true): void {
    if (this.#running === running) this.#running = null;
    this.#o.channel.releaseSource();
    // A camera whose program hangs in the kernel stays taken: nobody else may open it.
    if (gone) running.lease.release();
  }

  #profileFor(run: Run): Profile {
    const camera = this.#needed(targetOf(run));
    return (run.direction === "forward" ? run.request.profile : undefined) ?? this.#o.profileOf(camera);
  }

  #needed(camera: number | null): number {
    if (camera === null) throw new AppError("internal", "This step needs a camera.");
    return camera;
  }

  #runningSource(): Source {
    if (this.#running === null) throw new AppError("cameraExited", "The camera ended.");
    return this.#running.source;
  }
}

function whyEnded(exit: SourceExit): Reason {
  if (exit.error !== undefined) return { code: exit.error.code, message: exit.error.message };
  const how = exit.signal === null ? `exit code ${exit.code ?? "unknown"}` : exit.signal;
  return { code: "cameraExited", message: `The camera program ended (${how}).` };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(toAppError(signal.reason));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
