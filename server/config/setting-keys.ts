/**
 * The settings schema as a tree of keys: what each key is called, means, takes and defaults to. Everything that walks
 * over settings (file, environment, database, the table for people) walks over this.
 */
import { z } from "zod";
import { settingsSchema } from "./schema.js";

/** A value that is set as a whole: a number, a text, a list, or an object that makes sense only complete. */
export interface SettingKey {
  readonly kind: "key";
  /** Dotted; a camera number stands as `*`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly description: string;
  readonly unit: string | null;
  readonly fallback: unknown;
  /** Whether it may change while the service runs. */
  readonly runtime: boolean;
}

export interface SettingGroup {
  readonly kind: "group";
  readonly path: string;
  readonly fields: ReadonlyMap<string, SettingNode>;
}

/** The same keys for each camera, by its number. */
export interface SettingRecord {
  readonly kind: "record";
  readonly path: string;
  readonly name: z.ZodType;
  readonly item: SettingNode;
}

export type SettingNode = SettingKey | SettingGroup | SettingRecord;

/** The schema without its default and without “or null”. */
export function bareSchema(schema: z.ZodType): z.ZodType {
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable;
  return wrapped ? bareSchema(schema.unwrap() as z.ZodType) : schema;
}

export function isNullable(schema: z.ZodType): boolean {
  return schema.safeParse(null).success;
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function build(schema: z.ZodType, path: string, runtimeAbove: boolean): SettingNode {
  const { description, unit, runtime } = schema.meta() ?? {};
  const isRuntime = runtimeAbove || runtime === true;
  const bare = bareSchema(schema);
  if (bare instanceof z.ZodObject && !isNullable(schema)) {
    const fields = Object.entries<z.ZodType>(bare.shape);
    return {
      kind: "group",
      path,
      fields: new Map(fields.map(([name, field]) => [name, build(field, join(path, name), isRuntime)])),
    };
  }
  if (bare instanceof z.ZodRecord) {
    const item = build(bare.valueType as z.ZodType, join(path, "*"), isRuntime);
    return { kind: "record", path, name: bare.keyType as unknown as z.ZodType, item };
  }
  return {
    kind: "key",
    path,
    schema,
    description: description ?? "",
    unit: typeof unit === "string" ? unit : null,
    fallback: schema.parse(undefined),
    runtime: isRuntime,
  };
}

/** The whole tree. */
export const settingTree: SettingNode = build(settingsSchema, "", false);

function keysBelow(node: SettingNode): SettingKey[] {
  if (node.kind === "key") return [node];
  if (node.kind === "record") return keysBelow(node.item);
  return [...node.fields.values()].flatMap(keysBelow);
}

/** Every key, in the order of the schema. */
export const settingKeys: readonly SettingKey[] = keysBelow(settingTree);

/** The key of a concrete path (`cameras.profiles.0.width`); undefined when there is none. */
export function keyAt(path: string): SettingKey | undefined {
  let node: SettingNode | undefined = settingTree;
  for (const name of path.split(".")) node = node === undefined ? undefined : childOf(node, name);
  return node?.kind === "key" ? node : undefined;
}

/** The node below, by its exact name. */
export function childOf(node: SettingNode, name: string): SettingNode | undefined {
  if (node.kind === "group") return node.fields.get(name);
  return node.kind === "record" && node.name.safeParse(name).success ? node.item : undefined;
}
