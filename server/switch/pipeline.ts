/**
 * The effects of a switch's steps on one pipeline, the one of toggle mode or that of one camera in dual mode: camera,
 * lease, channel. What a step promises stands in DESIGN's table; how long it may take, in the settings. Owns the source
 * runner and the channel, and closes both.
 */
import { setTimeout as wait } from "node:timers/promises";
import { labelOf, type Profile } from "../config/profile.js";
import { AppError, toAppError } from "../lib/errors.js";
import type { StopReport } from "../process/child.js";
import type { Source, SourceExit } from "../camera/source.js";
import type { Channel } from "../stream/channel.js";
import type { Showing } from "../stream/showing.js";
import type { SwitchPipeline } from "./camera-switcher.js";
import { drain } from "./drain.js";
import { targetOf, type Run } from "./machine.js";
import { SourceRunner, whyEnded, type RunningSource, type SourceRunnerOptions } from "./source-runner.js";
import { nextCamera } from "./rotation.js";
import type { Reason, Step } from "./switch-types.js";
import type { WarmStandby } from "./warm-standby.js";

export interface PipelineOptions extends SourceRunnerOptions {
  readonly channel: Channel;
  /** The only camera that it may show; without it: any. */
  readonly only?: number;
  /** Keeps the next camera warm, so that a switch to it takes no start. */
  readonly standby?: WarmStandby;
  readonly profileOf: (camera: number) => Profile;
  /** What is allowed of a profile now; every start of a camera goes by it. */
  readonly reduce: (profile: Profile) => Profile;
  /** Why no camera is live, when a switch to none ends. */
  readonly whyOff: () => Reason;
  /** Proves on the playlist that this generation is there; rejects `verifyFailed`. Answers a note for the receipt. */
  readonly verify: (generation: number) => Promise<string | undefined>;
  /** Writes down what is live now. What it throws is noted and undoes nothing. */
  readonly commit: (run: Run) => void;
}

interface Prepared {
  readonly generation: number;
  readonly reused: boolean;
  /** What the encoder was prepared for; null before the first. */
  readonly profile: Profile | null;
}

/** Why the playlist is not shown while the cameras are off. */
export const offReason: Reason = { code: "modeForbids", message: "The cameras are turned off." };

export class Pipeline implements SwitchPipeline {
  readonly #o: PipelineOptions;
  readonly #runner: SourceRunner;
  /** The camera that was stopped last: it is what is drained. */
  #left: number | null = null;
  #prepared: Prepared = { generation: 0, reused: false, profile: null };
  /** What the live camera was started with. */
  #liveProfile: Profile | null = null;
  /** The former camera was paused by this switch, so nothing is released. */
  #isSwap = false;

  constructor(options: PipelineOptions) {
    this.#o = options;
    this.#runner = new SourceRunner({ ...options, pausable: options.pausable ?? options.standby !== undefined });
  }

  get source(): Source | null {
    return this.#runner.source;
  }

  /** Throws `cameraNeedsReboot` for a camera that hangs in the kernel. */
  check(camera: number): void {
    this.#runner.check(camera);
  }

  /** Takes over a source that runs; what the channel shows is the caller's affair. */
  adopt(running: RunningSource): void {
    this.#runner.adopt(running);
    const { reduce, profileOf } = this.#o;
    this.#liveProfile = reduce(profileOf(running.source.camera));
  }

  /** No camera is kept warm until the next commit: another pipeline wants it. */
  async endStandby(): Promise<void> {
    await this.#o.standby?.end();
  }

  /** Gives the running source away, and lets it run. Null: none runs. */
  giveAway(): RunningSource | null {
    this.#o.standby?.keep(null);
    return this.#runner.giveAway();
  }

  needsReboot(camera: number): boolean {
    return this.#runner.needsReboot(camera);
  }

  usableCameras(): readonly number[] {
    const connected = this.#o.catalogue.cameras().filter((camera) => camera.connected);
    const numbers = connected.map((camera) => camera.number).filter((camera) => !this.needsReboot(camera));
    const { only } = this.#o;
    return only === undefined ? numbers : [only];
  }

