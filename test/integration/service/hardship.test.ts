/** No room, and nowhere to write (I8): live view goes on where it can, says why where it cannot, and recovers by itself. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import type { SettingsInput } from "../../../server/config/schema.js";
import type { GapPage, IncidentPage } from "../../../server/http/wire-protection.js";
import type { Problem, Receipt } from "../../../server/http/wire.js";
import { readChannel } from "../../../server/hls/read-channel.js";
import { FailingDisk } from "../../support/failing-disk.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const quick: SettingsInput = { cameras: quickCameras };

let product: Product | undefined;
let disk: SmallDisk | FailingDisk | undefined;

afterEach(async () => {
  await product?.close();
  disk?.close();
  product = undefined;
  disk = undefined;
});

async function start(settings: SettingsInput): Promise<Product> {
  product = await Product.start({ settings: { ...quick, ...settings } });
  return product;
}

const playlistOf = async (it: Product): Promise<string> => (await fetch(`${it.url}/hls/main/live.m3u8`)).text();

/** The playlist goes on. */
async function movesOn(it: Product, withinMs: number): Promise<void> {
  const before = await playlistOf(it);
  await until("that the playlist goes on", withinMs, async () => (await playlistOf(it)) !== before);
}

/** It stands while it holds, in the status and among the incidents. */
async function isWarned(it: Product, code: string, isThere: boolean, withinMs: number): Promise<void> {
  await until(`that ${code} is ${isThere ? "told" : "over"}`, withinMs, async () => {
    const { guard } = await it.status();
    const { incidents } = (await it.api<IncidentPage>("/api/incidents?limit=50")).body;
    const told = incidents.find((incident) => incident.code === code);
    const lasts = told !== undefined && told.endedAt === null;
    return told !== undefined && lasts === isThere && guard.warnings.some((one) => one.code === code) === isThere;
  });
}

async function switchTo(it: Product, camera: number): Promise<Receipt> {
  const { status, body } = await it.api<Receipt>("/api/switch", { camera });
  expect({ status, live: body.live }).toEqual({ status: 200, live: camera });
  return body;
}

describe.skipIf(!SmallDisk.isPossible())("I8 no room", () => {
  it("on tmpfs: the reason is told, nothing that is named is broken, and the picture returns", async () => {
    const small = (disk = new SmallDisk(100));
    const it = await start({ paths: { live: join(small.directory, "live") } });
    const channel = join(small.directory, "live/hls/main");
    small.fill();
    await isWarned(it, "liveSpaceLow", true, 10_000);
    // What old media give back is taken too: else the channel goes on in it.
    const gap = await until("a gap", 30_000, async () => {
      small.fill();
      const { gaps } = (await it.api<GapPage>("/api/gaps?limit=5")).body;
      return gaps.find(({ to, planned }) => to === null && !planned);
    });
    expect(gap.message).not.toBe("");
    expect(readChannel(channel).problems).toEqual([]);
    small.free();
    await movesOn(it, 30_000);
    await until("a live picture", 30_000, async () => (await fetch(`${it.url}/readyz`)).ok);
    await isWarned(it, "liveSpaceLow", false, 30_000);
    expect(readChannel(channel).problems).toEqual([]);
  });

  it("on the disk of the state: live view and switches go on, it is told, and writes come back", async () => {
    const small = (disk = new SmallDisk(8));
    const it = await start({ paths: { state: join(small.directory, "state") } });
    small.fill();
    await movesOn(it, 5000);
    for (const camera of [1, 0, 1]) await switchTo(it, camera);
    await isWarned(it, "stateUnwritable", true, 15_000);
    const off = await it.api<Problem>("/api/mode", { mode: "off" }, "PUT");
    expect(off).toMatchObject({ status: 500, body: { code: "stateUnusable" } });
    expect(await it.status()).toMatchObject({ mode: "off", switch: { kind: "off" } });
    small.free();
    expect((await it.api("/api/mode", { mode: "toggle" }, "PUT")).status).toBe(200);
    const { id } = await switchTo(it, 0);
    await isWarned(it, "stateUnwritable", false, 20_000);
    await it.stop();
    expect(verdictOn(join(small.directory, "state"))).toBe("ok");
    await it.launch();
    expect((await it.api<Receipt>(`/api/switches/${id}`)).body).toMatchObject({ outcome: "committed" });
  });
});

describe.skipIf(!FailingDisk.isPossible())("I8 a card that fails and becomes read-only", () => {
  it("live view and switches go on, it is told, and the next start is clean", async () => {
    const failing = (disk = new FailingDisk());
    const it = await start({ paths: { state: join(failing.directory, "state") } });
    await switchTo(it, 1);
    failing.fail();
    await movesOn(it, 5000);
    for (const camera of [0, 1]) await switchTo(it, camera);
    await isWarned(it, "stateUnwritable", true, 15_000);
    await it.stop();
    failing.repair();
    expect(verdictOn(join(failing.directory, "state"))).toBe("ok");
    await it.launch();
    // Which camera it goes on with depends on what the card had taken in when it failed.
    expect((await it.status()).channels[0]?.standIn).toBe("none");
  });

  it("a start on it shows a picture with the settings it holds, says so, and switches", async () => {
    const failing = (disk = new FailingDisk());
    const it = await start({ paths: { state: join(failing.directory, "state") } });
    await switchTo(it, 1);
    await it.api("/api/cameras/1", { label: "Garden" }, "PATCH");
    await it.stop();
    failing.fail();
    await it.launch();
    await isWarned(it, "stateUnwritable", true, 10_000);
    const { channels, cameras } = await it.status();
    expect([channels[0]?.camera, cameras[1]?.label]).toEqual([1, "Garden"]);
    await switchTo(it, 0);
    await it.stop();
    failing.repair();
    await it.launch();
    expect((await it.status()).guard.warnings.map(({ code }) => code)).not.toContain("stateUnwritable");
  });
});

/** What SQLite itself says of the database. Nothing was set aside. */
function verdictOn(folder: string): unknown {
  expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toEqual([]);
  const database = new Sqlite(join(folder, "smart-toggle.db"));
  try {
    return database.pragma("integrity_check", { simple: true });
  } finally {
    database.close();
  }
}
