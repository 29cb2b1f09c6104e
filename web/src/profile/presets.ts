import type { Draft } from "./draft.js";

/** The sizes of A8, each with its usual rate. */
export const presets = [
  { width: "320", height: "240", fps: "15" },
  { width: "640", height: "480", fps: "30" },
  { width: "1280", height: "720", fps: "30" },
] as const;

export type Preset = (typeof presets)[number];

export function presetOf(draft: Pick<Draft, "width" | "height" | "fps">): Preset | null {
  const same = (preset: Preset) =>
    preset.width === draft.width && preset.height === draft.height && preset.fps === draft.fps;
  return presets.find(same) ?? null;
}
