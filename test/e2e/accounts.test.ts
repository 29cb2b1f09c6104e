import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickCameras } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";

/** Not what this is about, and the machine may be busy. */
const patient = { deadlineMs: 30_000, firstFrameMs: 20_000, verifyMs: 10_000 };
const password = "correct horse battery";

describe("G5 accounts on the page", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open({
      readyMs: 60_000,
      settings: { cameras: quickCameras, access: { auth: "accounts" }, switch: patient },
    });
  });

  afterAll(() => scene.close());

  const isShown = async (page: Awaited<ReturnType<Scene["openPage"]>>, id: string) =>
    (await page.page.locator(`[data-testid=${id}]`).count()) > 0;

  it("go from the set-up link of the log to a picture, over a session that ends, to a viewer who only watches", async () => {
    const token = readFileSync(join(scene.product.directory, "state", "set-up.token"), "utf8").trim();
    expect(readFileSync(join(scene.product.directory, "log.jsonl"), "utf8")).toContain(`/#set-up=${token}`);
    const stranger = await scene.openPage();
    await stranger.page.waitForSelector("[data-testid=needs-set-up]");
    expect(await isShown(stranger, "camera-0")).toBe(false);

    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await scene.openPage(phone, `/#set-up=${token}`);
    await page.page.fill("[data-testid=set-up-name]", "Ann");
    await page.page.fill("[data-testid=set-up-password]", password);
    await page.page.press("[data-testid=set-up-password]", "Enter");
    await page.waitForCamera(0);
    expect(page.page.url()).not.toContain("set-up");
    expect(await page.page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.click("[data-testid=camera-1]");
    await page.waitForCamera(1, 40_000);

    // Another device signs in, over the link that was used; the first one's session is ended by a change of the password there.
    await stranger.page.goto(`${scene.product.url}/?again#set-up=${token}`);
    await stranger.page.click("[data-testid=sign-in-instead]");
    const placeBefore = await stranger.page.locator("[data-testid=stage]").boundingBox();
    await stranger.page.fill("[data-testid=sign-in-name]", "ann");
    await stranger.page.fill("[data-testid=sign-in-password]", "wrong wrong wrong");
    await stranger.page.press("[data-testid=sign-in-password]", "Enter");
    await until("the refusal", 10_000, async () =>
      (await stranger.page.textContent("[data-testid=sign-in-problem]"))?.includes("wrong"),
    );
    await stranger.page.fill("[data-testid=sign-in-password]", password);
    await stranger.page.press("[data-testid=sign-in-password]", "Enter");
    await stranger.waitForCamera(1);
    expect(await stranger.page.locator("[data-testid=stage]").boundingBox()).toEqual(placeBefore);
    await stranger.page.click("[data-testid=account]");
    await stranger.page.fill("[data-testid=password-former]", password);
    await stranger.page.fill("[data-testid=password-new]", "another long one");
    await stranger.page.click("[data-testid=password-submit]");
    const cover = page.page.locator("[data-testid=cover][data-kind=signedOut]");
    await until("the end of the first session is told", 15_000, async () => (await cover.count()) > 0);
    expect(await cover.textContent()).toContain("Your session has ended");
    expect(await isShown(page, "camera-1")).toBe(false);
    expect(await stranger.page.locator("[data-testid=cover][data-kind=signedOut]").count()).toBe(0);
    await stranger.waitForCamera(1);

    await stranger.page.click("[data-testid=accounts] summary");
    await stranger.page.fill("[data-testid=new-account-name]", "Bob");
    await stranger.page.fill("[data-testid=new-account-password]", password);
    await stranger.page.click("[data-testid=new-account-submit]");
    await stranger.page.waitForSelector("[data-testid=account-Bob]");
    await page.page.fill("[data-testid=sign-in-name]", "Bob");
    await page.page.fill("[data-testid=sign-in-password]", password);
    await page.page.click("[data-testid=sign-in-submit]");
    await page.waitForCamera(1);
    for (const id of [
      "camera-0",
      "privacy",
      "rotation",
      "sizes",
      "settings-0",
      "swap",
      "export",
      "drills-start",
      "accounts",
    ]) {
      expect([id, await isShown(page, id)]).toEqual([id, false]);
    }
    await page.page.keyboard.press("1");

    await page.page.click("[data-testid=account]");
    await page.page.click("[data-testid=sign-out]");
    await page.page.waitForSelector("[data-testid=sign-in]");
    expect((await scene.product.status()).channels[0]?.camera).toBe(1);
    expect((await page.facts()).errors).toEqual([]);
    expect((await stranger.facts()).errors).toEqual([]);
    const log = readFileSync(join(scene.product.directory, "log.jsonl"), "utf8");
    for (const secret of [password, "another long one", "wrong wrong wrong", "eyJ"]) expect(log).not.toContain(secret);
  });

  it("say when there are none", async () => {
    const open = await Scene.open({ readyMs: 60_000, settings: { cameras: quickCameras } });
    try {
      const page = await open.openPage();
      await page.page.waitForSelector("[data-testid=open-banner]");
      await page.page.waitForSelector("[data-testid=camera-0]");
    } finally {
      await open.close();
    }
  });
});
