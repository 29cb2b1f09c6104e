import type { EventEmitter } from "node:events";
import type { RotationSettings, SettingsInput } from "../config/schema.js";
import type { MjpegSink } from "../live/mjpeg-client.js";
import type { WantedCamera } from "../live/mjpeg-hub.js";
import type { SnapshotSource } from "../live/snapshot.js";
import type {
  AlreadyLive,
  CameraView,
  ListedCamera,
  Mode,
  ModeView,
  ProfileChange,
  ProfilePatch,
  Reason,
  Receipt,
  ReceiptPage,
  RotationView,
  RuntimeSettingsPatch,
  SettingsChange,
  SettingsView,
  Status,
  StatusChange,
} from "./wire.js";
import type { RecordingService } from "./service-recording.js";
import type { LiveClients } from "./wire-live.js";
import type {
  Availability,
  Counts,
  DrillName,
  DrillView,
  GapPage,
  GuardView,
  Incident,
  IncidentPage,
  ResourceHistory,
  Resources,
} from "./wire-protection.js";

/** Answer to a request to switch. `id` is null while the request waits behind a running switch. */
export type SwitchRequestOutcome =
  | { readonly alreadyLive: true; readonly live: number | null }
  | {
      readonly alreadyLive: false;
      readonly id: number | null;
      /**
       * Resolves with the complete receipt, whatever its outcome, or with `alreadyLive` when the switch it waited for
       * brought the wanted camera; rejects `superseded`, `shuttingDown`.
       */
      readonly receipt: Promise<Receipt | AlreadyLive>;
    };

export interface ServiceEvents {
  /** Some of Status's top-level fields, whole; at least once a second (heartbeat). */
  change: [StatusChange];
  /** At the end of each switch. */
  receipt: [Receipt];
  /** When one begins, and again when it ends. */
  incident: [Incident];
}

/** A page of a list that is kept newest first; `before` is the id from which (exclusive) older ones are wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly before?: number;
}

export interface GapRequest extends PageRequest {
  /** Only of this channel; without it: of all. */
  readonly channel?: string;
}

/**
 * What the routes need from the product; the composition root implements it. Bodies arrive validated by the schemas of
 * wire.ts. Methods throw (or reject with) AppError and have then changed nothing.
 */
export interface SmartToggleService {
  readonly changes: EventEmitter<ServiceEvents>;
  readonly protection: ProtectionService;
  readonly liveViews: LiveService;
  readonly recordings: RecordingService;

  status(): Status;

  /** The certificate that the service made for itself, as PEM; null: it made none. */
  certificate(): Promise<string | null>;
  /** Somebody opened the page: cameras that rest are woken. */
  attend(): void;

  /** Throws `unknownCamera`, `modeForbids`, `guardStopped`, `shuttingDown`. */
  requestSwitch(camera: number): SwitchRequestOutcome;
  receipts(page: PageRequest): ReceiptPage;
  receipt(id: number): Receipt | undefined;

  cameras(): readonly CameraView[];
  /** The same, with the programs of others that hold them. */
  listCameras(): Promise<readonly ListedCamera[]>;
  /**
   * Changes some fields of a profile and keeps the rest. If the camera is live, a switch with trigger `profile` follows
   * and its receipt is answered; else null. Rejects `unknownCamera`, `setByEnvironment`.
   */
  changeProfile(camera: number, patch: ProfilePatch): Promise<ProfileChange>;
  /** Gives the cameras the numbers of their place in `ids`. Rejects `badRequest` unless it names each known id once. */
  reorderCameras(ids: readonly string[]): Promise<readonly CameraView[]>;

  rotation(): RotationView;
  setRotation(rotation: RotationSettings): Promise<RotationView>;

  mode(): Mode;
  /**
   * The receipt is null when the mode was that already, or while the guard lets no camera start. Rejects `tooFewCameras`,
   * `guardForbids` and `drillRunning` (dual mode, before any effect), `superseded`, `stateUnusable`.
   */
  setMode(mode: Mode): Promise<ModeView>;

