/**
 * The settings in force. Those that change while the service runs (profiles, rotation, order of the cameras) are kept
 * in SQLite with their history; the others stay as they were at the start. The database is closed by whoever opened it.
 *
 * Invariant: a change is validated whole, together with all other settings, before any of it takes effect.
 */
import { isDeepStrictEqual } from "node:util";
import { AppError } from "../lib/errors.js";
import type { Clock } from "../lib/clock.js";
import { ConfigError, type ConfigProblem, type Origin } from "./config-error.js";
import type { Connection, Database } from "./database.js";
import { layerOf, type Entry } from "./layer.js";
import {
  pathsOf,
  resolveSettings,
  toTree,
  valueAt,
  type LoadedSettings,
  type SettingSources,
  type StoredValues,
} from "./load.js";
import { defaultProfile, type Profile } from "./profile.js";
import type { Settings, SettingsInput } from "./schema.js";
import { keyAt } from "./setting-keys.js";

/** Who asked for a change: a person at the page, a settings file that was imported, or another program. */
export type ChangedBy = "page" | "file" | "api";

export interface SettingChange {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly who: ChangedBy;
  /** Dotted key. */
  readonly path: string;
  readonly old: unknown;
  readonly new: unknown;
}

export interface ChangeResult {
  /** Dotted keys whose value is another one now. */
  readonly changed: readonly string[];
  /** Dotted keys that differ but are read only at the start of the service. */
  readonly ignored: readonly string[];
}

/** Changes kept in the history; the oldest go first. */
const mostKept = 10_000;

/** What was stored by earlier runs. Also for a reader beside a running service. */
export function readStoredValues(connection: Connection): StoredValues {
  const rows = connection.prepare<[], { path: string; value: string }>("SELECT path, value FROM setting").all();
  return new Map(rows.map(({ path, value }) => [path, JSON.parse(value) as unknown]));
}

export class SettingsStore {
  readonly #database: Database;
  readonly #sources: SettingSources;
  readonly #clock: Clock;
  #stored: StoredValues;
  #loaded: LoadedSettings;

  /** Throws ConfigError when file and environment are wrong; stored values never stand in the way. */
  constructor(options: { readonly database: Database; readonly sources: SettingSources; readonly clock: Clock }) {
    this.#database = options.database;
    this.#sources = options.sources;
    this.#clock = options.clock;
    this.#stored = readStoredValues(options.database.connection);
    this.#loaded = resolveSettings(this.#sources, this.#stored);
  }

  get settings(): Settings {
    return this.#loaded.settings;
  }

  /** Where each value comes from, by its dotted key. */
  get origins(): ReadonlyMap<string, Origin> {
    return this.#loaded.origins;
  }

  /** Stored values that fit no more and are left out; to be logged at the start. */
  get ignored(): readonly ConfigProblem[] {
    return this.#loaded.ignored;
  }

