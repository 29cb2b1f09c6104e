/** The status, put together from the parts: whole, and in the pieces that change at once. It changes nothing. */
import type { CameraDriver } from "../camera/driver.js";
import type { SettingsStore } from "../config/settings-store.js";
import type { StateManager } from "../config/state-manager.js";
import type { ProtectionService } from "../http/service.js";
import type { RecordingService } from "../http/service-recording.js";
import type { ViewerCounter } from "../http/viewers.js";
import type { CameraView, RotationView, Status } from "../http/wire.js";
import type { Clock } from "../lib/clock.js";
import { version } from "../lib/package-root.js";
import type { Channel } from "../stream/channel.js";
import type { EncoderChoice } from "../stream/encoder-choice.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { DualCamera } from "../switch/dual-camera.js";
import type { ModePipeline } from "../switch/mode-pipeline.js";
import type { Rest } from "../switch/rest.js";
import type { Rotation } from "../switch/rotation.js";
import { cameraChannelView, channelView, modeInForce, switchView } from "./views.js";

export interface StatusParts {
  readonly store: SettingsStore;
  readonly state: StateManager;
  readonly driver: CameraDriver;
  readonly pipeline: ModePipeline;
  /** Of dual mode: those that are known now. */
  readonly cameras: () => readonly DualCamera[];
  readonly switcher: CameraSwitcher;
  readonly rotation: Rotation;
  readonly channel: Channel;
  readonly encoders: EncoderChoice;
  readonly protection: ProtectionService;
  readonly recordings: Pick<RecordingService, "status">;
  readonly viewers: ViewerCounter;
  readonly rest: Rest;
  readonly clock: Clock;
}

type Figures = Omit<Status, "service" | "mode" | "modeInForce" | "cameras" | "rest">;

export class StatusView {
  readonly #p: StatusParts;
  readonly #startedAt: number;

  constructor(parts: StatusParts) {
    this.#p = parts;
    this.#startedAt = parts.clock.epochMs();
  }

  whole(cameras: CameraView[]): Status {
    const { driver, encoders } = this.#p;
    const encoder = { taken: encoders.taken, why: encoders.why };
    return {
      service: { version, startedAt: this.#startedAt, driver: driver.kind, encoder },
      ...this.mode(),
      ...this.figures(),
      cameras,
      rest: this.rest(),
    };
  }

  /** What changes all the time. */
  figures(): Figures {
    const { clock, protection, recordings, switcher, viewers } = this.#p;
    return {
      now: clock.epochMs(),
      channels: this.channels(),
      switch: switchView(switcher),
      rotation: this.rotation(),
      resources: protection.resources(),
      guard: protection.guard(),
      availability: protection.availability(),
      drill: protection.drill(),
      recording: recordings.status(),
      viewers: viewers.count,
    };
  }

  rotation(): RotationView {
    const { rotation } = this.#p;
    return { ...rotation.settings, nextInMs: rotation.nextInMs };
  }

  rest(): Status["rest"] {
    const { isResting, stopAfterSeconds } = this.#p.rest;
    return { resting: isResting, stopAfterSeconds };
  }

  channels(): Status["channels"] {
    const { channel, clock, store } = this.#p;
    const nowMs = clock.monotonicMs();
    const { frozenMs } = store.settings.health;
    const own = this.#p.cameras().filter(({ isOn }) => isOn);
    return [channelView(channel, nowMs, frozenMs), ...own.map((one) => cameraChannelView(one, nowMs, frozenMs))];
  }

  mode(): Pick<Status, "mode" | "modeInForce"> {
    const { state, pipeline, switcher, protection } = this.#p;
    const isOff = switcher.state.kind === "off";
    const inForce = modeInForce({ asked: state.mode, inForce: pipeline.mode, isOff, guard: protection.guard() });
    return { mode: state.mode, modeInForce: inForce };
  }
}
