import type { Dictionary } from "../i18n/dictionary.js";
import { numberFields, type NumberName, type NumberRule } from "./number-fields.js";

export type FieldError =
  | { readonly kind: "number" | "whole" | "even" | "zoom" | "path" }
  | { readonly kind: "range"; readonly min: number; readonly max: number }
  /** In the service's own words. */
  | { readonly kind: "service"; readonly message: string };

/** What is wrong with a number of a profile as it was typed; null if nothing is. */
export const numberError = (name: NumberName, typed: string): FieldError | null => ruleError(numberFields[name], typed);

/** What is wrong with a number as it was typed; null if nothing is. */
export function ruleError(rule: NumberRule, typed: string): FieldError | null {
  if (typed.trim() === "") return rule.optional ? null : { kind: "number" };
  const value = Number(typed);
  if (!Number.isFinite(value)) return { kind: "number" };
  if (value < rule.min || value > rule.max) return { kind: "range", min: rule.min, max: rule.max };
  if (rule.form !== "any" && !Number.isInteger(value)) return { kind: "whole" };
  return rule.form === "even" && value % 2 !== 0 ? { kind: "even" } : null;
}

export function fieldErrorText(t: Dictionary, error: FieldError): string {
  switch (error.kind) {
    case "number":
      return t.wrongNumber;
    case "whole":
      return t.wrongWhole;
    case "even":
      return t.wrongEven;
    case "zoom":
      return t.wrongZoom;
    case "path":
      return t.wrongPath;
    case "range":
      return t.wrongRange(error.min.toLocaleString(), error.max.toLocaleString());
    case "service":
      return error.message;
  }
}
