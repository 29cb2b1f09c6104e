/**
 * What the routes ask of the product. Each method is one story: check, then let the part that owns the matter act, then
 * write down what lasts. Owns nothing; the composition root closes the parts.
 */
import { EventEmitter } from "node:events";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { CameraDriver } from "../camera/driver.js";
import type { Profile } from "../config/profile.js";
import type { RotationSettings, SettingsInput } from "../config/schema.js";
import type { SettingsStore } from "../config/settings-store.js";
import type { StateManager } from "../config/state-manager.js";
import type { ResourceMonitor } from "../guard/resource-monitor.js";
import type { ServiceEvents, SmartToggleService, SwitchRequestOutcome } from "../http/service.js";
import type { ViewerCounter } from "../http/viewers.js";
import type {
  CameraView,
  Mode,
  ModeView,
  ProfileChange,
  ProfilePatch,
  Receipt,
  ReceiptPage,
  Resources,
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
import type { CameraSwitcher, RequestAnswer } from "../switch/camera-switcher.js";
import type { Pipeline } from "../switch/pipeline.js";
import type { Receipts } from "../switch/receipts.js";
import type { Rotation } from "../switch/rotation.js";
import { cameraViews, channelView, switchView } from "./views.js";

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
  readonly monitor: ResourceMonitor;
  readonly viewers: ViewerCounter;
  readonly clock: Clock;
}

export class Service implements SmartToggleService {
  readonly changes = new EventEmitter<ServiceEvents>();
  readonly #p: ServiceParts;
  readonly #startedAt: number;

