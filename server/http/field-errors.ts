import type { z } from "zod";
import type { FieldError } from "./problem.js";

type Issue = z.core.$ZodIssue;

/** Every wrong field of a body, with what it must be. `input` is the body, for words about what stands there now. */
export function fieldErrors(issues: readonly Issue[], input: unknown): FieldError[] {
  return issues.flatMap((issue) => errorsOf(issue, input));
}

function errorsOf(issue: Issue, input: unknown): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join("."),
      message: "is not known here: take it out",
    }));
  }
  return [{ field: issue.path.join("."), message: describe(issue, valueAt(input, issue.path)) }];
}

function describe(issue: Issue, value: unknown): string {
  if (issue.code === "invalid_type") return mustBe(issue.expected, value);
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(quote).join(", ")}`;
  if (issue.code === "not_multiple_of") return `must be a multiple of ${issue.divisor}`;
  if (issue.code === "too_big") {
    return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${unitOf(issue.origin)}`;
  }
  if (issue.code === "too_small") {
    return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${unitOf(issue.origin)}`;
  }
  return issue.message;
}

function quote(value: unknown): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

function mustBe(expected: string, value: unknown): string {
  if (value === undefined) return `is missing: must be ${article(expected)}`;
  const shown = JSON.stringify(value);
  return `must be ${article(expected)}, not ${shown.length > 40 ? article(typeof value) : shown}`;
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " items long" : "";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);
}
