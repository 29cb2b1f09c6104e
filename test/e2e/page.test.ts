import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Scene } from "../support/scene.js";

describe("the page on other devices and in another language", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open();
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
