import type { Dictionary } from "../i18n/dictionary.js";

/** Range and form of a number, as the settings of the service check them; the service has the last word. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly form: "any" | "whole" | "even";
  /** Empty means “chosen by the service”. */
  readonly optional: boolean;
  readonly step: number;
  readonly unit: (keyof Dictionary & `unit${string}`) | null;
}

const fraction: NumberRule = { min: 0, max: 1, form: "any", optional: false, step: 0.05, unit: null };

export const numberFields = {
  width: { min: 160, max: 1920, form: "even", optional: false, step: 2, unit: "unitPixels" },
  height: { min: 120, max: 1080, form: "even", optional: false, step: 2, unit: "unitPixels" },
  quality: { min: 1, max: 100, form: "whole", optional: false, step: 1, unit: "unitPercent" },
  bitrateKbps: { min: 100, max: 20_000, form: "whole", optional: true, step: 100, unit: "unitKbps" },
  exposureCompensation: { min: -10, max: 10, form: "any", optional: false, step: 0.5, unit: "unitStops" },
  lensPosition: { min: 0, max: 32, form: "any", optional: true, step: 0.5, unit: "unitDioptres" },
  zoomX: fraction,
  zoomY: fraction,
  zoomWidth: { ...fraction, min: 0.01 },
  zoomHeight: { ...fraction, min: 0.01 },
} as const satisfies Record<string, NumberRule>;

export type NumberName = keyof typeof numberFields;
