import { calmAvailability, calmGuard } from "../../support/calm-views.js";
import { expect } from "vitest";
import { profileSchema } from "../../../server/config/profile.js";
import type { CameraView, ChannelView, Receipt, Status } from "../../../server/http/wire.js";
import type { Dictionary } from "../../../web/src/i18n/dictionary.js";
import { en } from "../../../web/src/i18n/en.js";
import { ko } from "../../../web/src/i18n/ko.js";
import type { PlayerView } from "../../../web/src/player/live-player.js";

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
  ...part,
});

export const status = (part: Partial<Status> = {}): Status => ({
  service: { version: "0.1.0", startedAt: 0, driver: "simulated" },
  now: 0,
  mode: "toggle",
  cameras: [camera(0), camera(1)],
  channels: [channel()],
  switch: { kind: "idle", live: 0 },
  rotation: { enabled: false, seconds: 30, nextInMs: null },
  resources: null,
  guard: calmGuard,
  availability: calmAvailability,
  drill: null,
  viewers: 1,
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

export const playing: PlayerView = {
  kind: "playing",
  shown: true,
  ageMs: 10,
  delay: { latencyS: 0.7, targetS: 0.6, livePositionS: 100 },
  camera: 0,
};

export function present<Value>(value: Value | null | undefined): Value {
  expect(value).toBeTruthy();
  return value as Value;
}
