import { EventEmitter } from "node:events";
import { defaultProfile } from "../../server/config/profile.js";
import { settingsSchema } from "../../server/config/schema.js";
import type { LiveService, ProtectionService, ServiceEvents, SmartToggleService } from "../../server/http/service.js";
import type { CameraView, Mode, Receipt, RotationView, Status } from "../../server/http/wire.js";
import { AppError } from "../../server/lib/errors.js";
import { calmRecordings } from "./calm-recordings.js";
import { calmAvailability, calmGuard } from "./calm-views.js";

export const exampleReceipt: Receipt = {
  id: 7,
  trigger: "user",
  from: 0,
  to: 1,
  requestedAt: 1_700_000_000_000,
  outcome: "committed",
  live: 1,
  reason: null,
  totalMs: 1234.5,
  steps: [{ step: "stop", direction: "forward", camera: 0, ms: 210, ok: true }],
};

function exampleCamera(number: number): CameraView {
  const label = `Camera ${number}`;
  return {
    number,
    id: `/base/cam@${number}`,
    model: "ov5647",
    connected: true,
    needsReboot: false,
    label,
    profile: defaultProfile,
  };
}

/** Nothing ever happened. */
export const calmProtection: ProtectionService = {
  resources: () => null,
  resourceHistory: () => ({ intervalMs: 1000, samples: [] }),
  guard: () => calmGuard,
  incidents: () => ({ incidents: [], next: null }),
  gaps: () => ({ gaps: [], next: null }),
  availability: () => calmAvailability,
  counts: () => ({ hours: [] }),
  metrics: () => Promise.resolve({ contentType: "text/plain; version=0.0.4; charset=utf-8", text: "up 1\n" }),
  drill: () => null,
  startDrills: () => {
    throw new AppError("modeForbids", "There is no picture.");
  },
};

/** No camera ever gave a picture. */
const darkViews: LiveService = {
  heartbeat: () => {
    throw new AppError("notLive", "There is no picture.");
  },
  openStream: () => Promise.reject(new AppError("notLive", "There is no picture.")),
  clients: () => ({ limit: 2, clients: [] }),
  closeClient: () => false,
  snapshot: () => Promise.reject(new AppError("notLive", "There is no picture.")),
};

/** A product without cameras: answers at once, and writes down every effect it was asked for. */
export class FakeService implements SmartToggleService {
  readonly changes = new EventEmitter<ServiceEvents>();
  readonly protection = calmProtection;
  liveViews = darkViews;
  recordings = calmRecordings;
  readonly effects: string[] = [];
  /** What the next switch ends with. */
  nextSwitch: () => Promise<Receipt> = () => Promise.resolve(exampleReceipt);
  nextSwitchId: number | null = exampleReceipt.id;
  frameAgeMs: number | null = 40;
  currentMode: Mode = "toggle";
  live = 0;

  status(): Status {
    return {
      service: {
        version: "0.0.0",
        startedAt: 1_700_000_000_000,
        driver: "simulated",
        encoder: { taken: "libx264", why: "" },
      },
      now: 1_700_000_001_000,
      mode: this.currentMode,
      modeInForce: { mode: this.currentMode, reason: null },
      cameras: this.cameras(),
      channels: [
        {
          name: "main",
          playlist: "/hls/main/live.m3u8",
          camera: this.live,
          generation: 1,
          frameAgeMs: this.frameAgeMs,
          frozen: false,
          standIn: "none",
          width: 640,
          height: 480,
          fps: 30,
          frames: 100,
          meanFrameBytes: 31_000,
          unusualFrames: 0,
          unavailable: null,
          recovering: null,
        },
      ],
      switch: { kind: "idle", live: this.live },
      rotation: this.rotation(),
      resources: null,
      guard: calmGuard,
      availability: calmAvailability,
      drill: null,
      recording: this.recordings.status(),
      viewers: 0,
      rest: { resting: false, stopAfterSeconds: 0 },
    };
  }

  attend(): void {
    this.effects.push("attend");
  }

  certificate(): Promise<string | null> {
    return Promise.resolve(null);
  }

  requestSwitch(camera: number): ReturnType<SmartToggleService["requestSwitch"]> {
    if (camera > 1) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    if (this.currentMode === "off") throw new AppError("modeForbids", "The cameras are off.");
    if (camera === this.live) return { alreadyLive: true, live: camera };
    this.effects.push(`switch ${camera}`);
    return { alreadyLive: false, id: this.nextSwitchId, receipt: this.nextSwitch() };
  }

  receipts(page: { limit: number; before?: number }): ReturnType<SmartToggleService["receipts"]> {
    return { receipts: page.before === undefined ? [exampleReceipt] : [], next: null };
  }

  receipt(id: number): Receipt | undefined {
    return id === exampleReceipt.id ? exampleReceipt : undefined;
  }

  cameras(): CameraView[] {
    return [exampleCamera(0), exampleCamera(1)];
  }

  listCameras(): ReturnType<SmartToggleService["listCameras"]> {
    return Promise.resolve(this.cameras().map((camera) => ({ ...camera, heldBy: [] })));
  }

  async changeProfile(
    camera: number,
    patch: Parameters<SmartToggleService["changeProfile"]>[1],
  ): ReturnType<SmartToggleService["changeProfile"]> {
    if (camera > 1) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    this.effects.push(`profile ${camera} ${JSON.stringify(patch)}`);
    const receipt = camera === this.live ? await this.nextSwitch() : null;
    return { camera: { ...exampleCamera(camera), profile: { ...defaultProfile, ...patch } }, receipt };
  }

  reorderCameras(ids: readonly string[]): Promise<CameraView[]> {
    this.effects.push(`order ${ids.join(" ")}`);
    return Promise.resolve(this.cameras());
  }

  rotation(): RotationView {
    return { enabled: false, seconds: 30, nextInMs: null };
  }

  setRotation(rotation: { enabled: boolean; seconds: number }): Promise<RotationView> {
    this.effects.push(`rotation ${rotation.enabled} ${rotation.seconds}`);
    return Promise.resolve({ ...rotation, nextInMs: null });
  }

  mode(): Mode {
    return this.currentMode;
  }

  setMode(mode: Mode): ReturnType<SmartToggleService["setMode"]> {
    this.effects.push(`mode ${mode}`);
    this.currentMode = mode;
    return Promise.resolve({ mode, receipt: null });
  }

  settings(): ReturnType<SmartToggleService["settings"]> {
    return { values: settingsSchema.parse({}), origins: { "http.port": "default" } };
  }

  changeSettings(patch: object): ReturnType<SmartToggleService["changeSettings"]> {
    this.effects.push(`settings ${JSON.stringify(patch)}`);
    return Promise.resolve({ changed: Object.keys(patch), ignored: [] });
  }

  exportSettings(): object {
    return { rotation: { enabled: false, seconds: 30 } };
  }

  importSettings(document: object): ReturnType<SmartToggleService["importSettings"]> {
    this.effects.push(`import ${Object.keys(document).join(" ")}`);
    return Promise.resolve({ changed: [], ignored: [] });
  }
}
