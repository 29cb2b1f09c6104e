import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CameraView, Receipt, ReceiptPage } from "../../server/http/wire.js";
import { localTime } from "../../server/lib/local-time.js";
import { decodeLumas, OverlayReader } from "../support/overlay-reader.js";
import { brokenFrames } from "../support/picture-rules.js";
import type { PlayerPage, ShownFrame } from "../support/player-page.js";
import { halfRate } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";

const named = (id: string) => `[data-testid=${id}]`;
const isHigh =
  (height: number) =>
  ({ strip, height: shown }: ShownFrame): boolean =>
    strip.valid && shown === height;

describe("the picture of a camera, changed while it runs", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    scene = await Scene.open({ settings: { cameras: halfRate } });
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterAll(() => scene.close());

  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      console.log(scene.product.logTail(), await page.describe());
    });
  });

  const newest = async (): Promise<Receipt | undefined> =>
    (await scene.product.api<ReceiptPage>("/api/switches?limit=1")).body.receipts[0];
  const profile = async (camera: number) =>
    (await scene.product.api<CameraView[]>("/api/cameras")).body[camera]?.profile;

  /** Presses, and waits for the first frame of that height. */
  async function choose(height: number): Promise<void> {
    await page.update();
    const from = page.frames.length;
    await page.click(named(`size-${height}`));
    await page.page.waitForSelector(named("progress"));
    await page.waitForFrame(isHigh(height), 20_000, from);
    await page.page.waitForSelector(`${named(`size-${height}`)}[aria-pressed=true]:not([disabled])`);
  }

  it("S1 is 720p after one press and 480p after another, in the same player, with a receipt each", async () => {
    await page.update();
    const from = page.frames.length;
    await choose(720);
    expect(await newest()).toMatchObject({ trigger: "profile", outcome: "committed", from: 0, to: 0 });
    const playlist = await (await fetch(`${scene.product.url}/hls/main/live.m3u8`)).text();
    expect(playlist).toContain("#EXT-X-DISCONTINUITY\n");
    expect(await page.page.textContent(named("notice"))).toContain("1280 × 720");
    await choose(480);
    expect(brokenFrames(page.frames.slice(from))).toEqual([]);
    expect(new Set(page.frames.slice(from).map(({ height }) => height))).toEqual(new Set([480, 720]));
    expect(await page.facts()).toEqual({ videos: 1, mediaSources: 1, loads: 1, errors: [] });
  });

  it("A4 goes back to the former size when the camera refuses one, says so, and stores nothing", async () => {
    await scene.product.setFault(0, { kind: "wrongSize", width: 640, height: 480 });
    await page.click(named("size-720"));
    await page.page.waitForSelector(`${named("notice")} [data-tone=bad]`, { timeout: 20_000 });
    expect(await page.page.textContent(named("notice"))).toMatch(/former ones again/);
    expect(await newest()).toMatchObject({ trigger: "profile", outcome: "rolledBack", live: 0 });
    expect(await profile(0)).toMatchObject({ width: 640, height: 480 });
    await scene.product.setFault(0, null);
    await page.page.waitForSelector(`${named("size-480")}[aria-pressed=true]`);
    await page.update();
    await page.waitForFrame(isHigh(480), 20_000, page.frames.length);
  });

  it("is each camera's own", async () => {
    await choose(240);
    await page.press("2");
    await page.waitForCamera(1);
    expect(page.frames.at(-1)?.height).toBe(480);
    await page.page.waitForSelector(`${named("size-480")}[aria-pressed=true]`);
    expect(await profile(0)).toMatchObject({ width: 320, height: 240 });
  });

  it("H1 has name and time in it after a press in the settings; the strip stays readable", async () => {
    await page.page.click(`${named("settings-1")} summary`);
    for (const name of ["overlayLabel", "overlayTime"]) await page.page.check(`#profile-1-${name}`);
    const before = (await scene.product.status()).channels[0]?.generation ?? 0;
    await page.page.click(`${named("profile-1")} [type=submit]`);
    await until("another generation", 20_000, async () => {
      const { channels, switch: view } = await scene.product.status();
      return view.kind === "idle" && (channels[0]?.generation ?? 0) > before;
    });
    expect(await newest()).toMatchObject({ trigger: "profile", outcome: "committed", live: 1 });
    const shown = { ...(await profile(1)), bitrateKbps: null } as NonNullable<Awaited<ReturnType<typeof profile>>>;
    const reader = new OverlayReader(shown);
    await until("the time in the picture", 20_000, async () => {
      await page.update();
      const strip = page.frames.at(-1)?.strip;
      if (strip?.valid !== true) throw new Error("the strip cannot be read");
      const [luma] = decodeLumas(`${scene.product.url}/hls/main/live.m3u8`, shown, undefined, 0.1);
      const texts = Array.from({ length: 20 }, (_, back) => `Camera 1\n${localTime(Date.now() - back * 1000)}`);
      const { text, likeness } = reader.best(luma ?? Buffer.alloc(0), texts);
      return likeness > 0.6 && texts.includes(text);
    });
    expect(brokenFrames(page.frames.slice(-30))).toEqual([]);
  });
});
