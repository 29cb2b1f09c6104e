#!/usr/bin/env node
/** Command line, signals and exit codes. 0: done; 1: failed; 2: the configuration or the call is not valid. */
import { Command } from "commander";
import { SmartToggleManager } from "./app.js";
import { listCameras } from "./camera/list-command.js";
import { ConfigError } from "./config/config-error.js";
import { describeSettings, settingsTable } from "./config/describe.js";
import { openForReading } from "./config/database.js";
import { readSources, resolveSettings, type LoadedSettings, type SettingSources } from "./config/load.js";
import { drillTable, runDrills } from "./http/drill-command.js";
import { drillNames, type DrillResult } from "./http/wire-protection.js";
import { AppError, toAppError } from "./lib/errors.js";
import type { Settings } from "./config/schema.js";
import { readStoredValues } from "./config/settings-store.js";
import { createLog } from "./lib/log.js";
import { version } from "./lib/package-root.js";
import { renderNginxConfig } from "./ops/nginx-config.js";

/** A second signal, or a stop that takes longer than this, ends the process at once; children die with it (I5). */
const stopMs = 3000;

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

function sourcesOf({ config }: Options): SettingSources {
  return readSources({ ...(config !== undefined && { file: config }), env: process.env });
}

function settingsOf(options: Options): Settings {
  return resolveSettings(sourcesOf(options)).settings;
}

/** With what was changed at run time, also while the service runs. */
function settingsInForce(sources: SettingSources): LoadedSettings {
  const database = openForReading(resolveSettings(sources).settings.paths.state);
  return resolveSettings(sources, database === null ? new Map() : readStoredValues(database));
}

async function run(options: Options): Promise<void> {
  const sources = sourcesOf(options);
  const { settings } = resolveSettings(sources);
  const log = createLog(settings.log);
  const manager = await SmartToggleManager.start(sources, settings, log);
  await stopSignal();
  void stopSignal().then(() => process.exit(1));
  const late = setTimeout(() => {
    log.error("the stop took too long");
    process.exit(1);
  }, stopMs);
  await manager.close();
  clearTimeout(late);
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        resolve(signal);
      });
    }
  });
}

function explain(thrown: unknown): number {
  if (thrown instanceof ConfigError) {
    process.stderr.write(`${thrown.message}\n`);
    return 2;
  }
  const error = toAppError(thrown);
  process.stderr.write(`smart-toggle: ${error.message}\n`);
  if (error.code === "internal" && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ""}\n`);
  return thrown instanceof AppError && thrown.code === "configInvalid" ? 2 : 1;
}

const program = new Command("smart-toggle")
  .description("Two-camera CCTV: one low-latency HLS channel that switches safely between cameras")
  .version(version);

program
  .command("run", { isDefault: true })
  .description("run the service until SIGINT or SIGTERM")
  .option("--config <file>", "settings file; default: settings.json where it exists")
  .action(run);

program
  .command("config")
  .description("show every setting with its value, origin, unit and meaning")
  .option("--config <file>", "settings file")
  .option("--json", "as JSON")
  .action((options: Options) => {
    const descriptions = describeSettings(settingsInForce(sourcesOf(options)));
    process.stdout.write(
      options.json === true ? `${JSON.stringify(descriptions, null, 2)}\n` : settingsTable(descriptions),
    );
  });

program
  .command("cameras")
  .description("list the cameras (not while the service runs: a listing opens every camera)")
  .option("--config <file>", "settings file")
  .option("--json", "as JSON")
  .action(async (options: Options) => {
    process.stdout.write(await listCameras(settingsOf(options), options.json === true));
  });

program
  .command("drill")
  .description(
    "break parts of the running service safely, one by one, and measure the time to a picture (exit 1: a drill failed)",
  )
  .argument("[names...]", `which; default: all (${drillNames.join(", ")})`)
  .option("--config <file>", "settings file")
  .option("--json", "as JSON")
  .action(async (names: readonly string[], options: Options) => {
    const tell = ({ name, outcome }: DrillResult): void => void process.stderr.write(`${name}: ${outcome}\n`);
    const view = await runDrills({ port: settingsOf(options).http.port, names, tell });
    process.stdout.write(options.json === true ? `${JSON.stringify(view, null, 2)}\n` : drillTable(view));
    if (view.results.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
  });

program
  .command("nginx-config")
  .description("print the site for a system NGINX (with nginx.managed: false)")
  .option("--config <file>", "settings file")
  .action((options: Options) => {
    process.stdout.write(renderNginxConfig(settingsOf(options)));
  });

program.parseAsync().then(
  () => process.exit(),
  (thrown: unknown) => process.exit(explain(thrown)),
);
