import { afterEach, expect, it } from "vitest";
import { finishedRows, stripsOf } from "../../support/recordings.js";
import { Product } from "../../support/product.js";
import { until } from "../../support/until.js";

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
});

it("E1 E2: files adjoin, lack no frame, are named by the clock and cut where it says", async () => {
  const plans = { 0: { mode: "continuous" } } as const;
  const running = (product = await Product.start({ settings: { recording: { plans, fileSeconds: 5 } } }));
  const rows = await until("three files", 40_000, () => finishedRows(running).at(2) && finishedRows(running));
  const [, second] = rows;
  expect(second).toMatchObject({ frames: 150, camera: 0, channel: "main", width: 640, height: 480, fps: 30 });
  expect(second?.started_at).toBe(rows[0]?.ended_at);
  expect(Math.abs(((second?.started_at ?? 0) % 5000) - 2500), "distance from half of a file").toBeGreaterThan(1900);
  expect(second?.path).toMatch(/^cam0\/\d{6}\/cam0_\d{8}_\d{4}[0-5][05]\.mp4$/);
  for (const row of rows) {
    expect(row.frames, row.path).toBe(((row.end_ticks - row.start_ticks) * row.fps) / 90_000);
    await stripsOf(running, row);
  }
});
