/**
 * One page with a player, watched: every frame it shows is read by its strip, everything that would tell of a player
 * made anew is counted. Whoever opens it closes it. All times are milliseconds since the Unix epoch.
 */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { packageRoot } from "../../server/lib/package-root.js";
import { readStrip, type StripReading } from "./strip.js";

export interface ShownFrame {
  /** Which video of the page showed it, by its test id; empty on a page without them. */
  readonly view: string;
  /** When the browser expected the frame to be on the screen. */
  readonly shownMs: number;
  readonly mediaS: number;
  readonly width: number;
  readonly height: number;
  readonly strip: StripReading;
}

export interface PageEvent {
  /** `click`, `keydown`, or an event of the video element. */
  readonly kind: string;
  readonly detail: string;
  readonly atMs: number;
}

export interface PlayerFacts {
  /** Video elements the page has had since it was loaded. */
  readonly videos: number;
  /** Media sources made: a player that was never made anew has one. */
  readonly mediaSources: number;
  /** Times the page was loaded. */
  readonly loads: number;
  /** Errors that no code of the page caught, and what the security policy refused. */
  readonly errors: readonly string[];
}

/** What a page of a test's own is made of, on the product's origin. */
export interface Stub {
  /** From the root. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

export interface PageOptions extends BrowserContextOptions {
  readonly stubs?: readonly Stub[];
}

interface RawFrame {
  readonly view: string;
  readonly shownMs: number;
  readonly mediaS: number;
  readonly width: number;
  readonly height: number;
  readonly lumas: string;
}

interface Taken {
  readonly frames: readonly RawFrame[];
  readonly events: readonly PageEvent[];
  readonly videos: number;
  readonly mediaSources: number;
  readonly frameErrors: number;
}

const probeScript = join(packageRoot, "test/support/page-probe.js");
const pollMs = 50;

function decode({ lumas, ...frame }: RawFrame): ShownFrame {
  const codes = Array.from(lumas, (character) => character.charCodeAt(0));
  return { ...frame, strip: readStrip(codes, frame.shownMs) };
}

export const isCamera =
  (camera: number) =>
  ({ strip }: ShownFrame): boolean =>
    strip.valid && strip.camera === camera;

export class PlayerPage {
  readonly page: Page;
  /** Every frame shown so far, the invalid ones too. */
  readonly frames: ShownFrame[] = [];
  readonly events: PageEvent[] = [];
  readonly #context: BrowserContext;
  readonly #errors: string[] = [];
  #counts = { videos: 0, mediaSources: 0 };
  #loads = 0;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("load", () => (this.#loads += 1));
    page.on("pageerror", (error) => this.#errors.push(error.message));
  }

  /** Opens the address in a browser context of its own. `stubs` are answered in place of the server. */
  static async open(browser: Browser, url: string, { stubs = [], ...options }: PageOptions = {}): Promise<PlayerPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
    await context.addInitScript({ path: probeScript });
    for (const { path, ...answer } of stubs) {
      await context.route(new URL(path, url).href, (route) => route.fulfill(answer));
    }
    const opened = new PlayerPage(context, await context.newPage());
    await opened.page.goto(url);
    return opened;
  }

  /** Fetches what the page noted since the last time. A page that is just being loaded has nothing. */
  async update(): Promise<void> {
    const taken = await this.page
      .evaluate<Taken | null>("window.smartToggleProbe?.take() ?? null")
      .catch((error: unknown) => {
        if (this.page.isClosed()) throw error;
        return null;
      });
    if (taken === null) return;
    this.frames.push(...taken.frames.map(decode));
    this.events.push(...taken.events);
    const violations = taken.events.filter(({ kind }) => kind === "violation");
    this.#errors.push(...violations.map(({ detail }) => `Content-Security-Policy: ${detail}`));
    this.#counts = taken;
    if (taken.frameErrors > 0) throw new Error(`${taken.frameErrors} frames could not be read`);
  }

  async facts(): Promise<PlayerFacts> {
    await this.update();
    const { videos, mediaSources } = this.#counts;
    return { videos, mediaSources, loads: this.#loads, errors: [...this.#errors] };
  }

  /** The first frame from index `from` on that is wanted. Throws after `timeoutMs`, and says what was shown instead. */
  async waitForFrame(wanted: (frame: ShownFrame) => boolean, timeoutMs = 20_000, from = 0): Promise<ShownFrame> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      await this.update();
      const found = this.frames.slice(from).find(wanted);
      if (found !== undefined) return found;
      if (performance.now() > deadlineMs) {
        throw new Error(`No such frame within ${timeoutMs} ms; the last ones were ${describe(this.frames.slice(-3))}`);
      }
      await wait(pollMs);
    }
  }

  /** A frame of this camera that is shown from now on. */
  async waitForCamera(camera: number, timeoutMs = 20_000): Promise<ShownFrame> {
    await this.update();
    return this.waitForFrame(isCamera(camera), timeoutMs, this.frames.length);
  }

  /** Presses, and says when the page took note of it. The selector must be of exactly one element. */
  async click(selector: string): Promise<number> {
    return this.#pressed("click", () => this.page.click(selector));
  }

  async press(key: string): Promise<number> {
    return this.#pressed("keydown", () => this.page.keyboard.press(key));
  }

  /** What the page shows of itself, for the message of a failed test. */
  async describe(): Promise<string> {
    const stage = await this.page.evaluate<unknown>("({ ...document.querySelector('[data-testid=stage]')?.dataset })");
    return JSON.stringify({ stage, events: this.events.slice(-10), last: this.frames.slice(-1) });
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async #pressed(kind: string, act: () => Promise<void>): Promise<number> {
    await this.update();
    const from = this.events.length;
    await act();
    await this.update();
    const event = this.events.slice(from).find((one) => one.kind === kind);
    if (event === undefined) throw new Error(`The page saw no ${kind}.`);
    return event.atMs;
  }
}

function describe(frames: readonly ShownFrame[]): string {
  return frames.length === 0 ? "none at all" : JSON.stringify(frames.map(({ strip, shownMs }) => ({ strip, shownMs })));
}
