/**
 * A4 B3 what the service does, and says, about faults of its cameras. Seven faults more, which end as one of these does,
 * with WHOLE=1: each is met at some steps of a switch by the matrix of faults in any case.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import type { FaultInput } from "../../../server/camera/simulated/faults.js";
import type { Receipt, SwitchProblem } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import type { SourceWatch } from "../../support/source-watch.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

/** Quick cameras and short limits: what is tested is the order of things, not their length. */
const settings = {
  cameras: quickCameras,
  switch: { firstFrameMs: 2500, stopMs: 400, terminateMs: 200, deadlineMs: 8000 },
} as const;

let product: Product | undefined;

async function start(): Promise<Product> {
  product = await Product.start({ settings });
  return product;
}

afterEach(async () => {
  await product?.close();
  product = undefined;
});

async function switchTo(it: Product, camera: number): Promise<Receipt> {
  const { body } = await it.api<Receipt | SwitchProblem>("/api/switch", { camera });
  return "receipt" in body ? body.receipt : body;
}

/** A picture of this camera, fresh and shown, within so many milliseconds. */
async function pictureOf(it: Product, camera: number, withinMs = 20_000): Promise<void> {
  await until(`a picture of camera ${camera}`, withinMs, async () => {
    const { channels, switch: view } = await it.status();
    const [main] = channels;
    const fresh = main?.camera === camera && main.standIn === "none" && (main.frameAgeMs ?? Infinity) < 500;
    return view.kind === "idle" && fresh && !main.frozen;
  });
}

/** Comparable cases, which only the whole series runs. */
function ifWhole<Case>(...cases: Case[]): Case[] {
  return isWhole ? cases : [];
}

/** One product for all cases: each leaves it with camera 0 live, and none may have had two sources at once. */
describe("A3 A4 switches, most of them with a fault of one camera", () => {
  let it: Product;
  let watch: SourceWatch;

  beforeAll(async () => {
    it = await Product.start({ settings });
    watch = it.watchSources();
  });

  afterEach(async () => {
    await Promise.all([it.setFault(0, null), it.setFault(1, null)]);
    await switchTo(it, 0);
    await pictureOf(it, 0);
    expect(watch.report().violations).toEqual([]);
  });

  afterAll(() => it.close());

  test.each<[FaultInput, string]>([
    [{ kind: "neverStarts" }, "cameraStartTimeout"],
    [{ kind: "busy" }, "cameraBusy"],
    [{ kind: "gone" }, "cameraGone"],
    [{ kind: "die", afterFrames: 0 }, "cameraExited"],
    [{ kind: "wrongSize", width: 640, height: 480 }, "sizeRefused"],
    ...ifWhole<[FaultInput, string]>(
      [{ kind: "slowStart", ms: 6000 }, "cameraStartTimeout"],
      [{ kind: "restartLoop", afterFrames: 0 }, "cameraStartTimeout"],
      [{ kind: "hang", afterFrames: 0 }, "cameraStartTimeout"],
    ),
  ])("the new one, %o: the switch returns to the former camera", async (fault, code) => {
    await it.setFault(1, fault);
    const receipt = await switchTo(it, 1);
    expect(receipt).toMatchObject({ outcome: "rolledBack", from: 0, to: 1, live: 0, reason: { code } });
    await pictureOf(it, 0);
    await it.setFault(1, null);
    expect(await switchTo(it, 1)).toMatchObject({ outcome: "committed", live: 1 });
  });

  test("the new one dies after its first frames: whatever the switch says, a picture returns", async () => {
    await it.setFault(1, { kind: "die", afterFrames: 2 });
    expect((await switchTo(it, 1)).outcome).toBe("rolledBack");
    await pictureOf(it, 0);
  });

  test.each<[FaultInput]>([
    [{ kind: "torn", everyFrames: 5 }],
    ...ifWhole<[FaultInput]>([{ kind: "garbage", everyFrames: 2 }], [{ kind: "unevenRate", jitterMs: 60 }]),
  ])("the new one, %o: is a nuisance and no failure", async (fault) => {
    await it.setFault(1, fault);
    expect(await switchTo(it, 1)).toMatchObject({ outcome: "committed", live: 1 });
    await pictureOf(it, 1);
  });

  test.each<[FaultInput]>([
    [{ kind: "ignoreSigint", sigterm: true }],
    [{ kind: "hang" }],
    [{ kind: "freeze" }],
    [{ kind: "die", signal: "SIGSEGV" }],
    ...ifWhole<[FaultInput]>([{ kind: "ignoreSigint" }], [{ kind: "restartLoop" }]),
  ])("the former one, %o: the switch goes forward", async (fault) => {
    await it.setFault(0, fault);
    const receipt = await switchTo(it, 1);
    expect(receipt, JSON.stringify(receipt)).toMatchObject({ outcome: "committed", live: 1 });
    await pictureOf(it, 1);
  });

  test("of fifty requests at once the first and the last are run: the newest wins", async () => {
    const asked = Array.from({ length: 50 }, (_, n) => it.api<object>("/api/switch", { camera: (n + 1) % 2 }));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 409).length).toBeGreaterThan(40);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
  });
});

