import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examine } from "../../../server/app/doctor/examine.js";
import { settingsSchema, type Settings, type SettingsInput } from "../../../server/config/schema.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { readAnswer } from "../../../server/process/read-answer.js";
import type { Finding } from "../../../server/ops/doctor/finding.js";
import { readDisk, readMemory, within } from "../../../server/ops/doctor/machine-probes.js";
import { freePorts } from "../../support/free-ports.js";
import { Product } from "../../support/product.js";
import { SimulatedPi } from "../../support/simulated-pi.js";

let folder: string;
let pi: SimulatedPi;
let settings: Settings;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  pi = new SimulatedPi();
  const [http = 0, nginx = 0, verifyPort = 0] = await freePorts(3);
  mkdirSync(join(folder, "state"));
  mkdirSync(join(folder, "dev"));
  const input: SettingsInput = {
    http: { port: http },
    nginx: { port: nginx, verifyPort, address: "127.0.0.1" },
    cameras: { driver: "simulated" },
    guard: pi.guard,
    recording: { directory: join(folder, "recordings") },
    paths: { state: join(folder, "state"), live: "/dev/shm" },
  };
  settings = settingsSchema.parse(input);
});

afterEach(() => {
  pi.close();
  rmSync(folder, { recursive: true });
});

/** By their subjects. */
async function findings(): Promise<(subject: string) => Finding | undefined> {
  const surroundings = { bootConfigs: [join(folder, "config.txt")], devices: join(folder, "dev") };
  const report = await examine(settings, surroundings);
  return (subject) => report.findings.find((finding) => finding.subject.startsWith(subject));
}

function smartToggle(directory: string, ...args: readonly string[]) {
  const main = join(packageRoot, "dist/server/main.js");
  const env = { ...process.env, SMART_TOGGLE_CONFIG: join(directory, "settings.json") };
  return spawnSync(process.execPath, [main, ...args], { cwd: directory, encoding: "utf8", env });
}

describe("the doctor", () => {
  it("finds a Pi well that is", async () => {
    writeFileSync(join(folder, "config.txt"), "camera_auto_detect=1\n");
    const of = await findings();
    for (const subject of [
      "power",
      "throttling",
      "temperature",
      "camera in",
      "ffmpeg",
      "nginx",
      "encoder",
      "port",
      "disk",
    ]) {
      expect(of(subject), subject).toMatchObject({ verdict: "good" });
    }
    expect(of("encoder")?.why).toMatch(/auto takes libx264 \(libx264: encoded a second/);
    expect(readdirSync(join(folder, "state"))).toEqual([]);
  });

  it("finds what is wrong with one, and says what mends it", async () => {
    pi.temperature(81);
    pi.throttled({ underVoltage: true, throttled: true });
    writeFileSync(join(folder, "config.txt"), "dtoverlay=vc4-kms-v3d\n");
    const server = createServer().listen(settings.nginx.port, "127.0.0.1");
    await once(server, "listening");
    const of = await findings();
    server.close();
    expect(of("power")).toMatchObject({ verdict: "broken", mend: expect.stringContaining("27 W") as string });
    expect(of("throttling")).toMatchObject({ verdict: "broken" });
    expect(of("temperature")).toMatchObject({ verdict: "broken", why: expect.stringContaining("81.0 °C") as string });
    expect(of("camera in")).toMatchObject({ verdict: "broken" });
    const busy = of(`port ${settings.nginx.port}`);
    expect(busy).toMatchObject({ verdict: "broken", why: expect.stringContaining(`process ${process.pid}`) as string });
  });

  it("lists the cameras where no service runs, and tells of a listing that fails", async () => {
    const program = (name: string, script: string): string => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return join(folder, name);
    };
    const listing = "0 : imx708 [4608x2592 10-bit RGGB] (/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a)";
    const helloProgram = program("hello", `echo "Available cameras"; echo "${listing}"`);
    settings = { ...settings, cameras: { ...settings.cameras, driver: "rpicam", helloProgram } };
    expect((await findings())("cameras")).toMatchObject({ verdict: "good", why: "0 imx708" });
    program("hello", 'echo "ERROR: *** failed to acquire camera /base/x ***" >&2; exit 255');
    expect((await findings())("cameras")).toMatchObject({ verdict: "broken" });
  });

  it("asks for the rights to what the service opens, and not to the whole firmware where a part of it is enough", async () => {
    writeFileSync(join(folder, "config.txt"), "camera_auto_detect=1\n");
    mkdirSync(join(folder, "dev/dma_heap"));
    for (const name of ["media0", "vcio", "vcio_gencmd", "null", "dma_heap/system"])
      writeFileSync(join(folder, "dev", name), "");
    expect((await findings())("permissions")?.why).toMatch(/may use all of 5 folders and devices/);
    rmSync(join(folder, "config.txt"));
    expect((await findings())("permissions")?.why).toMatch(/may use all of 4 /);
  });

  it("calls unknown what cannot be read, and waits for nothing that hangs", async () => {
    pi.removeVoltageAlarm();
    pi.break("thermal", "garbage");
    pi.break("vcgencmd", "hang");
    const of = await findings();
    for (const subject of ["power", "throttling", "temperature"]) {
      expect(of(subject), subject).toMatchObject({ verdict: "unknown", mend: null });
    }
    expect(await within(100, new Promise(() => undefined))).toMatchObject({ known: false });
    expect(await readAnswer({ program: "sleep", args: ["60"], limitMs: 100 })).toMatchObject({ known: false });
    expect(await readAnswer({ program: "/nowhere", args: [], limitMs: 100 })).toMatchObject({ known: false });
  });

  it("measures a disk and the memory", async () => {
    const disk = await readDisk(folder);
    expect(disk).toMatchObject({ known: true });
    expect(disk.known && disk.value.bytesPerSecond).toBeGreaterThan(0);
    expect(await readMemory()).toMatchObject({ known: true });
  });
});

