import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickCameras } from "../support/quick-cameras.js";
import { until } from "../support/until.js";
import { Scene } from "../support/scene.js";

describe("the page on other devices and in another language", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open({ settings: { cameras: quickCameras } });
  });

  afterAll(() => scene.close());

  it("C1 fits a phone: nothing to scroll sideways, nothing cut off", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await scene.openPage(phone);
    await page.waitForCamera(0);
    const width = await page.page.evaluate<number>("document.documentElement.scrollWidth");
    expect(width).toBeLessThanOrEqual(390);
    for (const id of ["player", "camera-0", "camera-1", "privacy", "rotation"]) {
      const box = await page.page.locator(`[data-testid=${id}]`).boundingBox();
      expect(box, id).not.toBeNull();
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390, id).toBe(true);
    }
    await page.close();
  });

  it("H4 wakes cameras that rest when it is opened, and calls the rest no error", async () => {
    await scene.product.api("/api/settings", { idle: { stopAfterSeconds: 1 } }, "PUT");
    await until("rest", 20_000, async () => (await scene.product.status()).rest.resting);
    await until("the end of the camera", 5000, async () => (await scene.product.status()).switch.kind === "off");
    const openedMs = Date.now();
    const page = await scene.openPage();
    const states = new Set<string | null>();
    const shown = page.waitForCamera(0);
    await until("a picture", 20_000, async () => {
      states.add(await page.page.getAttribute("[data-testid=stage]", "data-state"));
      return page.frames.length > 0;
    });
    const { shownMs } = await shown;
    console.log(`page opened while the cameras rest → picture: ${shownMs - openedMs} ms (camera start 500 ms)`);
    expect(states).not.toContain("error");
    expect(shownMs - openedMs).toBeLessThan(8000);
    await scene.product.api("/api/settings", { idle: { stopAfterSeconds: 0 } }, "PUT");
    await page.close();
  });

  it("C3 speaks Korean to a browser that wants it, and English when it is told so", async () => {
    const page = await scene.openPage({ locale: "ko-KR" });
    await page.page.waitForSelector("[data-testid=camera-0]");
    expect(await page.page.getAttribute("html", "lang")).toBe("ko");
    expect(await page.page.textContent("[data-testid=privacy]")).toContain("끄기");
    await page.page.click("[data-testid=language-en]");
    expect(await page.page.textContent("[data-testid=privacy]")).toContain("Off");
    await page.close();
  });
});
