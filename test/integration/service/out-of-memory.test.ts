/**
 * B4 the kernel kills for want of memory, under a real limit: first the encoder, then the controller. Both come back by
 * themselves, and the reason is told.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import type { Incident, IncidentPage } from "../../../server/http/wire-protection.js";
import { rolesOf } from "../../bench/roles.js";
import { killFirst, MemoryLimit } from "../../support/memory-limit.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { until } from "../../support/until.js";

const settings = { cameras: quickCameras } as const;
const megabyte = 1_000_000;
/** Beyond what runs already: Node itself takes about half of it. */
const roomBytes = 90 * megabyte;

/** Takes 4 MB every 20 ms, for ever. */
const glutton = "const taken = []; setInterval(() => taken.push(Buffer.alloc(4e6, 1)), 20);";

let product: Product | undefined;
let limit: MemoryLimit | undefined;
let hog: ChildProcess | undefined;

afterEach(async () => {
  hog?.kill("SIGKILL");
  await product?.close();
  await until("an empty group", 5000, () => closes(limit));
});

/** A process that has just ended is still counted for a moment. */
function closes(group: MemoryLimit | undefined): boolean {
  try {
    group?.close();
    return true;
  } catch {
    return false;
  }
}

/** Eats memory in the group until `isOver`. */
async function starve(group: MemoryLimit, what: string, isOver: () => Promise<boolean>): Promise<void> {
  group.limitBytes = group.usageBytes + roomBytes;
  hog = spawn("setpriv", ["--pdeathsig", "KILL", "--", process.execPath, "-e", glutton], { stdio: "ignore" });
  group.add(hog.pid ?? 0);
  try {
    await until(what, 30_000, isOver);
  } finally {
    hog.kill("SIGKILL");
    group.limitBytes = 4000 * megabyte;
  }
}

async function incidents(it: Product): Promise<readonly Incident[]> {
  const answer = await it.api<IncidentPage>("/api/incidents?limit=100").catch(() => undefined);
  return answer?.body.incidents ?? [];
}

const tellsOfMemory =
  (kind: Incident["kind"]) =>
  (incident: Incident): boolean =>
    incident.kind === kind && incident.message.includes("out of memory");

describe("B4 out of memory", () => {
  it("kills the encoder, then the controller: each comes back, and the reason is told", async (context) => {
    const group = (limit = MemoryLimit.open() ?? undefined);
    if (group === undefined) return context.skip("this machine lets us set no memory limit");
    const it = (product = await Product.prepare({ settings, supervised: true }));
    it.spawn();
    group.add(it.pid ?? 0);
    await it.waitUntilReady();

    const [encoder = 0] = rolesOf(it).encoders;
    killFirst(encoder);
    await starve(group, "the end of the encoder", () => Promise.resolve(!rolesOf(it).encoders.includes(encoder)));
    await until("its incident", 10_000, async () => (await incidents(it)).some(tellsOfMemory("encoder")));
    await it.waitUntilReady();

    const { startedAt } = (await it.status()).service;
    const { controller } = rolesOf(it);
    killFirst(controller);
    await starve(group, "the end of the controller", () => Promise.resolve(rolesOf(it).controller !== controller));
    await it.waitUntilReady();
    expect((await it.status()).service.startedAt).toBeGreaterThan(startedAt);
    await until("its incident", 10_000, async () => (await incidents(it)).some(tellsOfMemory("controller")));
  });
});