describe("the commands", () => {
  it("doctor asks the running service and ends with 0; support holds no planted secret, and is its owner's alone", async () => {
    const secret = "hunter2-Sw0rdf1sh";
    const product = await Product.start({
      settings: {
        http: { hosts: [] },
        access: { auth: "accounts" },
        cameras: { profiles: { 0: { label: `token=${secret}` } } },
        log: { level: "info" },
      },
    });
    try {
      const token = readFileSync(join(product.directory, "state/set-up.token"), "utf8").trim();
      const waiting = smartToggle(product.directory, "set-up-link", "--waiting").stdout;
      expect(waiting).toBe(`${product.url}/#set-up=${token}\n`);
      expect(smartToggle(product.directory, "doctor").stdout).toMatch(/WARNING +accounts +nobody can sign in yet/);
      await product.api("/api/setup", { token, name: "Ann", password: secret });
      expect(smartToggle(product.directory, "set-up-link", "--waiting").stdout).toBe("");
      const key = (await product.api<{ secret: string }>("/api/keys", { name: "mine", role: "viewer", days: 1 })).body;
      expect(key.secret).toMatch(/^stk_/);
      const doctor = smartToggle(product.directory, "doctor", "--json");
      const report = JSON.parse(doctor.stdout) as { findings: Finding[] };
      expect(report.findings.find(({ subject }) => subject === "accounts")).toMatchObject({ verdict: "good" });
      expect(report.findings.find(({ subject }) => subject === "service")).toMatchObject({ verdict: "good" });
      expect(report.findings.filter(({ subject }) => subject.startsWith("port")).map(({ why }) => why)).toEqual([
        expect.stringContaining("held by Smart Toggle by"),
        expect.stringContaining("held by Smart Toggle by"),
        expect.stringContaining("held by Smart Toggle by"),
      ]);
      const broken = report.findings.filter(({ verdict }) => verdict === "broken");
      expect([doctor.status, broken]).toEqual([0, []]);

      const bundle = join(product.directory, "bundle.tar.gz");
      expect(smartToggle(product.directory, "support", bundle).status).toBe(0);
      expect(statSync(bundle).mode & 0o777).toBe(0o600);
      const list = spawn("tar", ["-xzf", bundle, "-C", folder]);
      await once(list, "exit");
      const inside = join(folder, "smart-toggle-support");
      const texts = new Map(readdirSync(inside).map((name) => [name, readFileSync(join(inside, name), "utf8")]));
      for (const hidden of [secret, token, key.secret]) expect([...texts.values()].join("\n")).not.toContain(hidden);
      expect(texts.get("settings.json")).toContain("cameras.profiles.0.label");
      expect(texts.get("receipts.json")).toContain('"outcome": "committed"');
      expect(texts.get("versions.txt")).toMatch(/smart-toggle \d+\.\d+/);
      expect(texts.get("doctor.txt")).toContain("encoder");
    } finally {
      await product.close();
    }
  });
});
