/**
 * What the routes ask of the product. Each method is one story: check, then let the part that owns the matter act, then
 * write down what lasts. Owns nothing; the composition root closes the parts.
 */
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { RotationSettings, SettingsInput } from "../config/schema.js";
import { tlsFiles } from "../config/tls-files.js";
import type { SettingsStore } from "../config/settings-store.js";
import type { StateManager } from "../config/state-manager.js";
import type { Incidents } from "../guard/ledger/incidents.js";
import type {
  LiveService,
  PageRequest,
  ProtectionService,
  ServiceEvents,
  SmartToggleService,
  SwitchRequestOutcome,
} from "../http/service.js";
import type { RecordingService } from "../http/service-recording.js";
import type { ViewerCounter } from "../http/viewers.js";
import type {
  CameraView,
  Mode,
  ModeView,
  ProfileChange,
  ProfilePatch,
  Receipt,
  ReceiptPage,
  RotationView,
  RuntimeSettingsPatch,
  SettingsChange,
  SettingsView,
  Status,
  StatusChange,
} from "../http/wire.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import { version } from "../lib/package-root.js";
import type { Channel } from "../stream/channel.js";
import type { EncoderChoice } from "../stream/encoder-choice.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { DualCamera } from "../switch/dual-camera.js";
import type { ModePipeline } from "../switch/mode-pipeline.js";
import type { Receipts } from "../switch/receipts.js";
import type { Rest } from "../switch/rest.js";
import type { Rotation } from "../switch/rotation.js";
import { allowedMode } from "./protection/guarding.js";
import { ModeChanges } from "./mode-changes.js";
import { SettingsChanges } from "./settings-changes.js";
import { cameraChannelView, channelView, modeInForce, switchView } from "./views.js";
import type { Recordings } from "./recording/recordings.js";

export interface ServiceParts {
  readonly store: SettingsStore;
  readonly state: StateManager;
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly pipeline: ModePipeline;
  /** Of dual mode: those that are known now, and all that may be. */
  readonly cameras: () => readonly DualCamera[];
  readonly allCameras: readonly DualCamera[];
  readonly switcher: CameraSwitcher;
  readonly receipts: Receipts;
  readonly rotation: Rotation;
  readonly channel: Channel;
  readonly encoders: EncoderChoice;
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly recordings: Recordings;
  readonly viewers: ViewerCounter;
  readonly rest: Rest;
  readonly incidents: Incidents;
  readonly clock: Clock;
}

export class Service implements SmartToggleService {
  readonly changes = new EventEmitter<ServiceEvents>();
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly recordings: RecordingService;
  readonly #p: ServiceParts;
  readonly #settings: SettingsChanges;
  readonly #modes: ModeChanges;
  readonly #startedAt: number;

