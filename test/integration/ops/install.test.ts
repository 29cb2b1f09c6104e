import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../../server/lib/package-root.js";
import { findProgram } from "../../../server/process/find-program.js";

let root: string;

const at = (path: string): string => join(root, path);

function run(action: string): void {
  const script = join(packageRoot, "scripts/install.sh");
  const { status, stderr } = spawnSync(script, [action], { env: { ...process.env, DESTDIR: root }, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}

/** What the installed program says; it finds nothing of this folder's packages. */
function installed(...args: readonly string[]): string {
  const main = at("opt/smart-toggle/dist/server/main.js");
  const env = { PATH: process.env["PATH"], SMART_TOGGLE_CONFIG: at("etc/smart-toggle/settings.json") };
  return spawnSync(process.execPath, [main, ...args], { cwd: "/", env, encoding: "utf8" }).stdout;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "install-"));
  run("install");
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe("make install", () => {
  it("puts a program in place that runs on its own packages, and the unit that starts it", () => {
    expect(installed("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    const settings = JSON.parse(installed("config", "--json")) as { key: string; value: unknown }[];
    const valueOf = (name: string) => settings.find(({ key }) => key === name)?.value;
    expect(valueOf("paths.state")).toBe("/var/lib/smart-toggle");
    expect([valueOf("access.auth"), valueOf("tls.mode")]).toEqual(["accounts", "self-made"]);
    expect(existsSync(at("opt/smart-toggle/dist/web/index.html"))).toBe(true);
    for (const path of ["vitest", "better-sqlite3/deps", "fluent-ffmpeg/coverage"]) {
      expect([path, existsSync(at(`opt/smart-toggle/node_modules/${path}`))]).toEqual([path, false]);
    }
    const unit = readFileSync(at("usr/local/lib/systemd/system/smart-toggle.service"), "utf8");
    const [, command = ""] = /^ExecStart=(\S+)/m.exec(unit) ?? [];
    expect(statSync(at(command)).mode & 0o111).toBe(0o111);
    expect(readFileSync(at(command), "utf8")).toContain(" /opt/smart-toggle/dist/server/main.js ");
  });

  it("loads every package that the service needs", () => {
    const load = 'import(process.argv[1]).then(() => console.log("loaded"))';
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", load, at("opt/smart-toggle/dist/server/app.js")], {
      cwd: "/",
      encoding: "utf8",
    });
    expect(stdout + stderr).toBe("loaded\n");
  });

  it("keeps the settings when it is repeated, and when it is taken back", () => {
    const settings = at("etc/smart-toggle/settings.json");
    writeFileSync(settings, '{"rotation":{"seconds":77}}');
    run("install");
    expect(installed("config")).toContain("77");
    // From before there were accounts: it stays as open as it was.
    expect(installed("config")).toMatch(/^access\.auth +"off" +default/m);
    run("uninstall");
    expect(readFileSync(settings, "utf8")).toBe('{"rotation":{"seconds":77}}');
    for (const path of ["opt/smart-toggle", "usr/local/bin/smart-toggle"]) expect(existsSync(at(path))).toBe(false);
    run("uninstall");
  });
});

describe("make install-container", () => {
  it("puts what docker compose needs in place of its unit, and takes it back", () => {
    run("install-container");
    const unit = readFileSync(at("usr/local/lib/systemd/system/smart-toggle-container.service"), "utf8");
    const files = [...unit.matchAll(/\/opt\/smart-toggle-container\/[\w.-]+/g)].map(([path]) => path);
    expect(files.length).toBeGreaterThan(2);
    for (const path of files) expect(existsSync(at(path)), path).toBe(true);
    const read = (file: string) => readFileSync(join(packageRoot, "docker", file), "utf8");
    const settings = JSON.parse(read("settings.container.json")) as object;
    expect(settings).toEqual({ access: { auth: "accounts" }, tls: { mode: "self-made" } });
    expect(read("Dockerfile")).toMatch(/^EXPOSE 8001 8443$/m);
    expect(read("compose.yaml")).not.toMatch(/^\s*(?:privileged|cap_add):/m);
    run("uninstall-container");
    expect(existsSync(at("opt/smart-toggle-container"))).toBe(false);
  });

  it("names the camera's devices that are there, and none that is not", () => {
    const file = at("devices.yaml");
    spawnSync(join(packageRoot, "docker/camera-devices.sh"), [file]);
    const devices = [...readFileSync(file, "utf8").matchAll(/^ {6}- (.*?):\1:rw$/gm)].map(([, path = ""]) => path);
    for (const path of devices) expect(statSync(path).isCharacterDevice(), path).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(/devices:(?: \[\]\n|\n {6}- \/dev\/)/);
  });
});

describe("the units of systemd", () => {
  const analyze = findProgram("systemd-analyze");
  const units = ["smart-toggle", "smart-toggle-container"];
  it.skipIf(analyze === null).each(units)("%s is exposed below 3.0", (name) => {
    const unit = join(packageRoot, `docker/${name}.service`);
    const args = ["security", "--offline=true", "--threshold=30", "--no-pager", unit];
    const { stdout, status } = spawnSync(analyze ?? "", args, { encoding: "utf8" });
    expect(status, stdout.split("\n").at(-2)).toBe(0);
  });
});
