#!/usr/bin/env node
/**
 * Command line, signals and exit codes. 0: done; 1: failed; 2: the configuration or the call is not valid. Each command
 * loads what it needs and no more: the supervisor runs for ever and is to take little memory.
 */
import { setTimeout as wait } from "node:timers/promises";
import { Command, Option } from "commander";
import { settingsInForce, settingsOf, sourcesOf, type SettingOptions } from "./app/command-settings.js";
import { ConfigError } from "./config/config-error.js";
import type { DrillResult } from "./http/wire-protection.js";
import { endProcess } from "./lib/end-process.js";
import { toAppError } from "./lib/errors.js";
import { version } from "./lib/package-root.js";
import { keepYoungHeapSmall } from "./lib/small-heap.js";

/** A second signal, or a stop that takes longer than this, ends the process at once; children die with it (I5). */
const stopMs = 3000;
/**
 * systemd starts a service anew a second after its end, for ever: one that cannot start (a port is taken, a folder cannot be
 * written) would open all cameras and try the encoders with each second.
 */
const failedStartMs = 5000;

interface Options extends SettingOptions {
  readonly json?: boolean;
}

async function run(options: Options): Promise<void> {
  keepYoungHeapSmall();
  const { SmartToggleManager } = await import("./app.js");
  const { createLog } = await import("./lib/log.js");
  const sources = await sourcesOf(options);
  const settings = await settingsOf(options);
  const log = createLog(settings.log);
  const manager = await SmartToggleManager.start(sources, settings, log).catch(async (error: unknown) => {
    const code = explain(error);
    if (process.env["NOTIFY_SOCKET"] !== undefined) await wait(failedStartMs);
    return endProcess(code);
  });
  await stopSignal();
  void stopSignal().then(() => endProcess(1));
  const late = setTimeout(() => {
    log.error("the stop took too long");
    void endProcess(1);
  }, stopMs);
  await manager.close();
  clearTimeout(late);
}

async function supervise({ config }: Options): Promise<void> {
  const { Supervisor } = await import("./ops/supervisor.js");
  const [, program = ""] = process.argv;
  const args = [program, "run", ...(config === undefined ? [] : ["--config", config])];
  const say = (line: string): void => void process.stderr.write(`${new Date().toISOString()} supervisor: ${line}\n`);
  const supervisor = new Supervisor({ args, say });
  for (const signal of stopSignals) {
    process.on(signal, () => {
      supervisor.stop(signal);
    });
  }
  process.exitCode = await supervisor.run();
}

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of stopSignals) {
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
  // All else may be mended, or mend itself, while nobody looks: whoever starts the service is to try it again.
  return 1;
}

/** An installed product names its file in the environment. */
function configOption(): Option {
  return new Option("--config <file>", "settings file; default: settings.json where it exists").env(
    "SMART_TOGGLE_CONFIG",
  );
}

/** Exit code of a call that is not valid. */
const badCall = 2;

const program = new Command("smart-toggle")
  .description("Two-camera CCTV: one low-latency HLS channel that switches safely between cameras")
  .version(version)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : badCall));

program
  .command("run", { isDefault: true })
  .description("run the service until SIGINT or SIGTERM")
  .addOption(configOption())
  .allowExcessArguments()
  .action(async (options: Options, { args: [unknown] }: Command) => {
    // It is what stands for no command at all, and so gets a misspelt one too.
    if (unknown !== undefined) program.error(`error: there is no command ${unknown}: see smart-toggle --help`);
    await run(options);
  });

program
  .command("supervise")
  .description("run the service and start it again whenever it ends by itself; for machines without systemd")
  .addOption(configOption())
  .action(supervise);

program
  .command("config")
  .description("show every setting with its value, origin, unit and meaning")
  .addOption(configOption())
  .option("--json", "as JSON")
  .action(async (options: Options) => {
    const { describeSettings, settingsTable } = await import("./config/describe.js");
    const descriptions = describeSettings(await settingsInForce(options));
    process.stdout.write(
      options.json === true ? `${JSON.stringify(descriptions, null, 2)}\n` : settingsTable(descriptions),
    );
  });

program
  .command("cameras")
  .description("list the cameras (not while the service runs: a listing opens every camera)")
  .addOption(configOption())
  .option("--json", "as JSON")
  .action(async (options: Options) => {
    const { listCameras } = await import("./camera/list-command.js");
    process.stdout.write(await listCameras(await settingsOf(options), options.json === true));
  });

