/** A product, a browser and a page on it, for the end-to-end tests of one file. Whoever opens it closes it. */
import type { Browser } from "playwright-core";
import { openBrowser } from "./browser.js";
import { PlayerPage, type PageOptions } from "./player-page.js";
import { Product, type ProductOptions } from "./product.js";

export class Scene {
  readonly product: Product;
  readonly browser: Browser;

  private constructor(product: Product, browser: Browser) {
    this.product = product;
    this.browser = browser;
  }

  static async open(options: ProductOptions = {}): Promise<Scene> {
    const [product, browser] = await Promise.allSettled([Product.start(options), openBrowser()]);
    if (product.status === "fulfilled" && browser.status === "fulfilled")
      return new Scene(product.value, browser.value);
    for (const each of [product, browser]) if (each.status === "fulfilled") await each.value.close();
    throw [product, browser].find((each) => each.status === "rejected")?.reason;
  }

  /** A page on the product's origin, by default the product's own; it goes with the scene. */
  openPage(options: PageOptions = {}, path = "/"): Promise<PlayerPage> {
    return PlayerPage.open(this.browser, `${this.product.url}${path}`, options);
  }

  async close(): Promise<void> {
    try {
      await this.browser.close();
    } finally {
      await this.product.close();
    }
  }
}
