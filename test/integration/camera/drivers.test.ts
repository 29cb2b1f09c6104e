import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseDriver } from "../../../server/camera/choose-driver.js";
import { listCameras } from "../../../server/camera/list-command.js";
import { devicePath } from "../../../server/camera/simulated/simulation.js";
import { settingsSchema, type SettingsInput } from "../../../server/config/schema.js";
import { silentLog, type Log } from "../../../server/lib/log.js";
import { markedProcesses } from "../../support/marked-processes.js";
import { strangerWith } from "../../support/stranger.js";

const listing = `Available cameras
-----------------
0 : imx708 [4608x2592 10-bit RGGB] (/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a)
`;

describe("chooseDriver", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-drivers-"));
  });

  afterEach(() => {
    expect(markedProcesses("none", [folder])).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  /** A program that does as this piece of Node says. */
  function program(name: string, code: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!${process.execPath}\n${code}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function choose(cameras: NonNullable<SettingsInput["cameras"]>): Promise<{ kind: string; said: string }> {
    let said = "";
    const log: Log = { ...silentLog, info: (message) => (said += message) };
    const settings = settingsSchema.parse({ cameras }).cameras;
    const driver = await chooseDriver({ settings, liveDirectory: folder, log });
    return { kind: driver.kind, said };
  }

  const installed = () => ({ vidProgram: program("rpicam-vid", ""), helloProgram: program("rpicam-hello", "") });

  it("takes rpicam-vid where it exists and finds cameras", async () => {
    const helloProgram = program("hello", `process.stdout.write(${JSON.stringify(listing)})`);
    expect(await choose({ ...installed(), helloProgram })).toEqual({ kind: "rpicam", said: "" });
  });

  it("simulates where it does not exist, and says so", async () => {
    const missing = { vidProgram: "/nowhere/rpicam-vid" };
    const { kind, said } = await choose(missing);
    expect(kind).toBe("simulated");
    expect(said).toBe("The cameras are simulated: /nowhere/rpicam-vid is not installed");
  });

  it("simulates where no camera is found, or the listing fails", async () => {
    const none = await choose({
      ...installed(),
      helloProgram: program("none", `console.log("No cameras available!")`),
    });
    expect(none).toEqual({ kind: "simulated", said: "The cameras are simulated: no camera is connected" });
    const broken = `console.error("ERROR: *** failed to acquire camera /base/x ***"); process.exit(255)`;
    const failing = await choose({ ...installed(), helloProgram: program("broken", broken) });
    expect(failing.kind).toBe("simulated");
    expect(failing.said).toContain("Another program uses the camera");
  });

  it("does as the settings say", async () => {
    expect((await choose({ driver: "rpicam", vidProgram: "/nowhere" })).kind).toBe("rpicam");
    expect(await choose({ ...installed(), driver: "simulated" })).toMatchObject({ kind: "simulated" });
  });

  it("ends a listing that is aborted", async () => {
    const helloProgram = program("slow", "setInterval(() => undefined, 1000)");
    const settings = settingsSchema.parse({ cameras: { driver: "rpicam", helloProgram } }).cameras;
    const driver = await chooseDriver({ settings, liveDirectory: folder, log: silentLog });
    await expect(driver.list(AbortSignal.timeout(200))).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("smart-toggle cameras", () => {
  it("lists simulated cameras with their numbers, in the order of the settings", async () => {
    const live = mkdtempSync(join(tmpdir(), "smart-toggle-list-"));
    const order = ["/base/gone", "/base/simulated/i2c@80000/ov5647@36"];
    const settings = settingsSchema.parse({ cameras: { driver: "simulated", order }, paths: { live } });
    const text = await listCameras(settings, false);
    expect(text.split("\n").filter((line) => /^\d/.test(line))).toEqual([
      "0  unknown  NOT CONNECTED",
      "1  ov5647 [2592x1944 10-bit GBRG]",
      "2  imx708 [4608x2592 10-bit RGGB]",
    ]);
    expect(JSON.parse(await listCameras(settings, true))).toMatchObject({ driver: "simulated", cameras: [{}, {}, {}] });
    rmSync(live, { recursive: true });
  });

  it("names the program that holds a camera, and its number", async () => {
    const directory = mkdtempSync(join(tmpdir(), "smart-toggle-held-"));
    const settings = settingsSchema.parse({ cameras: { driver: "simulated", simulated: { directory } } });
    await listCameras(settings, true);
    const stranger = await strangerWith(devicePath(directory, 1));
    try {
      const { cameras } = JSON.parse(await listCameras(settings, true)) as { cameras: { heldBy: object[] | null }[] };
      expect(cameras[0]?.heldBy ?? []).toEqual([]);
      expect(cameras[1]?.heldBy).toEqual([{ pid: stranger.pid, program: "sleep" }]);
      expect(await listCameras(settings, false)).toContain(`\n   held by sleep, process ${stranger.pid}\n`);
    } finally {
      stranger.end();
      rmSync(directory, { recursive: true });
    }
  });
});
