import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { devicePath } from "../../../server/camera/simulated/simulation.js";
import type {
  CameraView,
  ListedCamera,
  ModeView,
  Problem,
  ProfileChange,
  Receipt,
  RotationView,
} from "../../../server/http/wire.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { Product, type ProductOptions } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { strangerWith } from "../../support/stranger.js";
import { until } from "../../support/until.js";

let product: Product | undefined;

async function start(settings: ProductOptions["settings"] = { cameras: quickCameras }): Promise<Product> {
  product = await Product.start({ settings });
  return product;
}

afterEach(async () => {
  await product?.close();
  product = undefined;
});

async function showing(it: Product, camera: number): Promise<void> {
  await until(`camera ${camera}`, 15_000, async () => {
    const { channels, switch: view } = await it.status();
    return view.kind === "idle" && view.live === camera && channels[0]?.standIn === "none";
  });
}

const main = join(packageRoot, "dist/server/main.js");

/** One product for all cases: each leaves it with camera 0 live, and nothing else going on. */
describe("what changes while it runs", () => {
  let it: Product;

  beforeAll(async () => {
    it = await Product.start({ settings: { cameras: quickCameras } });
  });

  afterEach(async () => {
    await it.setFault(0, null);
    await it.api("/api/rotation", { enabled: false, seconds: 5 }, "PUT");
    await it.api("/api/mode", { mode: "toggle" }, "PUT");
    await it.api("/api/switch", { camera: 0 });
    await showing(it, 0);
  });

  afterAll(() => it.close());

  test("A4 A7 rolls a profile back that does not work, and stores nothing of it", async () => {
    await it.setFault(0, { kind: "wrongSize", width: 320, height: 240 });
    const { status, body } = await it.api<Problem>("/api/cameras/0", { width: 640, height: 480 }, "PATCH");
    expect(status).toBe(502);
    expect(body).toMatchObject({ code: "switchFailed", receipt: { outcome: "rolledBack", live: 0 } });
    const cameras = (await it.api<CameraView[]>("/api/cameras")).body;
    expect(cameras[0]?.profile).toMatchObject({ width: 320, height: 240 });
    await showing(it, 0);
  });

  test("lists the cameras with the programs of others that hold them", async () => {
    const stranger = await strangerWith(devicePath(it.simulation, 1));
    const cameras = (await it.api<ListedCamera[]>("/api/cameras")).body;
    stranger.end();
    // Our own program, which has camera 0, is none of them.
    expect(cameras.map(({ heldBy }) => heldBy ?? [])).toEqual([[], [{ pid: stranger.pid, program: "sleep" }]]);
  });

  test("A7 names every wrong field of a profile and changes nothing", async () => {
    const { status, body } = await it.api<Problem>("/api/cameras/0", { width: 641, fps: 24 }, "PATCH");
    expect(status).toBe(400);
    expect(body.errors?.map(({ field }) => field).sort()).toEqual(["fps", "width"]);
  });

  test("the settings as a file: exports what an import takes back", async () => {
    await it.api("/api/cameras/1", { label: "Yard", hflip: true }, "PATCH");
    const file = (await it.api<object>("/api/settings/file")).body;
    await it.api("/api/cameras/1", { label: "Other", hflip: false }, "PATCH");
    const answer = await it.api<{ changed: string[] }>("/api/settings/file", file, "PUT");
    expect(answer.status).toBe(200);
    expect((await it.status()).cameras[1]?.profile).toMatchObject({ label: "Yard", hflip: true });
  });

  test("the command line refuses a second service with the same state", async () => {
    const path = join(it.directory, "settings.json");
    const { status, stderr } = spawnSync(process.execPath, [main, "run", "--config", path], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/another smart-toggle|already/i);
    expect((await it.status()).switch.kind).toBe("idle");
  });

  test("the command line shows settings with their origins while the service runs", async () => {
    await it.api("/api/rotation", { enabled: false, seconds: 77 }, "PUT");
    const path = join(it.directory, "settings.json");
    const { stdout } = spawnSync(process.execPath, [main, "config", "--json", "--config", path], { encoding: "utf8" });
    const rows = JSON.parse(stdout) as { key: string; value: unknown; origin: string }[];
    expect(rows.find(({ key }) => key === "rotation.seconds")).toMatchObject({ value: 77, origin: "database" });
  });

  test("A6 rotation switches by itself and says when", async () => {
    const { body } = await it.api<RotationView>("/api/rotation", { enabled: true, seconds: 5 }, "PUT");
    expect(body.nextInMs).toBeGreaterThan(3000);
    await showing(it, 1);
    const [newest] = (await it.api<{ receipts: Receipt[] }>("/api/switches?limit=1")).body.receipts;
    expect(newest).toMatchObject({ trigger: "rotation", outcome: "committed" });
    await it.api("/api/rotation", { enabled: false, seconds: 5 }, "PUT");
    expect((await it.status()).rotation.nextInMs).toBeNull();
  });

  test("A1 off, asked for while the cameras are being turned on, stays off", async () => {
    await it.api<ModeView>("/api/mode", { mode: "off" }, "PUT");
    const on = it.api<ModeView>("/api/mode", { mode: "dual" }, "PUT");
    await until("the cameras on their way", 5000, async () => (await it.status()).switch.kind !== "off");
    const off = await it.api<ModeView>("/api/mode", { mode: "off" }, "PUT");
    await on;
    expect(off.body.mode).toBe("off");
    await until("off", 10_000, async () => (await it.status()).switch.kind === "off");
    const watch = it.watchSources();
    await until("no camera", 5000, () => watch.sample().length === 0);
    expect((await it.status()).mode).toBe("off");
  });
});

