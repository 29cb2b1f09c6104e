/** The settings of a command. Each reads what it needs and no more. */
import type { LoadedSettings, SettingSources } from "../config/load.js";
import type { Settings } from "../config/schema.js";

export interface SettingOptions {
  /** Of the command line, or of the environment. */
  readonly config?: string;
}

/** Rejects a ConfigError, as the others do. */
export async function sourcesOf({ config }: SettingOptions): Promise<SettingSources> {
  const { readSources } = await import("../config/load.js");
  return readSources({ ...(config !== undefined && { file: config }), env: process.env });
}

/** As file and environment say. */
export async function settingsOf(options: SettingOptions): Promise<Settings> {
  const { resolveSettings } = await import("../config/load.js");
  return resolveSettings(await sourcesOf(options)).settings;
}

/** With what was changed at run time, also while the service runs. */
export async function settingsInForce(options: SettingOptions): Promise<LoadedSettings> {
  const { resolveSettings } = await import("../config/load.js");
  const { openForReading } = await import("../config/database.js");
  const { readStoredValues } = await import("../config/settings-store.js");
  const sources = await sourcesOf(options);
  const database = openForReading(resolveSettings(sources).settings.paths.state);
  return resolveSettings(sources, database === null ? new Map() : readStoredValues(database));
}
