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
    const product = await Product.start(options);
    try {
      return new Scene(product, await openBrowser());
    } catch (error) {
      await product.close();
      throw error;
    }
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
