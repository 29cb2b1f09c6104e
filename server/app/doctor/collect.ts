/** What goes into a support bundle. What cannot be had says so in its place. */
import { readFile } from "node:fs/promises";
import { arch, release, uptime } from "node:os";
import { openForReading } from "../../config/database.js";
import { describeSettings } from "../../config/describe.js";
import type { LoadedSettings } from "../../config/load.js";
import type { Settings } from "../../config/schema.js";
import { version } from "../../lib/package-root.js";
import { renderNginxConfig } from "../../ops/nginx-config.js";
import { doctorText } from "../../ops/doctor/report.js";
import type { BundleFile } from "../../ops/support/bundle.js";
import { programPath } from "../../ops/doctor/service-probes.js";
import { readAnswer } from "../../process/read-answer.js";
import { examine } from "./examine.js";

const rows = 500;
const journalLines = 3000;

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export async function collect(loaded: LoadedSettings): Promise<BundleFile[]> {
  const { settings } = loaded;
  const report = await examine(settings);
  return [
    ["doctor.txt", doctorText(report)],
    ["doctor.json", asJson(report)],
    ["settings.json", asJson(describeSettings(loaded))],
    ["versions.txt", await versions(settings)],
    ["receipts.json", tableOf(settings.paths.state, "switches")],
    ["incidents.json", tableOf(settings.paths.state, "incidents")],
    ["nginx.conf", attempt(() => renderNginxConfig(settings))],
    ["config.txt", await textOf("/boot/firmware/config.txt")],
    ["log.txt", await said("journalctl", ["--unit=smart-toggle", "--no-pager", `--lines=${journalLines}`])],
    ["unit.txt", await said("systemctl", ["status", "--no-pager", "--full", "--lines=0", "smart-toggle"])],
  ];
}

async function versions({ stream, nginx, cameras }: Settings): Promise<string> {
  const lines = [
    `smart-toggle ${version}`,
    `node ${process.version} ${arch()}`,
    `kernel ${release()}, up ${Math.round(uptime() / 3600)} h`,
    await textOf("/proc/device-tree/model"),
    await textOf("/etc/os-release"),
    await said(stream.ffmpegProgram, ["-version"]),
    await said(nginx.program, ["-v"]),
    await said(cameras.vidProgram, ["--version"]),
  ];
  return `${lines.map((line) => line.replaceAll("\0", "").trim()).join("\n\n")}\n`;
}

/** The newest rows, also while the service runs. */
function tableOf(state: string, table: "switches" | "incidents"): string {
  return attempt(() => {
    const connection = openForReading(state);
    if (connection === null) return "There is no database yet.\n";
    try {
      return asJson(connection.prepare(`SELECT * FROM ${table} ORDER BY id DESC LIMIT ${rows}`).all());
    } finally {
      connection.close();
    }
  });
}

function attempt(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return `It cannot be had: ${String(error)}\n`;
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => `It cannot be had: ${String(error)}\n`);
}

async function said(program: string, args: readonly string[]): Promise<string> {
  const answer = await readAnswer({ program, args, limitMs: 15_000, env: { ...process.env, PATH: programPath } });
  return answer.known ? `${answer.value.text}\n` : `It cannot be had: ${answer.why}\n`;
}
