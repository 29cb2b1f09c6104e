import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReceiptPage } from "../../server/http/wire.js";
import { brokenFrames } from "../support/picture-rules.js";
import type { PlayerPage, ShownFrame } from "../support/player-page.js";
import { halfRate } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";

const whole = { videos: 1, loads: 1, errors: [] };

describe("a page that is open while something is killed", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeEach(async () => {
    scene = await Scene.open({ settings: { cameras: halfRate } });
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") console.log(scene.product.logTail(60), await page.describe());
    await scene.close();
  });

  /** A frame that was drawn after this moment. */
  const drawnAfter =
    (ms: number) =>
    ({ strip }: ShownFrame) =>
      strip.valid && strip.drawnMs > ms;

  async function killInTheMiddleOfASwitch(): Promise<void> {
    await page.click("[data-testid=camera-1]");
    await until("a switch under way", 5000, async () => (await scene.product.status()).switch.kind === "switching");
    await scene.product.kill9();
  }

  async function openReceipts(): Promise<number> {
    const { body } = await scene.product.api<ReceiptPage>("/api/switches");
    return body.receipts.filter(({ outcome, trigger }) => outcome === null && trigger !== "start").length;
  }

  it("I3 I5 I6 plays on after kill -9 of the controller in the middle of a switch", async () => {
    await killInTheMiddleOfASwitch();
    await until("the end of all children", 3000, () => scene.product.processes().length === 0);
    const killedMs = Date.now();
    await scene.product.launch();
    await page.waitForFrame(drawnAfter(killedMs), 20_000);
    expect(await page.facts()).toMatchObject(whole);
    expect(await openReceipts()).toBe(0);
    expect(brokenFrames(page.frames)).toEqual([]);
  });

  it("I3 plays on after kill -9 with everything on tmpfs lost", async () => {
    await killInTheMiddleOfASwitch();
    await until("the end of all children", 3000, () => scene.product.processes().length === 0);
    scene.product.loseTmpfs();
    const killedMs = Date.now();
    await scene.product.launch();
    await page.waitForFrame(drawnAfter(killedMs), 30_000);
    expect(await page.facts()).toMatchObject(whole);
    expect(brokenFrames(page.frames)).toEqual([]);
  });

  it("B3 plays on after kill -9 of NGINX", async () => {
    const nginx = scene.product.processes().filter(({ name }) => name === "nginx");
    expect(nginx.length).toBeGreaterThan(0);
    const killedMs = Date.now();
    for (const { pid } of nginx) process.kill(pid, "SIGKILL");
    // Longer than what was loaded before it: only a new NGINX can have served it.
    await page.waitForFrame(drawnAfter(killedMs + 2000), 20_000);
    expect(await page.facts()).toMatchObject(whole);
  });

  it("A2 ends within 3 s on SIGINT and leaves nothing", async () => {
    const { code, ms } = await scene.product.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3000);
    expect(scene.product.processes()).toEqual([]);
  });
});
