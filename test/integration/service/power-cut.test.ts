/**
 * B4 a power cut: everything dies at once, and what was not synced is lost. The state folder is copied while the product
 * writes to it, as the card would hold it at that moment, and its write-ahead log is cut off anywhere, as if the rest had
 * not reached the card. Each such copy must be a clean start.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Database } from "../../../server/config/database.js";
import { StateManager } from "../../../server/config/state-manager.js";
import type { ReceiptPage } from "../../../server/http/wire.js";
import { silentLog } from "../../../server/lib/log.js";
import { Receipts } from "../../../server/switch/receipts.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { randomNumbers } from "../../support/random.js";
import { until } from "../../support/until.js";

const copies = 24;
const settings = { cameras: quickCameras };

let folder: string;
let product: Product;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "power-cut-"));
  product = await Product.start({ settings });
});

afterAll(async () => {
  await product.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As the card holds it now, and the log of what was written last cut off at a random byte. */
function cutPower(state: string, target: string, random: () => number): void {
  cpSync(state, target, { recursive: true, filter: (path) => !path.endsWith("-shm") && !path.includes("lock.db") });
  const log = join(target, "smart-toggle.db-wal");
  if (existsSync(log)) truncateSync(log, Math.floor(random() * (statSync(log).size + 1)));
}

/** Opens it as the next start does; whatever it holds must be whole. */
function judge(state: string): void {
  const database = new Database(state, silentLog);
  try {
    expect(database.setAside).toBeNull();
    expect(database.connection.pragma("integrity_check", { simple: true })).toBe("ok");
    const { activeCamera, mode } = new StateManager(database);
    expect([null, 0, 1]).toContain(activeCamera);
    expect(mode).toBe("toggle");
    const receipts = new Receipts(database.connection, silentLog).list({ limit: 1000 });
    expect(receipts.filter(({ outcome }) => outcome === null)).toEqual([]);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(receipts.length);
  } finally {
    database.close();
  }
}

it(`B4 I6 ${copies} power cuts at random moments leave a state that is whole`, async () => {
  const random = randomNumbers(11);
  const switching = new AbortController();
  const switches = (async () => {
    for (let camera = 1; !switching.signal.aborted; camera = 1 - camera) await product.api("/api/switch", { camera });
  })();
  const state = join(product.directory, "state");
  for (let copy = 0; copy < copies; copy += 1) {
    await wait(random() * 400);
    cutPower(state, join(folder, copy.toString()), random);
  }
  switching.abort();
  await switches;
  for (const copy of readdirSync(folder)) judge(join(folder, copy));
});

it("B4 I3 the whole product starts clean on such a state, with tmpfs lost", async () => {
  const random = randomNumbers(12);
  const state = join(product.directory, "state");
  const request = product.api("/api/switch", { camera: 1 }).catch(() => null);
  await wait(150);
  await product.kill9();
  await request;
  const copy = join(folder, "whole");
  cutPower(state, copy, random);
  product.loseTmpfs();
  rmSync(state, { recursive: true });
  cpSync(copy, state, { recursive: true });
  await product.launch();
  // Its own first switch may still be under way; one that the cut left open would stay so.
  await until("the end of every switch", 10_000, async () => {
    const { body } = await product.api<ReceiptPage>("/api/switches?limit=100");
    return body.receipts.every(({ outcome }) => outcome !== null);
  });
  expect((await product.status()).channels[0]?.standIn).toBe("none");
});
