/**
 * One camera of dual mode: its own channel, pipeline and switcher, which recovers it for ever and knows no other camera.
 * `ModePipeline` turns it on and off; whoever made it closes it.
 *
 * Invariant (I8): nothing here waits for another camera.
 */
import { AppError } from "../lib/errors.js";
import type { Channel } from "../stream/channel.js";
import type { CameraSwitcher } from "./camera-switcher.js";
import type { Pipeline } from "./pipeline.js";
import type { RunningSource } from "./source-runner.js";
import type { Reason } from "./switch-types.js";

export interface DualCameraOptions {
  readonly camera: number;
  readonly channel: Channel;
  readonly pipeline: Pipeline;
  readonly switcher: CameraSwitcher;
}

/** Why a camera's own channel is not shown. */
export const onlyInDual: Reason = {
  code: "modeForbids",
  message: "Each camera has a channel of its own in dual mode only.",
};

export class DualCamera {
  readonly camera: number;
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
  readonly #pipeline: Pipeline;

  constructor({ camera, channel, pipeline, switcher }: DualCameraOptions) {
    this.camera = camera;
    this.channel = channel;
    this.switcher = switcher;
    this.#pipeline = pipeline;
  }

  /** It is shown, or on its way. */
  get isOn(): boolean {
    return this.switcher.state.kind !== "off";
  }

  get isLive(): boolean {
    return this.switcher.state.kind === "idle" && this.#pipeline.source !== null;
  }

  get needsReboot(): boolean {
    return this.#pipeline.needsReboot(this.camera);
  }

  /** No camera program of its own runs. */
  get isIdle(): boolean {
    return this.#pipeline.source === null;
  }

  /** Resolves when it is live. Rejects with what went wrong at the first attempt; it goes on to try for ever. */
  async start(): Promise<void> {
    if (this.isLive) return;
    const answer = this.switcher.request(this.camera, "mode");
    if (answer.alreadyLive) return;
    const end = await answer.receipt;
    if (end.outcome === "committed" || end.outcome === "alreadyLive") return;
    const { code = "notLive", message = "" } = end.reason ?? {};
    throw new AppError(code, message);
  }

  /** Goes on with a source that another pipeline ran, in the encoder that was prepared for it. Throws without effect. */
  adopt(running: RunningSource): void {
    this.channel.takeOver(running.source);
    this.#pipeline.adopt(running);
    this.switcher.adopted(this.camera);
  }

  /** Lets another pipeline go on with its source; the channel still shows it until that one takes it. Null: none is live. */
  giveAway(): RunningSource | null {
    if (!this.isLive) return null;
    const running = this.#pipeline.giveAway();
    if (running !== null) this.switcher.givenAway();
    return running;
  }

  /** Stops its camera and turns its channel off. Rejects `cameraNeedsReboot` when the camera would not go. */
  async turnOff(): Promise<void> {
    const answer = this.switcher.request(null, "mode");
    if (!answer.alreadyLive) await answer.receipt;
    this.#pipeline.check(this.camera);
  }
}
