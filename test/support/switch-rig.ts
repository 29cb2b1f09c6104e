/**
 * The real switcher with pipeline, simulated cameras, encoder and publisher, in the test's own process: a test is told
 * of each step before it begins. Whoever opens it closes it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layGround, type Ground } from "../../server/app/ground.js";
import { cameraChannel, channelDirectory, mainChannel, openChannel } from "../../server/app/open-channel.js";
import { openPipelines, type Pipelines } from "../../server/app/pipelines.js";
import { setFault, type FaultInput } from "../../server/camera/simulated/faults.js";
import { readSources, resolveSettings } from "../../server/config/load.js";
import type { frameRates, Profile } from "../../server/config/profile.js";
import type { SettingsInput } from "../../server/config/schema.js";
import { SafetyGuard } from "../../server/guard/safety-guard.js";
import { systemClock as clock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import type { Channel } from "../../server/stream/channel.js";
import { CameraSwitcher, type SwitchPipeline } from "../../server/switch/camera-switcher.js";
import type { Run } from "../../server/switch/machine.js";
import { Receipts } from "../../server/switch/receipts.js";
import type { DualCamera } from "../../server/switch/dual-camera.js";
import type { CameraMode, Receipt, Step } from "../../server/switch/switch-types.js";
import { SourceWatch } from "./source-watch.js";
import { until } from "./until.js";

/** Quick cameras and short limits: what is tested is the order of things, not their length. */
const settings = {
  cameras: { driver: "simulated", simulated: { startMs: 60, stopMs: 30 } },
  switch: { firstFrameMs: 2000, stopMs: 300, terminateMs: 150 },
  nginx: { managed: false },
} as const satisfies SettingsInput;

const small = { width: 320, height: 240 } as const;

export interface RigOptions {
  readonly times?: SettingsInput["switch"];
  readonly fps?: (typeof frameRates)[number];
  /** Of the pictures of both cameras; default: small ones, which cost least. */
  readonly size?: Pick<Profile, "width" | "height">;
  /** How long parts stay on tmpfs after they left the playlist. */
  readonly keepSeconds?: number;
  /** Whether the cameras are off because nobody watches. */
  readonly isResting?: () => boolean;
}

export class SwitchRig {
  readonly #folder: string;
  readonly #ground: Ground;
  readonly #channel: Channel;
  readonly #pipelines: Pipelines;
  readonly #switcher: CameraSwitcher;
  readonly watch: SourceWatch;
  /** Called before each step of a switch begins. */
  onStep: (step: Step, run: Run) => Promise<void> = () => Promise.resolve();

  /** `times` are laid over the short limits; `fps` and `size` are those of both cameras. */
  static async open(options: RigOptions = {}): Promise<SwitchRig> {
    const { times = {}, fps = 15, size = small, keepSeconds = 30, isResting = () => false } = options;
    const folder = mkdtempSync(join(tmpdir(), "switch-rig-"));
    const live = mkdtempSync("/dev/shm/smart-toggle-rig-");
    const file = join(folder, "settings.json");
    const cameras = { ...settings.cameras, profiles: { 0: { ...size, fps }, 1: { ...size, fps } } };
    writeFileSync(
      file,
      JSON.stringify({
        ...settings,
        cameras,
        hls: { keepSeconds },
        switch: { ...settings.switch, ...times },
        paths: { state: join(folder, "state"), live },
      }),
    );
    const sources = readSources({ file, env: {} });
    const ground = await layGround(sources, resolveSettings(sources).settings, silentLog, () => undefined);
    const channel = await openChannel(ground, mainChannel);
    const guard = new SafetyGuard({ limits: ground.store.settings.guard, clock, log: silentLog });
    const receipts = new Receipts(ground.database.connection, silentLog);
    const pipelines = await openPipelines(ground, channel, guard, receipts, isResting);
    return new SwitchRig(folder, ground, channel, pipelines, receipts);
  }

