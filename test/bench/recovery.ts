/** From `kill -9` of a camera or an encoder to a picture on the screen that was drawn after it. */
import { setTimeout as wait } from "node:timers/promises";
import { PlayerPage } from "../support/player-page.js";
import { Product } from "../support/product.js";
import { until } from "../support/until.js";
import type { Measurement } from "./measurement.js";
import type { Measured } from "./report.js";
import { rolesOf } from "./roles.js";
import { figures } from "./stats.js";

const from = "recovery";

const soundMs = 31_000;

const victims = ["camera", "encoder"] as const;
type Victim = (typeof victims)[number];

export const recovery: Measurement = {
  name: from,
  async run({ browser, short }) {
    const product = await Product.start();
    try {
      const opened = await PlayerPage.open(browser, product.url);
      const rows: Measured[] = [];
      for (const victim of victims) rows.push(await measure(product, opened, victim, short ? 1 : 5));
      await opened.close();
      return rows;
    } finally {
      await product.close();
    }
  },
};

async function measure(product: Product, opened: PlayerPage, victim: Victim, times: number): Promise<Measured> {
  const took: number[] = [];
  for (let round = 0; round < times; round += 1) {
    await opened.waitForCamera(0, 30_000);
    // Only what lived for 30 s counts as sound, and its death as a first one, which is answered at once.
    await wait(times > 1 ? soundMs : 1000);
    took.push(await killAndWait(product, opened, victim));
  }
  const { max, median } = figures(took);
  const note = `${times} times, median ${Math.round(median ?? 0)} ms`;
  return {
    from,
    what: `kill -9 of the ${victim} to picture, longest`,
    value: max,
    unit: "ms",
    budget: "recovery",
    note,
  };
}

async function killAndWait(product: Product, opened: PlayerPage, victim: Victim): Promise<number> {
  const pid = await until(`a ${victim}`, 5000, () => {
    const { cameras, encoders } = rolesOf(product);
    return (victim === "camera" ? cameras : encoders)[0];
  });
  await opened.update();
  const before = opened.frames.length;
  const killedMs = Date.now();
  process.kill(pid, "SIGKILL");
  const { shownMs } = await opened.waitForFrame(({ strip }) => strip.valid && strip.drawnMs > killedMs, 30_000, before);
  return shownMs - killedMs;
}
