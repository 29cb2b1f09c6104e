/** The limits of what is kept, as a person types them. Pure. */
import type { SettingsView } from "../../../server/http/wire.js";
import { ruleError, type FieldError } from "../profile/field-error.js";
import type { NumberRule } from "../profile/number-fields.js";

export type RecordingSettings = SettingsView["values"]["recording"];

/** Ranges as `server/config/schema.ts` has them. Empty, where that is allowed, is no limit. */
export const retentionFields = {
  keepDays: { min: 0.01, max: 3650, form: "any", optional: true, step: 1, unit: "unitDays" },
  maxGb: { min: 0.001, max: 100_000, form: "any", optional: true, step: 1, unit: "unitGigabytes" },
  minFreeHours: { min: 0, max: 1000, form: "any", optional: false, step: 1, unit: "unitHours" },
  minFreeMb: { min: 0, max: 1_000_000, form: "any", optional: false, step: 100, unit: "unitMegabytes" },
} as const satisfies Record<string, NumberRule>;

export type RetentionName = keyof typeof retentionFields;
export const retentionNames: readonly RetentionName[] = ["keepDays", "maxGb", "minFreeHours", "minFreeMb"];

export type RetentionLimits = Pick<RecordingSettings, RetentionName>;
export type RetentionDraft = Readonly<Record<RetentionName, string>>;
export type RetentionErrors = Readonly<Partial<Record<RetentionName, FieldError>>>;

export type RetentionReading =
  | { readonly kind: "limits"; readonly limits: RetentionLimits }
  | { readonly kind: "errors"; readonly errors: RetentionErrors };

export function retentionDraft(limits: RetentionLimits): RetentionDraft {
  const typed = (name: RetentionName): string => String(limits[name] ?? "");
  return {
    keepDays: typed("keepDays"),
    maxGb: typed("maxGb"),
    minFreeHours: typed("minFreeHours"),
    minFreeMb: typed("minFreeMb"),
  };
}

export function readRetention(draft: RetentionDraft): RetentionReading {
  const errors = Object.fromEntries(
    retentionNames.flatMap((name) => {
      const error = ruleError(retentionFields[name], draft[name]);
      return error === null ? [] : [[name, error]];
    }),
  ) as RetentionErrors;
  if (Object.keys(errors).length > 0) return { kind: "errors", errors };
  const { keepDays, maxGb, minFreeHours, minFreeMb } = draft;
  const limits = {
    ...{ keepDays: limitOf(keepDays), maxGb: limitOf(maxGb) },
    ...{ minFreeHours: Number(minFreeHours), minFreeMb: Number(minFreeMb) },
  };
  return { kind: "limits", limits };
}

const limitOf = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));

/** Whether something that may be kept now may not be with the others. */
export function isStricter(next: RetentionLimits, now: RetentionLimits): boolean {
  const most = (limit: number | null): number => limit ?? Infinity;
  return (
    most(next.keepDays) < most(now.keepDays) ||
    most(next.maxGb) < most(now.maxGb) ||
    next.minFreeHours > now.minFreeHours ||
    next.minFreeMb > now.minFreeMb
  );
}