  constructor(parts: ServiceParts) {
    this.#p = parts;
    this.#startedAt = parts.clock.epochMs();
    // One listener for each open event stream.
    this.changes.setMaxListeners(0);
    parts.switcher.on("changed", () => {
      this.#onSwitcherChange();
    });
    parts.switcher.on("receipt", (receipt) => this.changes.emit("receipt", receipt));
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
      resources: this.resources(),
      viewers: viewers.count,
    });
  }

  status(): Status {
    const { clock, driver, viewers } = this.#p;
    return {
      service: { version, startedAt: this.#startedAt, driver: driver.kind },
      now: clock.epochMs(),
      mode: this.mode(),
      cameras: this.#cameras(),
      channels: this.#channels(),
      switch: switchView(this.#p.switcher),
      rotation: this.rotation(),
      resources: this.resources(),
      viewers: viewers.count,
    };
  }

  requestSwitch(camera: number): SwitchRequestOutcome {
    this.#p.catalogue.camera(camera);
    if (this.mode() === "off") throw new AppError("modeForbids", "The cameras are off. Turn them on first.");
    return this.#p.switcher.request(camera, "user");
  }

  receipts({ limit, before }: { readonly limit: number; readonly before?: number }): ReceiptPage {
    const receipts = this.#p.receipts.list({ limit: limit + 1, ...(before !== undefined && { before }) });
    const shown = receipts.slice(0, limit);
    return { receipts: shown, next: receipts.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  receipt(id: number): Receipt | undefined {
    return this.#p.receipts.get(id);
  }

  cameras(): readonly CameraView[] {
    return this.#cameras();
  }

  async changeProfile(camera: number, patch: ProfilePatch): Promise<ProfileChange> {
    this.#p.catalogue.camera(camera);
    const profile: Profile = { ...this.#p.store.profileOf(camera), ...patch };
    const document = { cameras: { profiles: { [camera]: profile } } };
    this.#p.store.preview(document);
    const { state } = this.#p.switcher;
    const receipt = state.kind === "idle" && state.live === camera ? await this.#tryProfile(camera, profile) : null;
    if (receipt === null || receipt.outcome === "committed") this.#p.store.change(document, "api");
    this.tell({ cameras: this.#cameras(), channels: this.#channels() });
    return { camera: this.#cameraView(camera), receipt };
  }

  async reorderCameras(ids: readonly string[]): Promise<readonly CameraView[]> {
    const { catalogue, store, switcher } = this.#p;
    const former = catalogue.cameras().map(({ id }) => id);
    if (ids.every((id, number) => id === former[number])) return this.#cameras();
    // Label, flips and the like belong to the camera, not to its number.
    const profiles = Object.fromEntries(ids.map((id, number) => [number, this.#p.store.profileOf(former.indexOf(id))]));
    const document = { cameras: { order: [...ids], profiles } };
    store.preview(document);
    catalogue.reorder(ids);
    store.change(document, "api");
    this.tell({ cameras: this.#cameras() });
    const { state } = switcher;
    if (state.kind === "idle") await finished(switcher.request(state.live, "profile", { reload: true }));
    return this.#cameras();
  }

  rotation(): RotationView {
    const { rotation } = this.#p;
    return { ...rotation.settings, nextInMs: rotation.nextInMs };
  }

  setRotation(settings: RotationSettings): Promise<RotationView> {
    this.#p.store.change({ rotation: settings }, "api");
    this.#p.rotation.change(settings);
    this.tell({ rotation: this.rotation() });
    return Promise.resolve(this.rotation());
  }

  mode(): Mode {
    return this.#p.state.mode;
  }

  async setMode(mode: Mode): Promise<ModeView> {
    const { state, switcher } = this.#p;
    // Written down first: whatever happens from here on, a restart keeps the cameras off.
    state.mode = mode;
    this.tell({ mode });
    const target = mode === "off" ? null : this.cameraToStart();
    const receipt = await finished(switcher.request(target, "mode"));
    return { mode, receipt };
  }

  settings(): SettingsView {
    const { settings, origins } = this.#p.store;
    return { values: settings, origins: Object.fromEntries(origins) };
  }

  changeSettings(patch: RuntimeSettingsPatch): Promise<SettingsChange> {
    return this.#applyDocument(patch, "api");
  }

  exportSettings(): SettingsInput {
    return this.#p.store.exportAll();
  }

  importSettings(document: SettingsInput): Promise<SettingsChange> {
    return this.#applyDocument(document, "file");
  }

  resources(): Resources | null {
    return this.#p.monitor.latest;
  }

  /** The camera last committed, or the first usable one. */
  cameraToStart(): number {
    const { state, catalogue, pipeline } = this.#p;
    const active = state.activeCamera;
    if (active !== null && catalogue.cameras().some(({ number }) => number === active)) return active;
    return pipeline.usableCameras()[0] ?? 0;
  }

  async #tryProfile(camera: number, profile: Profile): Promise<Receipt | null> {
    return finished(this.#p.switcher.request(camera, "profile", { reload: true, profile }));
  }

  /** Takes a document of settings over as a whole and lets every part that it concerns follow. */
  async #applyDocument(document: unknown, who: "api" | "file"): Promise<SettingsChange> {
    const { store, switcher, catalogue, rotation } = this.#p;
    const { state } = switcher;
    const before = state.kind === "idle" ? this.#whatShows(state.live) : null;
    const { changed, ignored } = store.change(document, who);
    const { order } = store.settings.cameras;
    if (changed.includes("cameras.order") && order.length > 0) catalogue.reorder(order);
    if (changed.some((key) => key.startsWith("rotation."))) rotation.change(store.settings.rotation);
    this.tell({ cameras: this.#cameras(), rotation: this.rotation() });
    if (state.kind === "idle" && before !== this.#whatShows(state.live)) {
      await finished(switcher.request(state.live, "profile", { reload: true }));
    }
    return { changed: [...changed], ignored: [...ignored] };
  }

  #whatShows(camera: number): string {
    return JSON.stringify([this.#p.catalogue.camera(camera).id, this.#p.store.profileOf(camera)]);
  }

  #onSwitcherChange(): void {
    const { switcher, rotation } = this.#p;
    if (switcher.state.kind !== "idle") rotation.stop();
    else if (rotation.nextInMs === null) rotation.restart();
    this.tell({ switch: switchView(switcher), rotation: this.rotation(), channels: this.#channels() });
  }

  #cameras(): CameraView[] {
    const { catalogue, pipeline } = this.#p;
    return cameraViews({
      catalogue,
      profileOf: (camera) => this.#p.store.profileOf(camera),
      needsReboot: (camera) => pipeline.needsReboot(camera),
    });
  }

  #cameraView(camera: number): CameraView {
    const view = this.#cameras()[camera];
    if (view === undefined) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    return view;
  }

  #channels(): Status["channels"] {
    const { channel, clock, store } = this.#p;
    return [channelView(channel, clock.monotonicMs(), store.settings.health.frozenMs)];
  }
}

/** The receipt of a request, null when it needed no switch. */
async function finished(answer: RequestAnswer): Promise<Receipt | null> {
  if (answer.alreadyLive) return null;
  const end = await answer.receipt;
  return end.outcome === "alreadyLive" ? null : end;
}