  runStep(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined> {
    const camera = targetOf(run);
    switch (step) {
      case "prepare":
        return this.#prepare(needed(camera), this.#profileFor(run), signal);
      case "stop":
        return this.#stop(camera);
      case "drain":
        return this.#drain(camera);
      case "start":
        // As prepared: what is allowed may have changed since, and camera and encoder must agree.
        return this.#start(needed(camera), this.#prepared.profile ?? this.#profileFor(run), signal);
      case "handOver":
        return camera === null ? this.#turnOff() : this.#o.channel.handOver(this.#source());
      case "verify":
        return this.prove(this.#source(), signal);
      case "commit":
        return this.#commit(run);
    }
  }

  async sourceLost(): Promise<Reason> {
    const reason = await this.#runner.lost();
    this.#o.channel.releaseSource();
    return reason;
  }

  awaitRecovery(camera: number, reason: Reason): void {
    const { channel, profileOf, reduce, log } = this.#o;
    channel.sayGone(reason.message);
    channel.showSlate(this.#showing(camera, reduce(profileOf(camera)))).catch((error: unknown) => {
      log.error("no slate can be shown", { error: String(error) });
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#runner.stop("shutting down"), this.#o.standby?.close()]);
    await this.#o.channel.close();
  }

  async #prepare(camera: number, profile: Profile, signal: AbortSignal): Promise<string | undefined> {
    this.#runner.check(camera);
    await this.#seek(camera, signal);
    this.#prepared = { ...(await this.#o.channel.prepare(this.#showing(camera, profile))), profile };
    return this.#prepared.reused ? "the encoder of this camera still runs" : undefined;
  }

  /** A camera that was not there at the last listing may be there now; to list, no camera may run. */
  async #seek(camera: number, signal: AbortSignal): Promise<void> {
    const { catalogue } = this.#o;
    const isConnected = catalogue.cameras()[camera]?.connected === true;
    if (!isConnected && this.#runner.source === null && this.#o.mayList()) await catalogue.refresh(signal);
  }

  /** A camera that was never found has no id; a slate can speak of it all the same. */
  #showing(camera: number, profile: Profile): Showing {
    const cameraId = this.#o.catalogue.cameras()[camera]?.id ?? "";
    return { camera, cameraId, label: labelOf(camera, profile), profile };
  }

  async #stop(target: number | null): Promise<string | undefined> {
    this.#isSwap = target !== null && (await this.#swapOut(target));
    if (this.#isSwap) return "paused, and its frames stay away";
    // A cold switch is cold: what was kept warm goes too, and no two sources run (I1).
    const [stopped] = await Promise.all([this.#runner.stop("switch"), this.#o.standby?.end()]);
    this.#o.channel.releaseSource();
    if (stopped === null) return "no camera ran";
    const { camera, report } = stopped;
    this.#left = camera;
    if (!report.gone) throw stuck(camera, report);
    return report.lastSignal === "SIGINT" ? undefined : `ended by ${report.lastSignal ?? "itself"}`;
  }

  /** Pauses the live camera if the wanted one waits. False: it still runs, or none did, and the cold way is left. */
  async #swapOut(target: number): Promise<boolean> {
    const { standby, channel } = this.#o;
    const { profile } = this.#prepared;
    const live = this.#liveProfile;
    if (standby === undefined || profile === null || live === null) return false;
    if (this.#runner.source === null || !standby.isReady(target, profile)) return false;
    const running = this.#runner.giveAway();
    if (running === null) return false;
    channel.releaseSource();
    if (await standby.pause(running, live)) return true;
    this.#runner.adopt(running);
    return false;
  }

  async #drain(target: number | null): Promise<string | undefined> {
    if (this.#isSwap) return "paused: nothing is released";
    const camera = this.#left ?? target;
    this.#left = null;
    if (camera === null) return undefined;
    const { catalogue, driver, timing } = this.#o;
    const paths = await driver.devicePaths(catalogue.camera(camera).id);
    const note = await drain({ camera, paths, timeoutMs: timing.drainMs });
    if (timing.settleMs > 0) await wait(timing.settleMs);
    return note;
  }

  async #start(camera: number, profile: Profile, signal: AbortSignal): Promise<string | undefined> {
    this.#liveProfile = profile;
    if (await this.#resume(camera, profile)) return "resumed";
    signal.throwIfAborted();
    await this.#runner.start(camera, profile, signal);
    return undefined;
  }

  /** False: it was not kept warm, or did not give a picture; then nothing of the two runs any more. */
  async #resume(camera: number, profile: Profile): Promise<boolean> {
    const { standby, log } = this.#o;
    const warm = standby?.take(camera, profile) ?? null;
    if (standby === undefined || warm === null) {
      await standby?.end();
      return false;
    }
    this.#runner.adopt(warm);
    try {
      await standby.resume(warm);
      return true;
    } catch (error) {
      log.warn("the paused camera did not go on and is started anew", { camera, error: String(error) });
      await Promise.all([this.#runner.stop("did not resume"), standby.end()]);
      return false;
    }
  }

  async #turnOff(): Promise<undefined> {
    await this.#o.channel.turnOff(this.#o.whyOff());
    return undefined;
  }

  /** Resolves when the public playlist shows what the channel shows of this source. */
  async prove(source: Source, signal: AbortSignal): Promise<string | undefined> {
    const { verifyMs } = this.#o.timing;
    // Not AbortSignal.timeout: nothing would hold it, and Node 20 may collect it before its time.
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, verifyMs);
    const limited = AbortSignal.any([signal, limit.signal]);
    // A listener, which goes with the wait: what waits for a promise of the source stays as long as the source runs.
    let onEnded!: (exit: SourceExit) => void;
    const ended = new Promise<never>((_, reject) => {
      onEnded = (exit) => {
        const { code, message } = whyEnded(exit);
        reject(new AppError(code, message));
      };
    });
    source.once("ended", onEnded);
    try {
      if (source.isGone) throw new AppError("cameraExited", "The camera ended.");
      return await Promise.race([ended, this.#proven(limited)]);
    } catch (thrown) {
      if (signal.aborted) throw toAppError(signal.reason);
      if (!limit.signal.aborted) throw thrown;
      const message = `The playlist showed no part of the new camera within ${verifyMs} ms.`;
      throw new AppError("verifyFailed", message, { cause: thrown });
    } finally {
      source.off("ended", onEnded);
      clearTimeout(timer);
    }
  }

  async #proven(signal: AbortSignal): Promise<string | undefined> {
    // Not necessarily the one prepared: an encoder that crashed meanwhile was replaced.
    const generation = this.#o.channel.generationNumber ?? 0;
    await this.#o.channel.nextPart(generation, signal);
    // One that goes on was proven when it began; its first part may have left the playlist long ago.
    const goesOn = this.#prepared.reused && generation === this.#prepared.generation;
    return goesOn ? "the same generation goes on" : this.#o.verify(generation);
  }

  async #commit(run: Run): Promise<undefined> {
    await this.#o.channel.discardPrepared();
    this.#o.commit(run);
    this.#keepNextWarm();
    return undefined;
  }

  #keepNextWarm(): void {
    const live = this.#runner.source?.camera ?? null;
    this.#o.standby?.keep(nextCamera(live, this.usableCameras()));
  }

  #profileFor(run: Run): Profile {
    const wanted = run.direction === "forward" ? run.request.profile : undefined;
    return this.#o.reduce(wanted ?? this.#o.profileOf(needed(targetOf(run))));
  }

  #source() {
    const { source } = this.#runner;
    if (source === null) throw new AppError("cameraExited", "The camera ended.");
    return source;
  }
}

function needed(camera: number | null): number {
  if (camera === null) throw new AppError("internal", "This step needs a camera.");
  return camera;
}

function stuck(camera: number, report: StopReport): AppError {
  const pids = report.stuck.map((process) => `${process.pid} (state ${process.state})`).join(", ");
  const message = `Camera ${camera} does not end, not even by SIGKILL: process ${pids}. A reboot is needed.`;
  return new AppError("cameraNeedsReboot", message);
}