  /**
   * Takes over what a document of settings says of run-time keys, whole or not at all; what it leaves out stays. Other
   * keys that differ are named in `ignored`. Throws ConfigError (`badRequest`) with all that is wrong with it, and
   * `setByEnvironment` when it differs from a value that the environment sets.
   */
  change(document: unknown, who: ChangedBy): ChangeResult {
    const { entries, problems } = layerOf(document, who === "file" ? "the imported file" : "the request");
    if (problems.length > 0) throw new ConfigError(problems, "badRequest");
    const different = entries.filter((entry) => this.#differs(entry));
    const runtime = different.filter(({ key }) => key.runtime);
    this.#refuseEnvironment(runtime);
    if (runtime.length > 0) this.#commit(runtime, who);
    const ignored = different.filter(({ key }) => !key.runtime).map(({ path }) => path);
    return { changed: runtime.map(({ path }) => path), ignored };
  }

  /** The settings as they would be after `change`. Throws what that would throw; changes nothing. */
  preview(document: unknown): Settings {
    const { entries, problems } = layerOf(document, "the request");
    if (problems.length > 0) throw new ConfigError(problems, "badRequest");
    this.#refuseEnvironment(entries.filter((entry) => entry.key.runtime && this.#differs(entry)));
    return this.#resolveWith(entries.filter(({ key }) => key.runtime)).loaded.settings;
  }

  /** The profile in force of a camera, by its number. */
  profileOf(camera: number, { cameras } = this.settings): Profile {
    return cameras.profiles[camera] ?? defaultProfile;
  }

  /** The newest changes first, of one key or of all. */
  history(options: { readonly limit: number; readonly path?: string }): SettingChange[] {
    const sql = `SELECT * FROM setting_history WHERE ? IS NULL OR path = ? ORDER BY id DESC LIMIT ?`;
    const path = options.path ?? null;
    const rows = this.#database.connection
      .prepare<
        [string | null, string | null, number],
        Omit<SettingChange, "old" | "new"> & { old: string; new: string }
      >(sql)
      .all(path, path, options.limit);
    return rows.map((row) => ({ ...row, old: JSON.parse(row.old) as unknown, new: JSON.parse(row.new) as unknown }));
  }

  /** A settings.json: every run-time key, and of the others those that differ from their default. */
  exportAll(): SettingsInput {
    const paths = pathsOf(this.settings).filter(
      (path) => keyAt(path)?.runtime === true || this.origins.get(path) !== "default",
    );
    return toTree(paths.map((path) => ({ path, value: valueAt(this.settings, path) })));
  }

  #refuseEnvironment(entries: readonly Entry[]): void {
    const fixed = entries.filter(({ path }) => this.origins.get(path) === "environment").map(({ path }) => path);
    if (fixed.length === 0) return;
    throw new AppError("setByEnvironment", `The environment of the service sets ${fixed.join(", ")}; change it there.`);
  }

  #differs(entry: Entry): boolean {
    return !isDeepStrictEqual(valueNow(this.settings, entry), entry.value);
  }

  #commit(entries: readonly Entry[], who: ChangedBy): void {
    const { stored, loaded } = this.#resolveWith(entries);
    this.#write(entries, who);
    this.#stored = stored;
    this.#loaded = loaded;
  }

  /** All settings as they would be with these. Throws ConfigError (`badRequest`) when they do not fit together. */
  #resolveWith(entries: readonly Entry[]): { stored: StoredValues; loaded: LoadedSettings } {
    const stored = new Map([...this.#stored, ...entries.map(({ path, value }) => [path, value] as const)]);
    const loaded = resolveSettings(this.#sources, stored);
    const paths = new Set(entries.map(({ path }) => path));
    const known = new Set(this.#loaded.ignored.map(({ key, message }) => `${key} ${message}`));
    const refused = loaded.ignored.filter(({ key, message }) => paths.has(key) || !known.has(`${key} ${message}`));
    if (refused.length > 0) throw new ConfigError(refused, "badRequest");
    return { stored, loaded };
  }

  #write(entries: readonly Entry[], who: ChangedBy): void {
    const { connection } = this.#database;
    const store = connection.prepare("INSERT OR REPLACE INTO setting VALUES (?, ?)");
    const note = connection.prepare("INSERT INTO setting_history (at, who, path, old, new) VALUES (?, ?, ?, ?, ?)");
    const forget = connection.prepare(
      "DELETE FROM setting_history WHERE id <= (SELECT max(id) FROM setting_history) - ?",
    );
    const at = Math.round(this.#clock.epochMs());
    connection.transaction(() => {
      for (const entry of entries) {
        store.run(entry.path, JSON.stringify(entry.value));
        note.run(at, who, entry.path, JSON.stringify(valueNow(this.settings, entry)), JSON.stringify(entry.value));
      }
      forget.run(mostKept);
    })();
    void this.#database.flush();
  }
}

/** The value in force; a camera that has no profile yet has the defaults. */
function valueNow(settings: Settings, { key, path }: Entry): unknown {
  const value = valueAt(settings, path);
  return value === undefined ? key.fallback : value;
}
