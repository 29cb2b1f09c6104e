import type { SettingsInput } from "../../server/config/schema.js";

/**
 * For tests that are not about how soon a camera starts, and read the strip of every frame: a machine under load is slow,
 * and a slate has no strip.
 */
export const patientSettings = {
  switch: { deadlineMs: 60_000, firstFrameMs: 40_000, verifyMs: 20_000 },
  stream: { slateAfterMs: 60_000 },
} satisfies SettingsInput;
