import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ResourceHistory, Resources } from "../../../server/http/wire-protection.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { SimulatedPi } from "../../support/simulated-pi.js";
import { until } from "../../support/until.js";

let pi: SimulatedPi;
let product: Product;

beforeEach(async () => {
  pi = new SimulatedPi();
  product = await Product.start({ settings: { cameras: quickCameras, guard: pi.guard } });
});

afterEach(async () => {
  await product.close();
  pi.close();
});

const figures = async (): Promise<Resources | null> => (await product.api<Resources | null>("/api/resources")).body;

describe("B1 the product on a Raspberry Pi", () => {
  it("shows its figures, and those of the last minutes", async () => {
    pi.temperature(63.5);
    pi.throttled({ frequencyCapped: true });
    const now = await until("both figures", 10_000, async () => {
      const latest = await figures();
      return latest?.temperatureC === 63.5 && latest.throttling?.now.frequencyCapped === true ? latest : null;
    });
    expect(now.unknown).toEqual({});
    expect(now.freeLiveBytes).toBeGreaterThan(0);
    const { body } = await product.api<ResourceHistory>("/api/resources/history?minutes=1");
    expect(body.intervalMs).toBe(1000);
    expect(body.samples.at(-1)?.temperatureC).toBe(63.5);
    expect((await product.api("/api/resources/history?minutes=11")).status).toBe(400);
  });

  it("goes on, and stops in time, while its sensor and its firmware hang", async () => {
    pi.break("thermal", "hang");
    pi.break("vcgencmd", "hang");
    await until("both unknown", 15_000, async () => {
      const { temperatureC, throttling } = (await figures()) ?? {};
      return temperatureC === null && throttling?.now.throttled === null;
    });
    const { at = 0 } = (await figures()) ?? {};
    await until("further figures", 5000, async () => ((await figures())?.at ?? 0) > at);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
    // Ended by a signal, which systemd and the supervisor take for an end in order: exit would wait for the sensor.
    expect(await product.stop()).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
