import type { ConfigProblem } from "./config-error.js";
import { typeText } from "./key-type.js";
import { nearestKey } from "./nearest.js";
import { childOf, settingKeys, settingTree, type SettingKey, type SettingNode } from "./setting-keys.js";

/** One value, at the place of its key. */
export interface Entry {
  readonly key: SettingKey;
  /** Dotted, with camera numbers in it. */
  readonly path: string;
  readonly value: unknown;
  /** Where a person finds it. */
  readonly source: string;
}

/** What one source of settings says, and what is wrong with it. */
export interface Layer {
  readonly entries: readonly Entry[];
  readonly problems: readonly ConfigProblem[];
}

export const emptyLayer: Layer = { entries: [], problems: [] };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** Names what is not known, with the key that was probably meant. */
export function unknownKey(written: string, value: unknown, source: string): ConfigProblem {
  const nearest = nearestKey(
    written,
    settingKeys.map(({ path }) => path),
  );
  const fix = nearest === null ? "Remove it." : `Did you mean ${nearest}?`;
  return { key: written, value, source, message: "there is no such key", fix };
}

/** The layer of one value: the value as its schema reads it (texts trimmed), or all that is wrong with it. */
export function layerOfValue({ key, path, value, source }: Entry): Layer {
  const result = key.schema.safeParse(value);
  if (result.success) return { entries: [{ key, path, value: result.data, source }], problems: [] };
  const fix = `Set ${path}, for example to its default ${JSON.stringify(key.fallback)}.`;
  const problems = result.error.issues.map((issue) => {
    const own = issue.code === "custom" || issue.code === "invalid_format" || issue.path.length > 0;
    const message = own ? issue.message : `must be ${typeText(key)}`;
    return { key: [path, ...issue.path].join("."), value, source, message, fix };
  });
  return { entries: [], problems };
}

/** Cuts a document of settings, or the part of one that belongs to a node, into single values. Each is checked. */
export function layerOf(value: unknown, source: string, node: SettingNode = settingTree, path = ""): Layer {
  if (node.kind === "key") return layerOfValue({ key: node, path, value, source });
  if (!isObject(value)) return { entries: [], problems: [notAnObject(node, path, value, source)] };
  const layers = Object.entries(value).map(([name, below]): Layer => {
    const child = childOf(node, name);
    const childPath = join(path, name);
    if (child !== undefined) return layerOf(below, source, child, childPath);
    return { entries: [], problems: [unknownKey(childPath, below, source)] };
  });
  return mergeLayers(layers);
}

function notAnObject(node: SettingNode, path: string, value: unknown, source: string): ConfigProblem {
  const example = node.kind === "group" ? [...node.fields.keys()][0] : "0";
  const fix = `Write { "${example ?? ""}": … }.`;
  return { key: path === "" ? "settings" : path, value, source, message: "must be an object", fix };
}

/** All of them after each other. */
export function mergeLayers(layers: readonly Layer[]): Layer {
  return { entries: layers.flatMap(({ entries }) => entries), problems: layers.flatMap(({ problems }) => problems) };
}
