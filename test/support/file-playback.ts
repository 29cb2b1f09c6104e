/** Plays whole recordings in a real browser, as a person would who opens the file. Whoever opens it closes it. */
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { packageRoot } from "../../server/lib/package-root.js";
import { openBrowser } from "./browser.js";
import type { Product } from "./product.js";
import { readStrip, type StripReading } from "./strip.js";

export interface PlayedFile {
  /** As the browser tells it, in seconds. */
  readonly durationS: number;
  readonly first: StripReading;
  readonly last: StripReading;
}

interface RawFile {
  readonly durationS: number;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const script = join(packageRoot, "test/support/play-file.js");
const path = "/play-file.html";

export class FilePlayback {
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** A page of its own on the product's origin. */
  static async open({ url }: Pick<Product, "url">): Promise<FilePlayback> {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.addInitScript({ path: script });
      await page.route(url + path, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
      await page.goto(url + path);
      return new FilePlayback(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** From the first picture to the last one. Rejects with what the browser says of a file that it cannot play. */
  async play(id: number): Promise<PlayedFile> {
    const raw = await this.#page.evaluate<RawFile>(`playFile("/api/recordings/${id}/file")`);
    const [first, last] = [raw.first, raw.last].map((lumas) => readStrip(lumas, Date.now())) as [
      StripReading,
      StripReading,
    ];
    return { durationS: raw.durationS, first, last };
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
