/**
 * The pipeline of channel `main` over both modes. In toggle mode it is the one pipeline there is. In dual mode each
 * camera has its own (`DualCamera`), and `main` follows the active one's channel: a switch only changes which. A change
 * of mode is a switch, too: the live camera runs on and changes its owner between two of its frames. Closes nothing that
 * it was given but the pipeline of toggle mode.
 *
 * Invariants: out of dual mode no camera of it is on, and so no second source runs (I1); the steps of a way back find
 * out themselves what is to be undone.
 */
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Channel } from "../stream/channel.js";
import type { SwitchPipeline } from "./camera-switcher.js";
import { onlyInDual, type DualCamera } from "./dual-camera.js";
import { targetOf, type Run } from "./machine.js";
import type { Pipeline } from "./pipeline.js";
import type { RunningSource } from "./source-runner.js";
import type { CameraMode, Reason, Step } from "./switch-types.js";

export interface ModePipelineOptions {
  /** The pipeline of toggle mode. */
  readonly toggle: Pipeline;
  /** The channel `main`. */
  readonly main: Channel;
  /** All cameras that dual mode can show. */
  readonly cameras: () => readonly DualCamera[];
  /** The mode that a committed run has brought. */
  readonly onMode: (mode: CameraMode, run: Run) => void;
  readonly log: Log;
}

/** Where the camera that toggle mode is to show comes from: it runs already for `main`, or in dual mode, or not at all. */
type Origin = "own" | "dual" | "anew";

export class ModePipeline implements SwitchPipeline {
  readonly #o: ModePipelineOptions;
  #mode: CameraMode = "toggle";
  /** Of the run in progress. */
  #origin: Origin = "anew";

  constructor(options: ModePipelineOptions) {
    this.#o = options;
  }

  /** The mode in force, as of the last run that was committed. */
  get mode(): CameraMode {
    return this.#mode;
  }

  needsReboot(camera: number): boolean {
    const { toggle } = this.#o;
    return toggle.needsReboot(camera) || this.#cameras.some((one) => one.camera === camera && one.needsReboot);
  }

  usableCameras(): readonly number[] {
    return this.#o.toggle.usableCameras().filter((camera) => !this.needsReboot(camera));
  }