describe("what lasts over a restart", () => {
  it("A7 a profile: changes the live camera by a switch with a receipt, and keeps it over a restart", async () => {
    const it = await start();
    const { status, body } = await it.api<ProfileChange>(
      "/api/cameras/0",
      { width: 320, height: 240, fps: 10 },
      "PATCH",
    );
    expect(status).toBe(200);
    expect(body.receipt).toMatchObject({ trigger: "profile", outcome: "committed", from: 0, to: 0 });
    expect((await it.status()).channels[0]).toMatchObject({ width: 320, height: 240 });
    await it.stop();
    await it.launch();
    expect((await it.status()).channels[0]).toMatchObject({ width: 320, height: 240 });
  });

  it("A1 swaps the numbers; the label moves along with its camera", async () => {
    const it = await start();
    await it.api("/api/cameras/1", { label: "Gate" }, "PATCH");
    const before = (await it.status()).cameras;
    const order = before.map(({ id }) => id).reverse();
    const { status, body } = await it.api<CameraView[]>("/api/cameras/order", { order }, "PUT");
    expect(status).toBe(200);
    expect(body.map(({ id }) => id)).toEqual(order);
    expect(body[0]?.label).toBe("Gate");
    await showing(it, 0);
    await it.stop();
    await it.launch();
    expect((await it.status()).cameras.map(({ id }) => id)).toEqual(order);
  });

  it("A1 turns the cameras off, stays off over a restart, and comes back with the camera last committed", async () => {
    const it = await start();
    const watch = it.watchSources();
    await it.api("/api/switch", { camera: 1 });
    const off = await it.api<ModeView>("/api/mode", { mode: "off" }, "PUT");
    expect(off.body).toMatchObject({ mode: "off", receipt: { outcome: "committed", to: null } });
    expect(watch.sample()).toHaveLength(0);
    const playlist = await it.api<Problem>("/hls/main/live.m3u8");
    expect([playlist.status, playlist.body.code]).toEqual([503, "notLive"]);
    // Not even an NGINX that answers while the controller is down has something left to show.
    expect(existsSync(join(it.live, "hls/main/live.m3u8"))).toBe(false);
    expect((await it.api<Problem>("/api/switch", { camera: 0 })).status).toBe(409);
    await it.stop();
    it.spawn();
    await until("the restart", 10_000, () => it.status().catch(() => undefined));
    expect((await it.status()).switch.kind).toBe("off");
    expect(watch.sample()).toHaveLength(0);
    const on = await it.api<ModeView>("/api/mode", { mode: "toggle" }, "PUT");
    expect(on.body.receipt).toMatchObject({ outcome: "committed", live: 1 });
    expect(watch.report().violations).toEqual([]);
  });
});

describe("A1 cameras", () => {
  it("works with one camera, and refuses a second by name", async () => {
    const it = await start({ cameras: { simulated: { ...quickCameras.simulated, count: 1 } } });
    const { status, body } = await it.api<Problem>("/api/switch", { camera: 1 });
    expect([status, body.code]).toEqual([404, "unknownCamera"]);
    expect((await it.status()).cameras).toHaveLength(1);
  });
});

describe("the command line", () => {
  it("refuses a wrong configuration with all problems at once and exit code 2, before anything starts", async () => {
    product = await Product.prepare();
    const path = join(product.directory, "settings.json");
    const settings = JSON.parse(readFileSync(path, "utf8")) as Record<string, object>;
    writeFileSync(path, JSON.stringify({ ...settings, colour: 1, rotation: { seconds: "x" } }));
    const { status, stderr } = spawnSync(process.execPath, [main, "run", "--config", path], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("colour");
    expect(stderr).toContain("rotation.seconds");
  });

  it("stops within three seconds and leaves nothing", async () => {
    const it = await start();
    const end = await it.stop();
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(it.processes()).toEqual([]);
  });
});
