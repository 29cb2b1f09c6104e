import { z } from "zod";
import { bareSchema, isNullable, type SettingKey } from "./setting-keys.js";

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly items?: JsonSchema;
}

function rangeText({ minimum, maximum }: JsonSchema): string {
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? "" : ` from ${minimum}`;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`;
  return low + high;
}

function numberText(schema: JsonSchema): string {
  const kind = schema.type === "integer" ? "whole number" : "number";
  const even = schema.multipleOf === 2 ? "even " : "";
  return `${even === "" ? "a" : "an"} ${even}${kind}${rangeText(schema)}`;
}

function textText({ minLength = 0, maxLength }: JsonSchema): string {
  const atMost = maxLength === undefined ? "" : ` of at most ${maxLength} characters`;
  return minLength > 0 ? `a text that is not empty${atMost}` : `a text${atMost}`;
}

const listText = ({ items }: JsonSchema): string => (items?.type === "string" ? "a list of texts" : "a list");

/** What a value must be, to stand behind “must be”. */
export function typeText({ schema }: SettingKey): string {
  const bare = z.toJSONSchema(bareSchema(schema), { io: "input", unrepresentable: "any" }) as JsonSchema;
  return baseText(bare) + (isNullable(schema) ? ", or null" : "");
}

function baseText(bare: JsonSchema): string {
  if (bare.enum !== undefined) return `one of ${bare.enum.map(String).join(", ")}`;
  if (bare.type === "integer" || bare.type === "number") return numberText(bare);
  if (bare.type === "boolean") return "true or false";
  if (bare.type === "string") return textText(bare);
  return bare.type === "array" ? listText(bare) : "an object";
}

/** Reads the text of an environment variable as the key wants it; what does not fit stays text and is refused later. */
export function valueFromText(key: SettingKey, text: string): unknown {
  const bare = bareSchema(key.schema);
  if (text === "null" && isNullable(key.schema)) return null;
  if (bare instanceof z.ZodString || bare instanceof z.ZodEnum) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