  settings(): SettingsView;
  /** Only run-time keys (see `runtimeSettingsPatchSchema`). Rejects `setByEnvironment`. */
  changeSettings(patch: RuntimeSettingsPatch): Promise<SettingsChange>;
  /** A settings.json that `importSettings`, or `--config`, takes. */
  exportSettings(): SettingsInput;
  /** Applies the run-time keys of the document whole; all others that differ are named in `ignored`. */
  importSettings(document: SettingsInput): Promise<SettingsChange>;
}

/** A page that is not JSON. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** What the routes need to know, and may ask, of the product's protection. */
export interface ProtectionService {
  /** Null before the first sample. */
  resources(): Resources | null;
  /** The last so many minutes, ten at the most. */
  resourceHistory(minutes: number): ResourceHistory;
  guard(): GuardView;
  incidents(page: PageRequest): IncidentPage;
  gaps(page: GapRequest): GapPage;
  availability(): Availability;
  /** The last so many hours, oldest first; 720 at the most. */
  counts(hours: number): Counts;
  /** Everything that Prometheus reads, as it is now. */
  metrics(): Promise<MetricsPage>;
  /** Null: none since the start. */
  drill(): DrillView | null;
  /**
   * Begins drills, one by one, and answers at once. Throws `modeForbids` unless a picture is live and the guard is at
   * `normal`, and `drillRunning` while others run.
   */
  startDrills(names: readonly DrillName[]): DrillView;
}

/** One picture of a camera. */
export interface Snapshot {
  readonly camera: number;
  readonly source: SnapshotSource;
  /** When it came from the camera, in milliseconds since the Unix epoch. */
  readonly capturedAt: number;
  readonly frameAgeMs: number;
  /** Letters, digits and hyphens; another picture has another one, over restarts too. */
  readonly tag: string;
  /** The JPEG, as it is or made smaller; it is never enlarged. Rejects `tooManyClients`. */
  inWidth(width?: number): Promise<Buffer>;
}

/** The live picture without a playlist: MJPEG streams and snapshots. */
export interface LiveService {
  /**
   * What a stream would begin with; wakes nobody. Throws `unknownCamera`, `modeForbids`, `guardStopped`, `mjpegOff`,
   * `resting`, `notLive`, `shuttingDown`.
   */
  heartbeat(wanted: WantedCamera): { readonly camera: number; readonly frameAgeMs: number };
  /**
   * Begins a stream for who watches from `address`, with the newest frame at once; wakes cameras that rest. `begin` is
   * called when it may, and writes the head. Rejects as `heartbeat` throws, and `viewersFull`.
   */
  openStream(wanted: WantedCamera, address: string, begin: () => MjpegSink): Promise<void>;
  clients(): LiveClients;
  /** Ends one stream; false when there is none of this id. */
  closeClient(id: number): boolean;
  /** Asked for from `address`; wakes cameras that rest. Rejects `unknownCamera`, `modeForbids`, `guardStopped`, `notLive`, `shuttingDown`. */
  snapshot(camera: number, address: string): Promise<Snapshot>;
}

/** The query of a request for a playlist as it came: `_HLS_msn` and `_HLS_part` are what counts. */
export type PlaylistQuery = Readonly<Record<string, unknown>>;

export type PlaylistAnswer =
  /** The same buffer for all who get the same playlist: it is compressed once. */
  | { readonly kind: "playlist"; readonly body: Buffer }
  /** 400: `_HLS_part` alone, too far ahead, or no number. */
  | { readonly kind: "refused"; readonly message: string }
  /** 404: no such channel. */
  | { readonly kind: "unknown" }
  /** 503: nothing to show, with the reason, or the wait took longer than three target durations. */
  | { readonly kind: "unavailable"; readonly reason: Reason; readonly retryAfterSeconds: number };

/** Media of all channels, as the HLS routes need them. The signal is aborted when the client has gone. */
export interface MediaSource {
  /** What is answered after the signal is not looked at. */
  playlist(channel: string, query: PlaylistQuery, signal: AbortSignal): PlaylistAnswer | Promise<PlaylistAnswer>;
  /**
   * Waits for a file that a preload hint named: `published` once it exists in the channel's folder, `absent` at once if
   * it will never come, or when it did not come in time.
   */
  media(channel: string, name: string, signal: AbortSignal): Promise<"published" | "absent">;
}