  private constructor(folder: string, ground: Ground, channel: Channel, pipelines: Pipelines, receipts: Receipts) {
    this.#folder = folder;
    this.#pipelines = pipelines;
    this.#ground = ground;
    this.#channel = channel;
    this.#switcher = new CameraSwitcher({
      pipeline: this.#telling(pipelines.pipeline),
      receipts,
      deadlineMs: ground.store.settings.switch.deadlineMs,
      clock,
      log: silentLog,
    });
    this.watch = new SourceWatch(() => process.pid, ground.live);
  }

  /** Switches, or goes back, and gives the receipt; null when the camera was live already. */
  switchTo(camera: number): Promise<Receipt | null> {
    return this.#request(camera);
  }

  /** Changes the mode; `camera` is the first one where none is live. */
  changeMode(mode: CameraMode, camera = 0): Promise<Receipt | null> {
    return this.#request(camera, mode);
  }

  turnOff(): Promise<Receipt | null> {
    return this.#request(null);
  }

  /** The camera that is live; -1: none is, or a switch runs. */
  get live(): number {
    const { state } = this.#switcher;
    return state.kind === "idle" ? state.live : -1;
  }

  /** Whether a switch to this camera would be warm. */
  isWarm(camera: number): boolean {
    return this.#pipelines.standby?.isReady(camera, this.#ground.store.profileOf(camera)) === true;
  }

  /** The mode in force. */
  get mode(): CameraMode {
    return this.#pipelines.pipeline.mode;
  }

  /** What there is of a camera in dual mode. */
  dualCamera(camera: number): DualCamera {
    const found = this.#pipelines.cameras()[camera];
    if (found === undefined) throw new Error(`There is no camera ${camera}.`);
    return found;
  }

  /** Of a camera's own channel. */
  directoryOf(camera: number): string {
    return channelDirectory(this.#ground.live, cameraChannel(camera));
  }

  async #request(camera: number | null, mode?: CameraMode): Promise<Receipt | null> {
    const how = mode === undefined ? { reload: false } : { reload: true, mode };
    const answer = this.#switcher.request(camera, mode === undefined ? "user" : "mode", how);
    if (answer.alreadyLive) return null;
    const receipt = await answer.receipt;
    return receipt.outcome === "alreadyLive" ? null : receipt;
  }

  /** Of the public playlist and its media. */
  get directory(): string {
    return channelDirectory(this.#ground.live, mainChannel);
  }

  /** The channel `main`. */
  get channel(): Channel {
    return this.#channel;
  }

  /** The encoder that is fed now. */
  get encoderPid(): number | undefined {
    const generation = this.#channel.generation;
    return generation?.isFeeding === true ? generation.encoder.pid : undefined;
  }

  setFault(camera: number, fault: FaultInput | null): Promise<void> {
    return setFault(join(this.#ground.live, "simulated"), camera, fault);
  }

  /** A fresh picture of any camera, or of this one, behind which nothing is going on any more. */
  async picture(camera?: number): Promise<void> {
    await until(`a picture of camera ${camera ?? "0 or 1"}`, 45_000, () => {
      const { state } = this.#switcher;
      const frame = this.#channel.newestFrame;
      if (state.kind !== "idle" || frame === null || (camera !== undefined && state.live !== camera)) return false;
      return clock.monotonicMs() - frame.arrivedMs < 300 && this.#channel.standIn === "none";
    });
  }

  async close(): Promise<void> {
    this.watch.stop();
    await this.#pipelines.close();
    await this.#switcher.close();
    this.#ground.database.close();
    for (const folder of [this.#folder, this.#ground.live]) rmSync(folder, { recursive: true, force: true });
  }

  #telling(pipeline: SwitchPipeline): SwitchPipeline {
    return {
      runStep: async (step, run, signal) => {
        await this.onStep(step, run);
        return pipeline.runStep(step, run, signal);
      },
      sourceLost: () => pipeline.sourceLost(),
      usableCameras: () => pipeline.usableCameras(),
      awaitRecovery: (camera, reason) => {
        pipeline.awaitRecovery(camera, reason);
      },
      close: () => pipeline.close(),
    };
  }
}
