/**
 * What the routes ask of the product. Each method is one story: check, then let the part that owns the matter act, then
 * write down what lasts. Owns nothing; the composition root closes the parts.
 */
import { EventEmitter } from "node:events";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { RotationSettings, SettingsInput } from "../config/schema.js";
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
import type { Pipeline } from "../switch/pipeline.js";
import type { Receipts } from "../switch/receipts.js";
import type { Rest } from "../switch/rest.js";
import type { Rotation } from "../switch/rotation.js";
import { cameraToStart } from "./camera-to-start.js";
import { finished, SettingsChanges } from "./settings-changes.js";
import { channelView, switchView } from "./views.js";

export interface ServiceParts {
  readonly store: SettingsStore;
  readonly state: StateManager;
  readonly catalogue: CameraCatalogue;
  readonly driver: CameraDriver;
  readonly pipeline: Pipeline;
  readonly switcher: CameraSwitcher;
  readonly receipts: Receipts;
  readonly rotation: Rotation;
  readonly channel: Channel;
  readonly encoders: EncoderChoice;
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly viewers: ViewerCounter;
  readonly rest: Rest;
  readonly incidents: Incidents;
  readonly clock: Clock;
}

export class Service implements SmartToggleService {
  readonly changes = new EventEmitter<ServiceEvents>();
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly #p: ServiceParts;
  readonly #settings: SettingsChanges;
  readonly #startedAt: number;

  constructor(parts: ServiceParts) {
    this.#p = parts;
    this.protection = parts.protection;
    this.liveViews = parts.liveViews;
    this.#startedAt = parts.clock.epochMs();
    this.#settings = new SettingsChanges(parts);
    this.#settings.on("changed", () => {
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
      viewers: viewers.count,
    });
  }

  status(): Status {
    const { clock, driver, encoders, viewers } = this.#p;
    const encoder = { taken: encoders.taken, why: encoders.why };
    return {
      service: { version, startedAt: this.#startedAt, driver: driver.kind, encoder },
      now: clock.epochMs(),
      mode: this.mode(),
      cameras: this.cameras(),
      channels: this.#channels(),
      switch: switchView(this.#p.switcher),
      rotation: this.rotation(),
      ...this.#protectionView(),
      viewers: viewers.count,
      rest: this.#restView(),
    };
  }

  attend(): void {
    this.#p.rest.wake("somebody opened the page");
  }

  requestSwitch(camera: number): SwitchRequestOutcome {
    this.#p.catalogue.camera(camera);
    if (this.mode() === "off") throw new AppError("modeForbids", "The cameras are off. Turn them on first.");
    const { level, reason } = this.protection.guard();
    if (level === "stopped")
      throw new AppError("guardStopped", reason?.message ?? "The guard has stopped the cameras.");
    this.#p.rest.wake("somebody switches");
    return this.#p.switcher.request(camera, "user");
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

  async setMode(mode: Mode): Promise<ModeView> {
    const { state, switcher } = this.#p;
    // A request for the camera last committed would undo a switch that is under way.
    if (mode === "toggle" && state.mode === mode && switcher.state.kind !== "off") return { mode, receipt: null };
    // Written down first: whatever happens from here on, a restart keeps the cameras off.
    const problem = this.#keepMode(mode);
    this.tell({ mode });
    const receipt = await this.#follow(mode);
    if (problem !== null) throw problem;
    return { mode, receipt };
  }

  /** A disk that is full keeps nobody from turning the cameras off; that a restart undoes it is told afterwards. */
  #keepMode(mode: Mode): AppError | null {
    try {
      this.#p.state.mode = mode;
      return null;
    } catch (cause) {
      const done = `The mode is “${mode}” now, but it could not be written down: a restart undoes it.`;
      const advice = "Make room on the disk of the state folder and set it again.";
      return new AppError("stateUnusable", `${done} ${advice}`, { cause });
    }
  }

  /** The receipt of the switch that it took; null: none, or the cameras start by themselves when the guard allows it. */
  #follow(mode: Mode): Promise<Receipt | null> | null {
    if (mode === "toggle" && this.protection.guard().level === "stopped") return null;
    this.#p.rest.wake("the mode was set");
    const target = mode === "off" ? null : cameraToStart(this.#p);
    return finished(this.#p.switcher.request(target, "mode"));
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
    this.tell({ switch: switchView(switcher), rotation: this.rotation(), channels: this.#channels() });
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
    return [channelView(channel, clock.monotonicMs(), store.settings.health.frozenMs)];
  }
}
