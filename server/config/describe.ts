import type { Origin } from "./config-error.js";
import { typeText } from "./key-type.js";
import { pathsOf, valueAt, type LoadedSettings } from "./load.js";
import { keyAt } from "./setting-keys.js";

/** One setting, as `smart-toggle config` shows it. */
export interface SettingDescription {
  readonly key: string;
  readonly value: unknown;
  readonly unit: string | null;
  readonly origin: Origin;
  /** Whether it may change while the service runs. */
  readonly runtime: boolean;
  /** What it may be, in words. */
  readonly type: string;
  readonly description: string;
}

/** Every setting in the order of the schema; keys of a camera appear for each camera that has a profile. */
export function describeSettings({ settings, origins }: LoadedSettings): SettingDescription[] {
  return pathsOf(settings).flatMap((path) => {
    const key = keyAt(path);
    if (key === undefined) return [];
    const { unit, runtime, description } = key;
    const origin = origins.get(path) ?? "default";
    return [{ key: path, value: valueAt(settings, path), unit, origin, runtime, type: typeText(key), description }];
  });
}

/** The same as a table for a terminal, the columns padded to their longest cell. */
export function settingsTable(descriptions: readonly SettingDescription[]): string {
  const rows = descriptions.map(({ key, value, unit, origin, description }) => [
    key,
    JSON.stringify(value) + (unit === null ? "" : ` ${unit}`),
    origin,
    description,
  ]);
  const all = [["KEY", "VALUE", "ORIGIN", "DESCRIPTION"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
