/** The settings that come out of a file's content, an environment and stored values; or the problems with them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, type ConfigProblem } from "../../server/config/config-error.js";
import { loadSettings, type LoadedSettings, type StoredValues } from "../../server/config/load.js";

export interface SettingsInputs {
  /** Text, or what is written as JSON. */
  readonly file?: unknown;
  readonly env?: NodeJS.ProcessEnv;
  readonly stored?: StoredValues;
}

export function loadFrom({ file, env = {}, stored }: SettingsInputs): LoadedSettings {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  const path = join(folder, "my.json");
  try {
    if (file !== undefined) writeFileSync(path, typeof file === "string" ? file : JSON.stringify(file));
    return loadSettings({ env, ...(file !== undefined && { file: path }), ...(stored && { overrides: stored }) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Throws when there are none. */
export function problemsOf(inputs: SettingsInputs): readonly ConfigProblem[] {
  try {
    loadFrom(inputs);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("The settings were accepted.");
}