  /** Cameras that `main` may be switched to: in dual mode those that are live. */
  switchable(): readonly number[] {
    if (this.#mode === "toggle") return this.usableCameras();
    return this.#cameras.filter(({ isLive }) => isLive).map(({ camera }) => camera);
  }

  runStep(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined> {
    const camera = targetOf(run);
    if (step === "commit") return this.#commit(run, signal);
    if (camera === null) return this.#toOff(step, run, signal);
    return this.#modeAfter(run) === "dual"
      ? this.#toDual(step, camera, run, signal)
      : this.#toToggle(step, camera, run, signal);
  }

  sourceLost(): Promise<Reason> {
    // In dual mode each camera looks after itself.
    return this.#mode === "dual" ? new Promise(() => undefined) : this.#o.toggle.sourceLost();
  }

  awaitRecovery(camera: number, reason: Reason): void {
    if (this.#o.main.followed === null) this.#o.toggle.awaitRecovery(camera, reason);
  }

  close(): Promise<void> {
    return this.#o.toggle.close();
  }

  // ── to one camera ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #toToggle(step: Step, camera: number, run: Run, signal: AbortSignal): Promise<string | undefined> {
    const { toggle } = this.#o;
    if (step === "prepare") this.#origin = this.#originOf(camera, run);
    if (step === "stop") await this.#turnOffAllBut(this.#origin === "dual" ? camera : null);
    if (this.#origin === "anew") return toggle.runStep(step, run, signal);
    if (this.#origin === "own") return step === "verify" ? "the camera was not touched" : undefined;
    if (step === "prepare") await this.#prepareAsShown(this.#o.main);
    if (step === "handOver") return this.#takeBack(this.#camera(camera));
    return step === "verify" ? toggle.runStep(step, run, signal) : undefined;
  }

  #originOf(camera: number, { request, direction }: Run): Origin {
    const changesMode = request.mode !== undefined && (request.mode !== this.#mode || direction === "forward");
    if (changesMode && this.#o.toggle.source?.camera === camera) return "own";
    const runsOn = (one: DualCamera): boolean => one.isLive && this.#o.main.followed === one.channel;
    return this.#cameras.some((one) => one.camera === camera && runsOn(one)) ? "dual" : "anew";
  }

  async #takeBack(one: DualCamera): Promise<string> {
    const { toggle, main } = this.#o;
    if (main.followed !== one.channel) throw new AppError("internal", "The channel follows another camera.");
    const running = one.giveAway();
    if (running === null) throw new AppError("cameraExited", "The camera ended.");
    toggle.adopt(running);
    await main.takeBack(running.source);
    await one.channel.turnOff(onlyInDual);
    return "the camera runs on";
  }

  // ── to all cameras ────────────────────────────────────────────────────────────────────────────────────────────────

  async #toDual(step: Step, camera: number, run: Run, signal: AbortSignal): Promise<string | undefined> {
    if (step === "prepare") return this.#prepareDual(camera, run);
    if (step === "stop") await this.#o.toggle.endStandby();
    if (step === "start") return this.#startDual(camera, run, signal);
    if (step === "handOver") return this.#followInDual(camera, signal);
    // Nothing of another camera has to go before this one can come.
    return step === "verify" ? this.#prove(signal) : undefined;
  }

  #prove(signal: AbortSignal): Promise<string | undefined> {
    const { source } = this.#o.main;
    if (source === null) throw new AppError("cameraExited", "The camera ended.");
    return this.#o.toggle.prove(source, signal);
  }

  async #prepareDual(camera: number, run: Run): Promise<undefined> {
    const one = this.#camera(camera);
    this.#o.toggle.check(camera);
    const isSwitch = this.#mode === "dual" && run.from !== null && run.direction === "forward";
    if (isSwitch && !one.isLive) {
      throw new AppError("notLive", `Camera ${camera} gives no picture now; it is being started again.`);
    }
    const running = this.#o.toggle.source;
    if (running !== null) await this.#prepareAsShown(this.#camera(running.camera).channel);
    return undefined;
  }

  /** Where a camera is live all others must come, too; where none is, the first that comes is shown. */
  async #startDual(camera: number, run: Run, signal: AbortSignal): Promise<string | undefined> {
    const runs = this.#o.toggle.source?.camera;
    const missing = this.#cameras.filter((one) => !one.isOn && one.camera !== runs);
    const mustCome = run.direction === "forward" && run.from !== null ? missing : [];
    const awaited = this.#cameras.filter(
      (one) => one.camera !== runs && (one.camera === camera || mustCome.includes(one)),
    );
    const starts = [...new Set([...missing, ...awaited])].map((one) => {
      const started = one.start();
      started.catch((error: unknown) => {
        this.#o.log.warn("a camera of dual mode did not start", { camera: one.camera, error: String(error) });
      });
      return { one, started };
    });
    await unlessAborted(
      Promise.all(starts.filter(({ one }) => awaited.includes(one)).map(({ started }) => started)),
      signal,
    );
    const names = missing.map((one) => one.camera).join(", ");
    return names === "" ? undefined : `started: camera ${names}`;
  }

  async #followInDual(camera: number, signal: AbortSignal): Promise<string | undefined> {
    const { toggle, main } = this.#o;
    const running = toggle.giveAway();
    if (running !== null) await this.#handTo(this.#camera(running.source.camera), running);
    const wanted = this.#camera(camera);
    if (main.followed === null) await this.#follow(wanted);
    if (main.followed !== wanted.channel) await main.turnTo(wanted.channel, signal);
    return running === null ? undefined : "the camera runs on";
  }

  /** Between two frames: `main` shows the source up to this moment, its camera's own channel from here on. */
  async #handTo(owner: DualCamera, running: RunningSource): Promise<void> {
    try {
      owner.adopt(running);
    } catch (error) {
      this.#o.toggle.adopt(running);
      throw error;
    }
    await this.#follow(owner);
  }

  #follow({ camera, channel }: DualCamera): Promise<void> {
    return this.#o.main.follow(channel, { camera, label: channel.showing?.label ?? `Camera ${camera}` });
  }

  // ── to none ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #toOff(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined> {
    if (step === "stop") await this.#turnOffAllBut(null);
    return this.#o.toggle.runStep(step, run, signal);
  }

  // ── common ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #commit(run: Run, signal: AbortSignal): Promise<string | undefined> {
    this.#mode = this.#modeAfter(run);
    this.#o.onMode(this.#mode, run);
    // Prepared for a change that did not come to it. What a camera that is still on its way has prepared is its own.
    const settled = this.#cameras.filter((one) => one.isLive || !one.isOn);
    await Promise.all(settled.map(({ channel }) => channel.discardPrepared()));
    if (targetOf(run) !== null && this.#mode === "toggle") await this.#endRest();
    return this.#o.toggle.runStep("commit", run, signal);
  }

  /** Cameras that went to rest in dual mode are off for another reason now: nobody is to wait for them. */
  async #endRest(): Promise<void> {
    const resting = this.#cameras.filter(({ channel }) => channel.unavailable?.code === "resting");
    await Promise.all(resting.map(({ channel }) => channel.turnOff(onlyInDual)));
  }

  #modeAfter({ request, direction }: Run): CameraMode {
    return direction === "forward" ? (request.mode ?? this.#mode) : this.#mode;
  }

  /** An encoder of a channel for exactly what `main` shows now: the source is not started anew for it. */
  async #prepareAsShown(channel: Channel): Promise<void> {
    const { showing } = this.#o.main;
    if (showing === null) throw new AppError("notLive", "No camera is shown.");
    await channel.prepare(showing);
  }

  /** All at once; the first that would not go is told of when all are done. */
  async #turnOffAllBut(camera: number | null): Promise<void> {
    const leaving = this.#cameras.filter((one) => one.isOn && one.camera !== camera);
    const ends = await Promise.allSettled(leaving.map((one) => one.turnOff()));
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  get #cameras(): readonly DualCamera[] {
    return this.#o.cameras();
  }

  #camera(camera: number): DualCamera {
    const found = this.#cameras.find((one) => one.camera === camera);
    if (found === undefined) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    return found;
  }
}

function unlessAborted<Value>(wait: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    wait.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
    });
  });
}
