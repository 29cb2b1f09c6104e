import type { BrowserContext } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../support/browser.js";
import { Product } from "../support/product.js";
import { quickCameras } from "../support/quick-cameras.js";

interface Manifest {
  readonly start_url: string;
  readonly display: string;
  readonly theme_color: string;
  readonly icons: readonly { src: string; sizes: string; type: string; purpose?: string }[];
}

describe("the page on a phone's home screen", () => {
  let product: Product;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let context: BrowserContext;

  beforeAll(async () => {
    product = await Product.start({ readyMs: 60_000, settings: { cameras: quickCameras } });
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  });

  afterAll(async () => {
    await browser.close();
    await product.close();
  });

  it("has a manifest and icons of the sizes it names", async () => {
    const answer = await fetch(`${product.url}/manifest.webmanifest`);
    expect(answer.headers.get("content-type")).toContain("application/manifest+json");
    const manifest = (await answer.json()) as Manifest;
    expect(manifest).toMatchObject({ start_url: "./", display: "standalone" });
    const page = await (await fetch(product.url)).text();
    expect(page).toContain(`name="theme-color" content="${manifest.theme_color}"`);
    expect(page).toContain('rel="manifest" href="./manifest.webmanifest"');
    for (const { src, sizes, type } of manifest.icons.filter((icon) => icon.type === "image/png")) {
      const icon = await fetch(new URL(src, product.url));
      const { width, height } = await sharp(Buffer.from(await icon.arrayBuffer())).metadata();
      expect([icon.headers.get("content-type"), `${width}x${height}`]).toEqual([type, sizes]);
    }
    expect(manifest.icons.map(({ purpose }) => purpose)).toContain("maskable");
  });

  it(
    "says what is wrong when the service is gone, keeps nothing else, and comes back",
    { timeout: 180_000 },
    async () => {
      const page = await context.newPage();
      await page.goto(product.url);
      await page.evaluate("navigator.serviceWorker.ready");
      await page.waitForSelector("video");
      await page.reload();
      const kept = await page.evaluate<string[]>(
        "caches.open('smart-toggle-offline-2').then((cache) => cache.keys()).then((all) => all.map(({ url }) => url))",
      );
      expect(kept).toEqual([`${product.url}/offline.html`]);

      await product.stop();
      // As after a press on "Live": a bare refresh would only scroll there.
      await page.goto(`${product.url}/?again#live`);
      expect(await page.getAttribute("meta[http-equiv=refresh]", "content")).toMatch(/; url=\.\/$/);
      expect(await page.innerText("main")).toContain("Smart Toggle does not answer");
      expect(await page.innerText("main")).toContain("Smart Toggle이 응답하지 않습니다");
      expect(await page.innerText("main")).not.toContain("This device has no network");
      await context.setOffline(true);
      await page.reload();
      expect(await page.innerText("main")).toContain("This device has no network");
      await context.setOffline(false);

      await product.launch();
      // Unless it looked again by itself before.
      await page.click("main > section > a:visible", { timeout: 5000 }).catch(() => undefined);
      await page.waitForSelector("video");
    },
  );
});
