import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Receipt, SwitchProblem } from "../../server/http/wire.js";
import { brokenFrames, camerasShown } from "../support/picture-rules.js";
import type { PlayerPage } from "../support/player-page.js";
import { until } from "../support/until.js";
import { Scene } from "../support/scene.js";

const button = (camera: number) => `[data-testid=camera-${camera}]`;

describe("switching in one and the same player", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    scene = await Scene.open();
    page = await scene.openPage();
  });

  afterAll(() => scene.close());

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(scene.product.logTail());
    });
  });

  /** Frames shown by what `act` does. */
  async function during(act: () => Promise<void>) {
    await page.update();
    const from = page.frames.length;
    await act();
    await page.update();
    return page.frames.slice(from);
  }

  it("A1 shows camera 0 by itself", async () => {
    const { strip, shownMs } = await page.waitForCamera(0);
    expect(strip.valid && shownMs - strip.drawnMs).toBeLessThan(5000);
  });

  it("A5 shows camera 1 after a click, and the way there", async () => {
    const frames = await during(async () => {
      await page.click(button(1));
      await page.page.waitForSelector("[data-testid=progress]");
      await page.waitForCamera(1);
    });
    expect(camerasShown(frames)).toEqual([0, 1]);
    await page.page.waitForSelector(`${button(1)}[data-state=live]`);
    expect(await page.page.getAttribute(button(1), "aria-pressed")).toBe("true");
  });

  it("switches by the keys 1 and 2", async () => {
    const frames = await during(async () => {
      await page.press("1");
      await page.waitForCamera(0);
      await page.press("2");
      await page.waitForCamera(1);
    });
    expect(camerasShown(frames)).toEqual([1, 0, 1]);
  });

  it("lets the newest of several requests win", async () => {
    const ask = (camera: number) => scene.product.api<Receipt | SwitchProblem>("/api/switch", { camera });
    const first = ask(0);
    await page.page.waitForSelector("[data-testid=progress]");
    const waits = async (camera: number): Promise<boolean> => {
      const view = (await scene.product.status()).switch;
      return view.kind === "switching" && view.waiting === camera;
    };
    // One after the other: requests sent at once may arrive in any order.
    const second = ask(1);
    await until("the second to wait", 2000, () => waits(1), 5);
    const third = ask(0);
    await until("the third to wait", 2000, () => waits(0), 5);
    const answers = await Promise.all([first, second, third, ask(1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409, 200]);
    await page.waitForCamera(1);
    expect((await scene.product.status()).switch).toEqual({ kind: "idle", live: 1 });
  });

  it("I1 I2 never runs two sources, never shows a foreign or an older frame over several switches", async () => {
    const sources = scene.product.watchSources();
    const frames = await during(async () => {
      for (const camera of [0, 1, 0, 1, 0]) {
        await page.click(button(camera));
        await page.waitForCamera(camera);
      }
    });
    const { most, violations } = sources.stop();
    expect(most).toBe(1);
    expect(violations).toEqual([]);
    expect(camerasShown(frames)).toEqual([1, 0, 1, 0, 1, 0]);
    expect(brokenFrames(frames)).toEqual([]);
  });

  it("A5 has never made the player anew nor loaded the page again", async () => {
    expect(await page.facts()).toEqual({ videos: 1, mediaSources: 1, loads: 1, errors: [] });
  });
});
