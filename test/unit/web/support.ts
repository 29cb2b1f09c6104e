import { calmAvailability, calmGuard } from "../../support/calm-views.js";
import { calmRecording } from "../../support/calm-recordings.js";
import { expect } from "vitest";
import { profileSchema } from "../../../server/config/profile.js";
import type { CameraView, ChannelView, Receipt, Status } from "../../../server/http/wire.js";
import type { Resources } from "../../../server/http/wire-protection.js";
import type { Dictionary } from "../../../web/src/i18n/dictionary.js";
import { en } from "../../../web/src/i18n/en.js";
import { ko } from "../../../web/src/i18n/ko.js";
import type { PlayerView } from "../../../web/src/player/player-view.js";
import type { Sample } from "../../../web/src/plots/track.js";

export const dictionaries: readonly (readonly [string, Dictionary])[] = [
  ["en", en],
  ["ko", ko],
];

export const camera = (number: number, label = ""): CameraView => ({
  number,
  id: `/base/camera@${number}`,
  model: "imx708",
  connected: true,
  needsReboot: false,
  label: label === "" ? `Camera ${number}` : label,
  profile: profileSchema.parse({ label }),
});

export const channel = (part: Partial<ChannelView> = {}): ChannelView => ({
  name: "main",
  playlist: "/hls/main/live.m3u8",
  camera: 0,
  generation: 1,
  frameAgeMs: 20,
  frozen: false,
  standIn: "none",
  width: 640,
  height: 480,
  fps: 30,
  frames: 300,
  meanFrameBytes: 31_000,
  unusualFrames: 0,
  unavailable: null,
  recovering: null,
  ...part,
});

export const status = (part: Partial<Status> = {}): Status => ({
  service: { version: "0.1.0", startedAt: 0, driver: "simulated", encoder: { taken: "libx264", why: "" } },
  now: 0,
  mode: "toggle",
  modeInForce: { mode: "toggle", reason: null },
  cameras: [camera(0), camera(1)],
  channels: [channel()],
  switch: { kind: "idle", live: 0 },
  rotation: { enabled: false, seconds: 30, nextInMs: null },
  resources: null,
  guard: calmGuard,
  availability: calmAvailability,
  drill: null,
  recording: calmRecording,
  viewers: 1,
  rest: { resting: false, stopAfterSeconds: 0 },
  ...part,
});

export const receipt = (part: Partial<Receipt> = {}): Receipt => ({
  id: 1,
  trigger: "user",
  from: 0,
  to: 1,
  requestedAt: 0,
  outcome: "committed",
  live: 1,
  reason: null,
  totalMs: 1234,
  steps: [],
  ...part,
});

/** Of a Raspberry Pi at rest. */
export const resources = (part: Partial<Resources> = {}): Resources => ({
  at: 0,
  cpuPercent: 20,
  ownCpuPercent: 5,
  memoryPercent: 41,
  memoryBytes: 8_000_000_000,
  ownMemoryBytes: 186_000_000,
  temperatureC: 55,
  throttling: { now: noThrottling, sinceBoot: noThrottling },
  loopDelayMs: 2,
  liveBytes: 12_000_000,
  freeLiveBytes: 400_000_000,
  freeDiskBytes: 22_400_000_000,
  simulated: [],
  unknown: {},
  ...part,
});

export const noThrottling = {
  underVoltage: false,
  frequencyCapped: false,
  throttled: false,
  softTemperatureLimit: false,
};

export const sampleAt = (at: number, part: Partial<Sample> = {}): Sample => ({
  at,
  cpuPercent: 20,
  ownCpuPercent: 5,
  memoryPercent: 41,
  ownMemoryBytes: 186_000_000,
  temperatureC: 55,
  ...part,
});

export const playing: PlayerView = {
  kind: "playing",
  shown: true,
  ageMs: 10,
  delay: { latencyS: 0.7, targetS: 0.6 },
  camera: 0,
};

export function present<Value>(value: Value | null | undefined): Value {
  expect(value).toBeTruthy();
  return value as Value;
}
