import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isCamera, type PlayerPage, type ShownFrame } from "../support/player-page.js";
import { quickCameras } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";

/** A change of the view takes less than 1 s; no time is asserted tighter than three times its budget. */
const viewMs = 3000;

/** Screenshots, for whoever wants to look at them. */
const shots = process.env["SHOTS"];

describe("dual mode on the page (A10)", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    scene = await Scene.open({ readyMs: 40_000, settings: { cameras: quickCameras } });
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterAll(() => scene.close());

  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      console.log(await page.describe(), scene.product.logTail());
    });
  });

  async function shoot(name: string): Promise<void> {
    if (shots === undefined) return;
    mkdirSync(shots, { recursive: true });
    await page.page.screenshot({ path: join(shots, `${name}.png`) });
  }

  /** How long it took until this video showed this camera. Milliseconds. */
  async function viewOf(view: string, camera: number, sinceMs: number): Promise<number> {
    const isWanted = (frame: ShownFrame): boolean =>
      frame.view === view && frame.shownMs > sinceMs && isCamera(camera)(frame);
    return (await page.waitForFrame(isWanted, 20_000)).shownMs - sinceMs;
  }

  const badge = (id: string) => page.page.getAttribute(`[data-testid=${id}]`, "data-state");

  it("shows both cameras moving, side by side, each with its label and its badge", async () => {
    await page.press("d");
    await page.page.waitForSelector("[data-layout=both]", { timeout: 30_000 });
    await page.update();
    const from = page.frames.length;
    await page.waitForFrame(isCamera(0), 20_000, from);
    await page.waitForFrame(isCamera(1), 20_000, from);
    await until(
      "both are live",
      20_000,
      async () => (await badge("badge")) === "live" && (await badge("side-badge")) === "live",
    );
    expect(await page.page.textContent("[data-testid=label]")).not.toBe(
      await page.page.textContent("[data-testid=side-label]"),
    );
    const boxes = await page.page.evaluate<{ x: number; y: number; width: number }[]>(
      "[...document.querySelectorAll('#stage video')].map((one) => one.getBoundingClientRect().toJSON())",
    );
    expect(boxes).toHaveLength(2);
    expect(boxes[1]?.y).toBe(boxes[0]?.y);
    expect(boxes[1]?.x).toBeGreaterThanOrEqual((boxes[0]?.x ?? 0) + (boxes[0]?.width ?? 0) - 1);
    await shoot("dual-1280");
  });

  it("changes the view of this browser alone, soon, and without asking the service", async () => {
    const before = (await scene.product.status()).switch;
    const pressedMs = await page.press("2");
    await page.page.waitForSelector("[data-layout=single]");
    const large = await viewOf("player", 1, pressedMs);
    await page.waitForFrame((frame) => isCamera(1)(frame) && frame.shownMs > pressedMs + large + 300, 10_000);
    expect(await page.page.locator("#stage video").count()).toBe(1);
    expect((await scene.product.status()).switch).toEqual(before);
    await shoot("dual-large");
    const clickedMs = await page.click("[data-testid=view-both]");
    await page.page.waitForSelector("[data-layout=both]");
    const both = await Promise.all([viewOf("player", 0, clickedMs), viewOf("side-player", 1, clickedMs)]);
    console.log(`change of view: large after ${large.toFixed(0)} ms, both after ${Math.max(...both).toFixed(0)} ms`);
    expect(Math.max(large, ...both)).toBeLessThan(viewMs);
  });

  it("stands one above the other on a phone", async () => {
    await page.page.setViewportSize({ width: 390, height: 844 });
    const boxes = await page.page.evaluate<{ x: number; y: number; height: number }[]>(
      "[...document.querySelectorAll('#stage video')].map((one) => one.getBoundingClientRect().toJSON())",
    );
    expect(boxes[1]?.x).toBe(boxes[0]?.x);
    expect(boxes[1]?.y).toBeGreaterThanOrEqual((boxes[0]?.y ?? 0) + (boxes[0]?.height ?? 0) - 1);
    expect(await page.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await until("the side is live", 20_000, async () => (await badge("side-badge")) === "live");
    await shoot("dual-390");
    await page.page.setViewportSize({ width: 1280, height: 900 });
  });

  it("goes back to one camera, with one player", async () => {
    await page.click("[data-testid=mode-toggle]");
    await page.page.waitForSelector("[data-layout=single]", { timeout: 30_000 });
    await page.waitForCamera(0);
    expect(await page.page.locator("#stage video").count()).toBe(1);
    expect((await page.facts()).errors).toEqual([]);
  });
});
