/**
 * What the routes ask of the product. Each method is one story: check, then let the part that owns the matter act, then
 * write down what lasts. Owns nothing; the composition root closes the parts.
 */
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { RotationSettings, SettingsInput } from "../config/schema.js";
import { tlsFiles } from "../config/tls-files.js";
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
import type {
  CameraView,
  ListedCamera,
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
import { AppError } from "../lib/errors.js";
import type { DualCamera } from "../switch/dual-camera.js";
import type { Receipts } from "../switch/receipts.js";
import { CameraListing } from "./camera-listing.js";
import { allowedMode } from "./protection/guarding.js";
import { ModeChanges } from "./mode-changes.js";
import { SettingsChanges } from "./settings-changes.js";
import { StatusView, type StatusParts } from "./status-view.js";
import { switchView } from "./views.js";
import type { Recordings } from "./recording/recordings.js";

export interface ServiceParts extends StatusParts {
  readonly catalogue: CameraCatalogue;
  /** Of dual mode: all that may ever be. */
  readonly allCameras: readonly DualCamera[];
  readonly receipts: Receipts;
  readonly liveViews: LiveService;
  readonly recordings: Recordings;
  readonly incidents: Incidents;
}

export class Service implements SmartToggleService {
  readonly changes = new EventEmitter<ServiceEvents>();
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly recordings: RecordingService;
  readonly #p: ServiceParts;
  readonly #settings: SettingsChanges;
  readonly #modes: ModeChanges;
  readonly #status: StatusView;
  readonly #listing: CameraListing;

  constructor(parts: ServiceParts) {
    this.#p = parts;
    this.protection = parts.protection;
    this.liveViews = parts.liveViews;
    this.recordings = parts.recordings;
    this.#status = new StatusView(parts);
    this.#listing = new CameraListing(parts.driver);
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
      const settled = { rotation: this.rotation(), rest: this.#status.rest() };
      this.tell({ cameras: this.cameras(), channels: this.#status.channels(), ...settled });
    });
    // One listener for each open event stream.
    this.changes.setMaxListeners(0);
    parts.switcher.on("changed", () => {
      this.#onSwitcherChange();
    });
    parts.switcher.on("receipt", (receipt) => this.changes.emit("receipt", receipt));
    parts.rest.on("changed", () => {
      this.tell({ rest: this.#status.rest() });
    });
    for (const { switcher, channel } of parts.allCameras) {
      switcher.on("changed", () => {
        // A camera that comes late, or back, may be the one that rotation lacks.
        if (parts.switcher.state.kind === "idle" && parts.rotation.nextInMs === null) parts.rotation.restart();
        this.tell({ channels: this.#status.channels() });
      });
      // Negative ones belong to the receipt of a change of mode.
      switcher.on("receipt", (receipt) => receipt.id > 0 && this.changes.emit("receipt", receipt));
      channel.on("changed", () => {
        this.tell({ channels: this.#status.channels() });
      });
    }
    parts.incidents.on("incident", (incident) => this.changes.emit("incident", incident));
    parts.channel.on("changed", () => {
      this.tell({ channels: this.#status.channels() });
    });
  }

  /** Sends these fields of the status to everyone who listens. */
  tell(change: StatusChange): void {
    this.changes.emit("change", change);
  }

  /** What changes all the time; to be called each second. */
  heartbeat(): void {
    this.tell(this.#status.figures());
  }

  status(): Status {
    return this.#status.whole(this.cameras());
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

  listCameras(): Promise<ListedCamera[]> {
    return this.#listing.of(this.cameras());
  }

  changeProfile(camera: number, patch: ProfilePatch): Promise<ProfileChange> {
    return this.#settings.changeProfile(camera, patch);
  }

  async reorderCameras(ids: readonly string[]): Promise<readonly CameraView[]> {
    await this.#settings.reorderCameras(ids);
    return this.cameras();
  }

  rotation(): RotationView {
    return this.#status.rotation();
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
    const mode = this.#status.mode();
    this.tell({ ...mode, switch: switchView(switcher), rotation: this.rotation(), channels: this.#status.channels() });
  }

  #tellMode(): void {
    this.tell({ ...this.#status.mode(), channels: this.#status.channels() });
  }
}
