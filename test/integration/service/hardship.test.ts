/** No room, and nowhere to write (I8): live view goes on where it can, says why where it cannot, and recovers by itself. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import type { SettingsInput } from "../../../server/config/schema.js";
import type { IncidentPage } from "../../../server/http/wire-protection.js";
import type { Receipt } from "../../../server/http/wire.js";
import { readChannel } from "../../support/channel-problems.js";
import { Product } from "../../support/product.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const quick: SettingsInput = { cameras: { simulated: { startMs: 100, stopMs: 50 } } };

let product: Product | undefined;
let disk: SmallDisk | undefined;

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

async function incidentOf(it: Product, code: string): Promise<void> {
  await until(`the incident ${code}`, 10_000, async () => {
    const { incidents } = (await it.api<IncidentPage>("/api/incidents?limit=50")).body;
    return incidents.some((incident) => incident.code === code);
  });
}

describe.skipIf(!SmallDisk.isPossible())("I8 hardship", () => {
  it("tmpfs full: the reason is told, nothing that is named is broken, and the picture returns", async () => {
    disk = new SmallDisk(24);
    const it = await start({ paths: { live: join(disk.directory, "live") } });
    disk.fill();
    await incidentOf(it, "publishFailed");
    expect(it.pid).toBeDefined();
    expect(readChannel(join(disk.directory, "live/hls/main")).problems).toEqual([]);
    disk.free();
    await movesOn(it, 20_000);
    await until("a live picture", 20_000, async () => (await fetch(`${it.url}/readyz`)).ok);
    expect(readChannel(join(disk.directory, "live/hls/main")).problems).toEqual([]);
  });

  it.each<[string, (disk: SmallDisk) => void, (disk: SmallDisk) => void]>([
    [
      "full",
      (it) => {
        it.fill();
      },
      (it) => {
        it.free();
      },
    ],
    [
      "read-only",
      (it) => {
        it.writable(false);
      },
      (it) => {
        it.writable(true);
      },
    ],
  ])(
    "the disk of the state %s: live view and switches go on, it is told, and writes come back",
    async (_how, harm, mend) => {
      disk = new SmallDisk(8);
      const it = await start({ paths: { state: join(disk.directory, "state") } });
      harm(disk);
      await movesOn(it, 5000);
      const { status, body } = await it.api<Receipt>("/api/switch", { camera: 1 });
      expect({ status, live: body.live }).toEqual({ status: 200, live: 1 });
      await until("the warning", 10_000, async () => {
        const { guard } = await it.status();
        return guard.warnings.some(({ code }) => code === "stateUnwritable");
      });
      mend(disk);
      const after = await it.api<Receipt>("/api/switch", { camera: 0 });
      expect(after.body.live).toBe(0);
      await until("that the warning goes", 20_000, async () => (await it.status()).guard.warnings.length === 0);
      await it.stop();
      expect(verdictOn(join(disk.directory, "state"))).toBe("ok");
      await it.launch();
      expect((await it.api<Receipt>(`/api/switches/${after.body.id}`)).body).toMatchObject({ outcome: "committed" });
    },
  );
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
