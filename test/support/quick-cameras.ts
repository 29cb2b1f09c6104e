import type { SettingsInput } from "../../server/config/schema.js";
import type { ProductOptions } from "./product.js";

const small = { width: 320, height: 240, fps: 15 } as const;

/**
 * Cameras that come and go quickly, with small pictures at half the usual rate: for tests of what happens and in which order,
 * not of how it looks. Many such tests run at once, and their pictures are a good part of what they cost.
 */
export const quickCameras = {
  simulated: { startMs: 100, stopMs: 50 },
  profiles: { 0: small, 1: small },
} as const satisfies SettingsInput["cameras"];

/** Ordinary cameras at half the usual rate: a browser on a busy machine draws nothing as often as their pictures. */
export const halfRate = { profiles: { 0: { fps: 15 }, 1: { fps: 15 } } } as const satisfies SettingsInput["cameras"];

/** A product with quick cameras, and time for a busy machine: for many requests at once, and for dual mode. */
export const patientProduct = {
  readyMs: 40_000,
  settings: { cameras: quickCameras, switch: { firstFrameMs: 6000, deadlineMs: 10_000 } },
} as const satisfies ProductOptions;