describe("A4 both cameras broken", () => {
  it("fails, says why, tries on, and comes back by itself when one works again", async () => {
    const it = await start();
    const watch = it.watchSources();
    await it.setFault(1, { kind: "busy" });
    await it.setFault(0, { kind: "ignoreSigint" });
    const asked = switchTo(it, 1);
    await until("the way back", 5000, async () => {
      const view = (await it.status()).switch;
      return view.kind === "switching" && view.direction === "back";
    }).catch(() => undefined);
    await it.setFault(0, { kind: "busy" });
    const receipt = await asked;
    if (receipt.outcome === "failed") {
      expect(receipt.reason?.code).toBe("cameraBusy");
      expect((await it.status()).switch.kind).toBe("recovering");
    }
    await it.setFault(0, null);
    await pictureOf(it, 0);
    expect(watch.report().violations).toEqual([]);
  });

  it("says so on the channel while no camera ever came", async () => {
    product = await Product.prepare({ settings });
    mkdirSync(join(product.simulation, "faults"), { recursive: true });
    await product.setFault(0, { kind: "gone" });
    await product.setFault(1, { kind: "gone" });
    product.spawn();
    const it = product;
    await until("the slate", 15_000, async () => {
      const status = await it.status().catch(() => undefined);
      return status?.channels[0]?.standIn === "slate" && status.switch.kind === "recovering";
    });
    await until("the slate in the playlist", 10_000, async () => (await fetch(`${it.url}/hls/main/live.m3u8`)).ok);
    await it.setFault(1, null);
    // The first camera that is ever found gets the number 0; by now recovery may wait up to 30 s.
    await pictureOf(it, 0, 45_000);
  });
});

describe("B3 a live camera", () => {
  it.each<[FaultInput]>([
    [{ kind: "hang" }],
    [{ kind: "freeze" }],
    [{ kind: "restartLoop" }],
    [{ kind: "die", signal: "SIGKILL" }],
  ])("%o: is found and replaced", async (fault) => {
    const it = await start();
    const watch = it.watchSources();
    await it.setFault(0, fault);
    await until("that it is noticed", 10_000, async () => {
      const status = await it.status();
      return status.switch.kind === "recovering" || status.channels[0]?.standIn !== "none";
    });
    await it.setFault(0, null);
    await pictureOf(it, 0);
    expect(watch.report().violations).toEqual([]);
  });

  it("I7 is called frozen when a restart does not help", async () => {
    const it = await start();
    await it.setFault(0, { kind: "freeze" });
    await until("that it is called frozen after its restart", 20_000, async () => {
      const [main] = (await it.status()).channels;
      return main?.frozen === true && main.frames > 50;
    });
  });
});