  constructor(parts: ServiceParts) {
    this.#p = parts;
    this.protection = parts.protection;
    this.liveViews = parts.liveViews;
    this.recordings = parts.recordings;
    this.#startedAt = parts.clock.epochMs();
    this.#settings = new SettingsChanges(parts);
    this.#modes = new ModeChanges(parts);
    parts.recordings.steer({
      change: (settings) => this.#settings.apply(settings, "api"),
      mode: () => this.mode(),
      setMode: (mode) => this.setMode(mode),
    });
    parts.recordings.on("changed", () => {
      this.tell({ recording: this.recordings.status() });
    });
    this.#settings.on("changed", (keys) => {
      if (keys.some((key) => key.startsWith("recording."))) parts.recordings.configured(keys);
      const settled = { rotation: this.rotation(), rest: this.#restView() };
      this.tell({ cameras: this.cameras(), channels: this.#channels(), ...settled });
    });
    // One listener for each open event stream.
    this.changes.setMaxListeners(0);
    parts.switcher.on("changed", () => {
      this.#onSwitcherChange();
    });
    parts.switcher.on("receipt", (receipt) => this.changes.emit("receipt", receipt));
    parts.rest.on("changed", () => {
      this.tell({ rest: this.#restView() });
    });
    for (const { switcher, channel } of parts.allCameras) {
      switcher.on("changed", () => {
        // A camera that comes late, or back, may be the one that rotation lacks.
        if (parts.switcher.state.kind === "idle" && parts.rotation.nextInMs === null) parts.rotation.restart();
        this.tell({ channels: this.#channels() });
      });
      // Negative ones belong to the receipt of a change of mode.
      switcher.on("receipt", (receipt) => receipt.id > 0 && this.changes.emit("receipt", receipt));
      channel.on("changed", () => {
        this.tell({ channels: this.#channels() });
      });
    }
    parts.incidents.on("incident", (incident) => this.changes.emit("incident", incident));
    parts.channel.on("changed", () => {
      this.tell({ channels: this.#channels() });
    });
  }

  /** Sends these fields of the status to everyone who listens. */
  tell(change: StatusChange): void {
    this.changes.emit("change", change);
  }

  /** What changes all the time; to be called each second. */
  heartbeat(): void {
    const { clock, viewers } = this.#p;
    this.tell({
      now: clock.epochMs(),
      channels: this.#channels(),
      switch: switchView(this.#p.switcher),
      rotation: this.rotation(),
      ...this.#protectionView(),
      recording: this.recordings.status(),
      viewers: viewers.count,
    });
  }

  status(): Status {
    const { clock, driver, encoders, viewers } = this.#p;
    const encoder = { taken: encoders.taken, why: encoders.why };
    return {
      service: { version, startedAt: this.#startedAt, driver: driver.kind, encoder },
      now: clock.epochMs(),
      ...this.#modeView(),
      cameras: this.cameras(),
      channels: this.#channels(),
      switch: switchView(this.#p.switcher),
      rotation: this.rotation(),
      ...this.#protectionView(),
      recording: this.recordings.status(),
      viewers: viewers.count,
      rest: this.#restView(),
    };
  }

  attend(): void {
    this.#p.rest.wake("somebody opened the page");
  }

  async certificate(): Promise<string | null> {
    const { settings } = this.#p.store;
    const files = settings.tls.mode === "self-made" ? tlsFiles(settings) : null;
    return files === null ? null : readFile(files.certificate, "utf8");
  }

  requestSwitch(camera: number): SwitchRequestOutcome {
    this.#p.catalogue.camera(camera);
    if (this.mode() === "off") throw new AppError("modeForbids", "The cameras are off. Turn them on first.");
    const { level, reason } = this.protection.guard();
    if (level === "stopped")
      throw new AppError("guardStopped", reason?.message ?? "The guard has stopped the cameras.");
    this.#p.rest.wake("somebody switches");
    const { switcher } = this.#p;
    // Nothing runs while the cameras rest: they come back in the mode that was asked for.
    const mode = allowedMode(this.mode(), this.protection.guard().rung);
    const how = switcher.state.kind === "off" ? { reload: false, mode } : undefined;
    return switcher.request(camera, "user", how);
  }

  receipts({ limit, before }: PageRequest): ReceiptPage {
    const receipts = this.#p.receipts.list({ limit: limit + 1, ...(before !== undefined && { before }) });
    const shown = receipts.slice(0, limit);
    return { receipts: shown, next: receipts.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  receipt(id: number): Receipt | undefined {
    return this.#p.receipts.get(id);
  }

  cameras(): CameraView[] {
    return this.#settings.cameras();
  }

  changeProfile(camera: number, patch: ProfilePatch): Promise<ProfileChange> {
    return this.#settings.changeProfile(camera, patch);
  }

  async reorderCameras(ids: readonly string[]): Promise<readonly CameraView[]> {
    await this.#settings.reorderCameras(ids);
    return this.cameras();
  }

  rotation(): RotationView {
    const { rotation } = this.#p;
    return { ...rotation.settings, nextInMs: rotation.nextInMs };
  }

  async setRotation(rotation: RotationSettings): Promise<RotationView> {
    await this.#settings.apply({ rotation }, "api");
    return this.rotation();
  }

  mode(): Mode {
    return this.#p.state.mode;
  }

  setMode(mode: Mode): Promise<ModeView> {
    return this.#modes.change(mode, () => {
      this.#tellMode();
    });
  }

  /** Called with the dotted keys that changed while the service ran. */
  onSettings(listener: (keys: readonly string[]) => void): void {
    this.#settings.on("changed", listener);
  }

  settings(): SettingsView {
    const { settings, origins } = this.#p.store;
    return { values: settings, origins: Object.fromEntries(origins) };
  }

  changeSettings(patch: RuntimeSettingsPatch): Promise<SettingsChange> {
    return this.#settings.apply(patch, "api");
  }

  exportSettings(): SettingsInput {
    return this.#p.store.exportAll();
  }

  importSettings(document: SettingsInput): Promise<SettingsChange> {
    return this.#settings.apply(document, "file");
  }

  #onSwitcherChange(): void {
    const { switcher, rotation } = this.#p;
    if (switcher.state.kind !== "idle") rotation.stop();
    else if (rotation.nextInMs === null) rotation.restart();
    const mode = this.#modeView();
    this.tell({ ...mode, switch: switchView(switcher), rotation: this.rotation(), channels: this.#channels() });
  }

  #protectionView(): Pick<Status, "resources" | "guard" | "availability" | "drill"> {
    const { protection } = this;
    return {
      resources: protection.resources(),
      guard: protection.guard(),
      availability: protection.availability(),
      drill: protection.drill(),
    };
  }

  #restView(): Status["rest"] {
    const { isResting, stopAfterSeconds } = this.#p.rest;
    return { resting: isResting, stopAfterSeconds };
  }

  #channels(): Status["channels"] {
    const { channel, clock, store } = this.#p;
    const nowMs = clock.monotonicMs();
    const { frozenMs } = store.settings.health;
    const own = this.#p.cameras().filter(({ isOn }) => isOn);
    return [channelView(channel, nowMs, frozenMs), ...own.map((one) => cameraChannelView(one, nowMs, frozenMs))];
  }

  #modeView(): Pick<Status, "mode" | "modeInForce"> {
    const asked = this.mode();
    const { pipeline, switcher } = this.#p;
    const isOff = switcher.state.kind === "off";
    return {
      mode: asked,
      modeInForce: modeInForce({ asked, inForce: pipeline.mode, isOff, guard: this.protection.guard() }),
    };
  }

  #tellMode(): void {
    this.tell({ ...this.#modeView(), channels: this.#channels() });
  }
}
