/**
 * The effects of a switch's steps on one pipeline, the one of toggle mode or that of one camera in dual mode: camera,
 * lease, channel. What a step promises stands in DESIGN's table; how long it may take, in the settings. Owns the source
 * runner, what is kept warm beside it, and the channel, and closes them.
 */
import { setTimeout as wait } from "node:timers/promises";
import { labelOf, type Profile } from "../config/profile.js";
import { AppError } from "../lib/errors.js";
import type { StopReport } from "../process/child.js";
import type { Source } from "../camera/source.js";
import type { Channel } from "../stream/channel.js";
import type { Showing } from "../stream/showing.js";
import type { SwitchPipeline } from "./camera-switcher.js";
import { drain } from "./drain.js";
import { targetOf, type Run } from "./machine.js";
import { SourceRunner, type RunningSource, type SourceRunnerOptions } from "./source-runner.js";
import { nextCamera } from "./rotation.js";
import type { Reason, Step } from "./switch-types.js";
import type { WarmStandby } from "./warm-standby.js";
import { WarmSwap } from "./warm-swap.js";
import { whileSourceRuns } from "./while-source-runs.js";

export interface PipelineOptions extends SourceRunnerOptions {
  readonly channel: Channel;
  /** The only camera that it may show; without it: any. */
  readonly only?: number;
  /** Keeps the next camera warm, so that a switch to it takes no start. */
  readonly standby?: WarmStandby;
  readonly profileOf: (camera: number) => Profile;
  /** What is allowed of a camera's profile now; every start of it goes by that. */
  readonly reduce: (profile: Profile, camera: number) => Profile;
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
  readonly #warm: WarmSwap;
  /** The camera that was stopped last: it is what is drained. */
  #left: number | null = null;
  #prepared: Prepared = { generation: 0, reused: false, profile: null };
  /** What the live camera was started with. */
  #liveProfile: Profile | null = null;

  constructor(options: PipelineOptions) {
    this.#o = options;
    const { channel, standby, log } = options;
    this.#runner = new SourceRunner({ ...options, pausable: options.pausable ?? standby !== undefined });
    this.#warm = new WarmSwap({ standby, runner: this.#runner, channel, log });
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
    this.#liveProfile = this.#allowed(running.source.camera);
  }

  /** No camera is kept warm until the next commit: another pipeline wants it. */
  endStandby(): Promise<void> {
    return this.#warm.end();
  }

  /** Gives the running source away, and lets it run. Null: none runs. */
  giveAway(): RunningSource | null {
    this.#warm.keep(null);
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

  /** Resolves when the public playlist shows what the channel shows of this source. */
  prove(source: Source, signal: AbortSignal): Promise<string | undefined> {
    const { verifyMs: limitMs } = this.#o.timing;
    const late = (cause: unknown): AppError => {
      const message = `The playlist showed no part of the new camera within ${limitMs} ms.`;
      return new AppError("verifyFailed", message, { cause });
    };
    return whileSourceRuns({ source, limitMs, late, signal }, (limited) => this.#proven(limited));
  }

  async sourceLost(): Promise<Reason> {
    const reason = await this.#runner.lost();
    this.#o.channel.releaseSource();
    return reason;
  }

  awaitRecovery(camera: number, reason: Reason): void {
    const { channel, log } = this.#o;
    channel.sayGone(reason.message);
    channel.showSlate(this.#showing(camera, this.#allowed(camera))).catch((error: unknown) => {
      log.error("no slate can be shown", { error: String(error) });
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#runner.stop("shutting down"), this.#warm.close()]);
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
    if (await this.#warm.pause(target, this.#liveProfile, this.#prepared.profile))
      return "paused, and its frames stay away";
    // A cold switch is cold: what was kept warm goes too, and no two sources run (I1).
    const [stopped] = await Promise.all([this.#runner.stop("switch"), this.#warm.end()]);
    this.#o.channel.releaseSource();
    if (stopped === null) return "no camera ran";
    const { camera, report } = stopped;
    this.#left = camera;
    if (!report.gone) throw stuck(camera, report);
    return report.lastSignal === "SIGINT" ? undefined : `ended by ${report.lastSignal ?? "itself"}`;
  }

  async #drain(target: number | null): Promise<string | undefined> {
    if (this.#warm.isPaused) return "paused: nothing is released";
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
    if (await this.#warm.resume(camera, profile)) return "resumed";
    signal.throwIfAborted();
    await this.#runner.start(camera, profile, signal);
    return undefined;
  }

  async #turnOff(): Promise<undefined> {
    await this.#o.channel.turnOff(this.#o.whyOff());
    return undefined;
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
    this.#warm.keep(nextCamera(this.#runner.source?.camera ?? null, this.usableCameras()));
    return undefined;
  }

  #profileFor(run: Run): Profile {
    const wanted = run.direction === "forward" ? run.request.profile : undefined;
    return this.#allowed(needed(targetOf(run)), wanted);
  }

  #allowed(camera: number, profile = this.#o.profileOf(camera)): Profile {
    return this.#o.reduce(profile, camera);
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
  return new AppError("cameraNeedsReboot", message, { camera });
}
