import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProfileChange, SwitchProblem } from "../../server/http/wire.js";
import { brokenFrames, camerasShown } from "../support/picture-rules.js";
import type { PlayerPage } from "../support/player-page.js";
import { halfRate } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";

const button = (camera: number) => `[data-testid=camera-${camera}]`;

describe("what a person sees when something is wrong or changed", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    scene = await Scene.open({ settings: { cameras: halfRate } });
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterAll(() => scene.close());
  afterEach(() => scene.product.setFault(1, null));

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(scene.product.logTail(60));
    });
  });

  it("A4 returns to the former camera when the new one never starts, and the page says so", async () => {
    await scene.product.setFault(1, { kind: "neverStarts" });
    const from = page.frames.length;
    await page.click(button(1));
    const notice = page.page.locator("[data-testid=notice] .notice[data-tone=bad]");
    await notice.waitFor({ timeout: 15_000 });
    expect(await notice.textContent()).toMatch(/Camera 1 did not start: Camera 0 is live again/);
    await page.waitForCamera(0);
    // Between two pictures of camera 0 there may have been the slate.
    expect(new Set(camerasShown(page.frames.slice(from)).filter((camera) => camera !== null))).toEqual(new Set([0]));
    expect(await page.facts()).toMatchObject({ videos: 1, loads: 1, errors: [] });
  });

  it("A4 tells the caller why", async () => {
    await scene.product.setFault(1, { kind: "busy" });
    const { status, body } = await scene.product.api<SwitchProblem>("/api/switch", { camera: 1 });
    expect(status).toBe(502);
    expect(body.receipt).toMatchObject({ outcome: "rolledBack", live: 0, reason: { code: "cameraBusy" } });
    await page.waitForCamera(0);
  });

  it("A1 turns the cameras off and on again", async () => {
    await page.click("[data-testid=privacy]");
    await page.page.waitForSelector("[data-testid=cover][data-kind=off]");
    expect(scene.product.watchSources().sample()).toEqual([]);
    await page.click("[data-testid=turn-on]");
    await page.waitForCamera(0, 15_000);
    expect(await page.facts()).toMatchObject({ videos: 1, loads: 1, errors: [] });
  });

  it("A7 A8 changes the size of the live picture in the same player", async () => {
    await page.waitForCamera(0);
    const { mediaSources } = await page.facts();
    const from = page.frames.length;
    const patch = { width: 1280, height: 720 };
    const { status, body } = await scene.product.api<ProfileChange>("/api/cameras/0", patch, "PATCH");
    expect(status).toBe(200);
    expect(body.receipt?.outcome).toBe("committed");
    await page.waitForFrame(({ width, height, strip }) => strip.valid && width === 1280 && height === 720);
    const playlist = await (await fetch(`${scene.product.url}/hls/main/live.m3u8`)).text();
    expect(playlist.match(/^#EXT-X-MAP:/gm)).toHaveLength(2);
    expect(brokenFrames(page.frames.slice(from))).toEqual([]);
    expect(await page.facts()).toEqual({ videos: 1, mediaSources, loads: 1, errors: [] });
  });
});
