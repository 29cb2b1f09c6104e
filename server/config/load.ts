/**
 * Settings from all their sources: environment > database (run-time keys only) > file > default. Nothing starts with a
 * configuration that is wrong, and all that is wrong is said at once.
 */
import { ConfigError, type ConfigProblem, type Origin } from "./config-error.js";
import { contradictionsIn, type Contradiction } from "./contradictions.js";
import { readEnvironmentLayer } from "./environment-layer.js";
import { readFileLayer } from "./file-layer.js";
import { layerOfValue, mergeLayers, type Entry, type Layer } from "./layer.js";
import { settingsSchema, type Settings } from "./schema.js";
import { keyAt, settingKeys } from "./setting-keys.js";

/** Values changed at run time, by their dotted key. */
export type StoredValues = ReadonlyMap<string, unknown>;

/** File and environment, read once: they are the same as long as the service runs. */
export interface SettingSources {
  readonly file: Layer;
  readonly environment: Layer;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** Where each value comes from, by its dotted key. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Stored values that fit no more (after an update, or beside a changed file): left out, never in the way. */
  readonly ignored: readonly ConfigProblem[];
}

interface Sourced extends Entry {
  readonly origin: Origin;
}

const storedSource = "changed while the service ran";
const defaultFile = "settings.json";

/** Reads file and environment. Without a name: `settings.json` in the working directory, if there is one. */
export function readSources(options: { readonly file?: string; readonly env: NodeJS.ProcessEnv }): SettingSources {
  const { file, env } = options;
  return { file: readFileLayer(file ?? defaultFile, file !== undefined), environment: readEnvironmentLayer(env) };
}

/** Puts the sources together. Throws ConfigError with all problems. */
export function resolveSettings(sources: SettingSources, stored: StoredValues = new Map()): LoadedSettings {
  const { entries: kept, problems: ignored } = readStored(stored);
  const layers: [Origin, readonly Entry[]][] = [
    ["file", sources.file.entries],
    ["database", kept],
    ["environment", sources.environment.entries],
  ];
  const values = new Map<string, Sourced>();
  for (const [origin, entries] of layers) {
    for (const entry of entries) values.set(entry.path, { ...entry, origin });
  }
  const settings = settingsSchema.parse(toTree(values.values()));
  const problems = [...sources.file.problems, ...sources.environment.problems];
  // A value that is wrong by itself stands at its default now: what contradicts it is no fault of the person's.
  const wrong = new Set(problems.map(({ key }) => key));
  const contradictions = contradictionsIn(settings).filter(({ keys }) => !keys.some((key) => wrong.has(key)));
  const found = contradictions.map((contradiction) => toProblem(contradiction, settings, values));
  const culprits = new Set(contradictions.flatMap(({ keys }) => keys.filter((key) => isStored(values.get(key)))));
  if (culprits.size > 0) return withoutStored(sources, kept, culprits, [...ignored, ...found]);
  if (problems.length + found.length > 0) throw new ConfigError([...problems, ...found]);
  return { settings, origins: originsOf(settings, values), ignored };
}

/** Reads all sources and puts them together. Throws ConfigError with all problems. */
export function loadSettings(options: {
  readonly file?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly overrides?: StoredValues;
}): LoadedSettings {
  return resolveSettings(readSources(options), options.overrides);
}

function isStored(value: Sourced | undefined): boolean {
  return value?.origin === "database";
}

function readStored(stored: StoredValues): Layer {
  return mergeLayers(
    [...stored].map(([path, value]): Layer => {
      const key = keyAt(path);
      if (key?.runtime === true) return layerOfValue({ key, path, value, source: storedSource });
      return { entries: [], problems: [notStorable(path, value)] };
    }),
  );
}

function notStorable(key: string, value: unknown): ConfigProblem {
  const message = "is no key that changes at run time";
  return { key, value, source: storedSource, message, fix: "Set it in settings.json." };
}

function withoutStored(
  sources: SettingSources,
  kept: readonly Entry[],
  culprits: ReadonlySet<string>,
  problems: readonly ConfigProblem[],
): LoadedSettings {
  const rest = kept.filter(({ path }) => !culprits.has(path)).map(({ path, value }) => [path, value] as const);
  const loaded = resolveSettings(sources, new Map(rest));
  return { ...loaded, ignored: [...problems, ...loaded.ignored] };
}

/** Values at dotted paths as one nested document, as the schema takes it. */
export function toTree(values: Iterable<Pick<Entry, "path" | "value">>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of values) {
    const names = path.split(".");
    const last = names.pop() ?? path;
    let folder = tree;
    for (const name of names) folder = (folder[name] ??= {}) as Record<string, unknown>;
    folder[last] = value;
  }
  return tree;
}

/** The value at a dotted path of a nested document. */
export function valueAt(document: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((folder, name) => (folder as Record<string, unknown> | undefined)?.[name], document);
}

/** Every concrete path of the settings: those of the schema, with `*` standing for each camera that has such a record. */
export function pathsOf(settings: Settings): string[] {
  return settingKeys.flatMap(({ path }) => {
    const [record, rest] = path.split(".*");
    if (record === undefined || rest === undefined) return [path];
    return Object.keys(valueAt(settings, record) ?? {}).map((camera) => `${record}.${camera}${rest}`);
  });
}

function originsOf(settings: Settings, values: ReadonlyMap<string, Sourced>): Map<string, Origin> {
  return new Map(pathsOf(settings).map((path) => [path, values.get(path)?.origin ?? "default"]));
}

function toProblem(
  { keys, message, fix }: Contradiction,
  settings: Settings,
  values: ReadonlyMap<string, Sourced>,
): ConfigProblem {
  // Named at the key a person wrote: a default is not theirs to look for.
  const key = keys.find((one) => values.has(one)) ?? keys[0] ?? "settings";
  const source = values.get(key)?.source;
  const named = key === keys[0] ? message : `contradicts ${keys[0] ?? ""}, which ${message}`;
  return { key, value: valueAt(settings, key), message: named, fix, ...(source !== undefined && { source }) };
}