program
  .command("drill")
  .description(
    "break parts of the running service safely, one by one, and measure the time to a picture (exit 1: a drill failed)",
  )
  .argument("[names...]", "which; default: all")
  .addOption(configOption())
  .option("--json", "as JSON")
  .action(async (names: readonly string[], options: Options) => {
    const { drillTable, runDrills } = await import("./http/drill-command.js");
    const tell = ({ name, outcome }: DrillResult): void => void process.stderr.write(`${name}: ${outcome}\n`);
    const { commandHeaders } = await import("./accounts/command-token.js");
    const settings = await settingsOf(options);
    const headers = await commandHeaders(settings);
    const view = await runDrills({ port: settings.http.port, headers, names, tell });
    process.stdout.write(options.json === true ? `${JSON.stringify(view, null, 2)}\n` : drillTable(view));
    if (view.results.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
  });

program
  .command("doctor")
  .description(
    "look at cameras, programs, ports, power, disk and rights, and say what is wrong (exit 1: something is broken)",
  )
  .addOption(configOption())
  .option("--json", "as JSON")
  .action(async (options: Options) => {
    const { examine } = await import("./app/doctor/examine.js");
    const { doctorText, exitCodeOf } = await import("./ops/doctor/report.js");
    const report = await examine((await settingsInForce(options)).settings);
    process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : doctorText(report));
    process.exitCode = exitCodeOf(report);
  });

program
  .command("support")
  .description("write a bundle for somebody who is asked for help: findings, settings, log, receipts, without secrets")
  .argument("[file]", "default: smart-toggle-support-TIME.tar.gz")
  .addOption(configOption())
  .action(async (file: string | undefined, options: Options) => {
    const { collect } = await import("./app/doctor/collect.js");
    const { writeBundle } = await import("./ops/support/bundle.js");
    const time = new Date().toISOString().replace(/[:.]/g, "-");
    const settings = await settingsInForce(options);
    const path = await writeBundle(file ?? `smart-toggle-support-${time}.tar.gz`, () => collect(settings));
    process.stdout.write(`${path}\nIt holds no secrets that we know of; look into it before you send it.\n`);
  });

program
  .command("check")
  .description("verify recordings, catalogue and the live channel on disk (exit 1: something is wrong)")
  .addOption(configOption())
  .option("--repair", "finish, adopt or set aside what is wrong (not while the service runs)")
  .option("--json", "as JSON")
  .action(async (options: Options & { readonly repair?: boolean }) => {
    const { checkTable, runCheck } = await import("./recording/check/check-command.js");
    const { ProgressLine } = await import("./recording/check/progress-line.js");
    const { becomeOwnerOf } = await import("./lib/become-owner.js");
    const { liveDirectory } = await import("./config/live-directory.js");
    const settings = await settingsOf(options);
    becomeOwnerOf(settings.paths.state, liveDirectory(settings));
    const progress = new ProgressLine(process.stderr);
    const result = await runCheck(settings, options.repair === true, progress.show).finally(() => {
      progress.end();
    });
    process.stdout.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : checkTable(result));
    if (result.problems.length > 0 || result.channelProblems.length > 0) process.exitCode = 1;
  });

program
  .command("set-up-link")
  .description("print the link that makes an administrator, once; also for one who forgot the password")
  .addOption(configOption())
  .option("--waiting", "only a link that waits to be used; nothing is printed where there is none, and none is made")
  .action(async (options: Options & { readonly waiting?: boolean }) => {
    const { setUpLinks, waitingSetUpLinks } = await import("./app/set-up-link.js");
    const settings = await settingsOf(options);
    const links = options.waiting === true ? waitingSetUpLinks(settings) : setUpLinks(settings);
    process.stdout.write(links.map((link) => `${link}\n`).join(""));
  });

program
  .command("verify")
  .description(
    "check an export against its manifest and the catalogue, or a recording against the catalogue (exit 1: it is not)",
  )
  .argument("<file>", "an MP4; its manifest stands beside it, with .json at the end of its name")
  .addOption(configOption())
  .action(async (file: string, options: Options) => {
    const { verifyFile } = await import("./recording/export/verify.js");
    const { paths } = await settingsOf(options);
    const { sound, lines } = await verifyFile(file, paths.state);
    process.stdout.write(`${lines.join("\n")}\n`);
    if (!sound) process.exitCode = 1;
  });

program
  .command("nginx-config")
  .description("print the site for a system NGINX (with nginx.managed: false)")
  .addOption(configOption())
  .action(async (options: Options) => {
    const { renderNginxConfig } = await import("./ops/nginx-config.js");
    process.stdout.write(renderNginxConfig((await settingsInForce(options)).settings));
  });

program.parseAsync().then(
  () => endProcess(Number(process.exitCode ?? 0)),
  (thrown: unknown) => endProcess(explain(thrown)),
);
