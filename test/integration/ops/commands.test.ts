import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SettingsInput } from "../../../server/config/schema.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { freePorts } from "../../support/free-ports.js";

describe("a command", { timeout: 120_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-commands-"));
    const [port = 0, nginxPort = 0, verifyPort = 0] = await freePorts(3);
    const settings: SettingsInput = {
      http: { port },
      // Nobody's: kept for documents (RFC 5737).
      nginx: { address: "192.0.2.1", port: nginxPort, verifyPort },
      access: { auth: "accounts" },
      cameras: { driver: "simulated" },
      recording: { directory: join(folder, "recordings") },
      paths: { state: join(folder, "state"), live: join(folder, "run/live") },
    };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
    writeFileSync(join(folder, "taken.tar.gz"), "mine");
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function smartToggle(...args: readonly string[]) {
    return smartToggleIn({}, ...args);
  }

  function smartToggleIn(further: NodeJS.ProcessEnv, ...args: readonly string[]) {
    const env = { ...process.env, SMART_TOGGLE_CONFIG: "settings.json", ...further };
    const main = join(packageRoot, "dist/server/main.js");
    return spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", env });
  }

  it.each([
    [["docter"], /^error: there is no command docter/],
    [["doctor", "--jsno"], /^error: unknown option '--jsno'/],
    [["verify"], /^error: missing required argument 'file'/],
    [["config", "--config", "none.json"], /none\.json: does not exist/],
  ])("%j that is not valid ends with 2, which tells systemd not to try it again", (args, said) => {
    const { status, stdout, stderr } = smartToggle(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(said);
  });

  it.each([
    [["drill"], /has no session\.key: no service has run with these settings/],
    [["set-up-link"], /There is no state folder .*: no service has run with these settings/],
    [["support", "taken.tar.gz"], /taken\.tar\.gz is there already\. Name another file/],
    [["support", "none/x.tar.gz"], /none\/x\.tar\.gz cannot be made \(ENOENT\)/],
  ])("%j that cannot be done says why in one line", (args, said) => {
    const { status, stderr } = smartToggle(...args);
    expect([status, stderr.trim().split("\n")]).toEqual([1, [expect.stringMatching(said)]]);
    expect(readFileSync(join(folder, "taken.tar.gz"), "utf8")).toBe("mine");
  });

  it.skipIf(process.getuid?.() !== 0)(
    "check makes what it makes as the service, and not as root that asks for it",
    () => {
      const [state, recordings] = [join(folder, "state"), join(folder, "recordings")];
      for (const path of [folder, state, recordings]) {
        mkdirSync(path, { recursive: true });
        chownSync(path, 65_534, 65_534);
      }
      // As /run is: the folder of live media can be made there by root alone.
      mkdirSync(join(folder, "run"));
      expect(smartToggle("check", "--repair").status).toBe(0);
      const made = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true }).filter(
        (one) => one.isFile() && one.parentPath !== folder,
      );
      expect(made.length).toBeGreaterThan(0);
      for (const { parentPath, name } of made) {
        const { uid, mode } = statSync(join(parentPath, name));
        expect([name, uid, mode & 0o077]).toEqual([name, 65_534, 0]);
      }
      expect(statSync(join(folder, "run/live")).uid).toBe(65_534);
      for (const path of [state, join(folder, "run")]) rmSync(path, { recursive: true });
    },
  );

  it("run ends with 1 where the address is not there yet, which comes with the network: systemd tries again, not at once", () => {
    const startMs = performance.now();
    const { status, stderr } = smartToggleIn({ NOTIFY_SOCKET: join(folder, "none") }, "run");
    expect(performance.now() - startMs).toBeGreaterThan(5000);
    expect([status, stderr.trim().split("\n").at(-1)]).toEqual([
      1,
      expect.stringMatching(/^smart-toggle: This machine has no address 192\.0\.2\.1 \(nginx\.address\) now/),
    ]);
  });
});
