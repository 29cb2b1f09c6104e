/** A10 dual mode where not all is well: a camera that does not come, one that comes late, and heat. */
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { simulatedCamera } from "../../../server/camera/simulated/simulation.js";
import type { SettingsInput } from "../../../server/config/schema.js";
import type { ModeView, Receipt, ReceiptPage, RotationView, Status } from "../../../server/http/wire.js";
import { Product } from "../../support/product.js";
import { patientProduct, quickCameras } from "../../support/quick-cameras.js";
import { SimulatedPi } from "../../support/simulated-pi.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

let product: Product | undefined;
let pi: SimulatedPi | undefined;

afterEach(async () => {
  await product?.close();
  product = undefined;
  pi?.close();
  pi = undefined;
});

/** In toggle mode, with a picture. */
async function start(guard: SettingsInput["guard"] = {}): Promise<Product> {
  product = await Product.start({
    ...patientProduct,
    settings: {
      ...patientProduct.settings,
      // Both are known by name, also one that is not found at the start; at the full rate, which heat lowers.
      cameras: { order: [0, 1].map((index) => simulatedCamera(index).id), simulated: quickCameras.simulated },
      guard,
    },
  });
  return product;
}

function seen(it: Product, what: string, test: (status: Status) => boolean): Promise<Status> {
  return until(what, 60_000, async () => {
    const status = await it.status();
    return test(status) ? status : null;
  });
}

const changeMode = (it: Product, mode: string) => it.api<ModeView>("/api/mode", { mode }, "PUT");
const isFresh = ({ frameAgeMs, unavailable, standIn }: Status["channels"][number]): boolean =>
  unavailable === null && standIn === "none" && (frameAgeMs ?? 9999) < 1000;

const bothLive = (it: Product): Promise<Status> =>
  seen(it, "both cameras", ({ modeInForce, channels, switch: view }) => {
    return view.kind === "idle" && modeInForce.mode === "dual" && channels.length === 3 && channels.every(isFresh);
  });

const newestReceipt = async (it: Product): Promise<number> =>
  (await it.api<ReceiptPage>("/api/switches?limit=1")).body.receipts[0]?.id ?? 0;

describe("dual mode with a camera that does not come", { timeout: 240_000 }, () => {
  it("shows the other one from the start, and both when it comes; rotation waits for it and goes on (A6)", async () => {
    const it = await start();
    await changeMode(it, "dual");
    await bothLive(it);
    await it.api("/api/switch", { camera: 1 });
    await it.stop();
    await it.setFault(1, { kind: "gone" });
    it.spawn();
    await until("the restart", 20_000, () => it.status().catch(() => undefined));
    const alone = await seen(it, "a picture of camera 0", ({ channels: [main], switch: view }) => {
      return view.kind === "idle" && view.live === 0 && main !== undefined && isFresh(main);
    });
    expect(alone.mode).toBe("dual");
    await it.setFault(1, null);
    // Whoever asks for it has the cameras listed anew.
    expect((await it.api<Receipt>("/api/switch", { camera: 1 })).body).toMatchObject({ outcome: "committed" });
    await bothLive(it);
    await it.setFault(1, { kind: "die" });
    await seen(it, "the loss of camera 1", ({ channels }) => channels[2]?.recovering !== null);
    const { body } = await it.api<RotationView>("/api/rotation", { enabled: true, seconds: 5 }, "PUT");
    expect(body.nextInMs).toBeNull();
    await it.setFault(1, null);
    await seen(it, "the next turn", ({ rotation }) => rotation.nextInMs !== null);
    await seen(it, "camera 1 by rotation", ({ channels: [main] }) => main?.camera === 1);
  });
});

/** What the guard wishes is tested in short by wishFor; here the whole service does it: with WHOLE=1. */
describe.runIf(isWhole)("B2 heat in dual mode", () => {
  it("leaves it, comes back to it with the picture as it was, and is quiet from then on", async () => {
    pi = new SimulatedPi();
    pi.temperature(60);
    const it = await start({ ...pi.guard, stopSeconds: 1, stepSeconds: 30, backSeconds: 2 });
    await changeMode(it, "dual");
    await bothLive(it);
    pi.temperature(76);
    const hot = await seen(it, "one camera at half the rate", ({ modeInForce, switch: view, channels: [main] }) => {
      return modeInForce.mode === "toggle" && view.kind === "idle" && (main?.fps ?? 30) < 20;
    });
    expect(hot).toMatchObject({ mode: "dual", modeInForce: { reason: { code: "guardForbids" } } });
    pi.temperature(60);
    const { channels } = await bothLive(it);
    expect(channels.map(({ width, height }) => [width, height])).toEqual(channels.map(() => [640, 480]));
    await seen(it, "the whole rate of both", ({ channels: all }) => all.every(({ fps }) => (fps ?? 0) > 25));
    const newest = await newestReceipt(it);
    // The guard looks once a second.
    await wait(3000);
    expect(await newestReceipt(it)).toBe(newest);
  });
});
