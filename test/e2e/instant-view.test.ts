import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LiveClients } from "../../server/http/wire-live.js";
import type { PlayerPage } from "../support/player-page.js";
import { Scene } from "../support/scene.js";
import { readStrip, type StripReading } from "../support/strip.js";
import { until } from "../support/until.js";

const named = (id: string) => `[data-testid=${id}]`;
const onStage = (delivery: string) => `${named("stage")}[data-delivery=${delivery}]`;

/** What the canvas of the instant view shows, and what the badge says of it; null while there is no picture on it. */
const look = `(() => {
  const canvas = document.querySelector("[data-testid=instant]");
  if (canvas.hidden || canvas.width === 0) return null;
  const { data } = canvas.getContext("2d").getImageData(0, 8, canvas.width, 1);
  const lumas = Array.from({ length: 64 }, (_, cell) => {
    const at = 4 * Math.floor(((cell + 0.5) * canvas.width) / 64);
    return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  });
  return { lumas, atMs: Date.now(), state: document.querySelector("[data-testid=stage]").dataset.state };
})()`;

interface Seen {
  readonly strip: StripReading;
  readonly atMs: number;
  readonly state: string;
}

describe("the instant view", () => {
  let scene: Scene;
  let page: PlayerPage;
  const viewers: AbortController[] = [];

  beforeAll(async () => {
    scene = await Scene.open();
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterAll(() => scene.close());

  afterEach(async () => {
    for (const viewer of viewers.splice(0)) viewer.abort();
    await scene.product.setFault(1, null);
  });

  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      console.log(scene.product.logTail(), await page.describe());
    });
  });

  async function seen(): Promise<Seen | null> {
    const raw = await page.page.evaluate<{ lumas: number[]; atMs: number; state: string } | null>(look);
    return raw && { strip: readStrip(raw.lumas, raw.atMs), atMs: raw.atMs, state: raw.state };
  }

  async function showsCamera(camera: number): Promise<boolean> {
    const strip = (await seen())?.strip;
    return strip?.valid === true && strip.camera === camera;
  }

  const clients = async () => (await scene.product.api<LiveClients>("/api/live/clients")).body.clients;

  /** Takes a place as any other program would. */
  async function takePlace(): Promise<void> {
    const viewer = new AbortController();
    viewers.push(viewer);
    expect((await fetch(`${scene.product.url}/stream?camera=active`, { signal: viewer.signal })).status).toBe(200);
  }

  it("C2 comes with one press, in place of the video, and is live", async () => {
    await page.click(named("delivery-instant"));
    await page.page.waitForSelector(onStage("instant"));
    await page.page.waitForSelector(`${named("stage")}[data-state=live]`);
    await until("a picture", 5000, () => showsCamera(0));
    const now = await seen();
    expect(now?.strip.valid && now.atMs - now.strip.drawnMs).toBeLessThan(1000);
    await page.page.waitForSelector(`${named("figure-instantFps")}[data-known=true]`);
    await page.page.waitForSelector(`${named("figure-instantLatency")}[data-known=true]`);
    expect((await clients()).map(({ camera }) => camera)).toEqual(["active"]);
  });

  it("A5 follows a switch in the same stream, and the label changes with the picture", async () => {
    const before = await clients();
    await page.press("2");
    await until("camera 1", 15_000, () => showsCamera(1));
    await page.page.waitForSelector(`${named("stage")}[data-shown-camera="1"][data-state=live]`);
    expect(await page.page.textContent(named("label"))).toBe("Camera 1");
    expect((await clients()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  it("comes back by itself when its stream is ended", async () => {
    const [before] = await clients();
    await scene.product.api(`/api/live/clients/${before?.id ?? ""}`, undefined, "DELETE");
    await until("another stream", 10_000, async () => {
      const [now] = await clients();
      return now !== undefined && now.id !== before?.id;
    });
    await page.page.waitForSelector(`${named("stage")}[data-state=live]`);
  });

  it("saves the picture that is shown as a file (D2)", async () => {
    const [download] = await Promise.all([page.page.waitForEvent("download"), page.press("s")]);
    expect(download.suggestedFilename()).toMatch(/^cam1_\d{8}_\d{6}\.jpg$/);
    expect(readFileSync(await download.path()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it("goes back to the efficient view in the same player, holds no place then, and is remembered", async () => {
    await page.press("i");
    await page.page.waitForSelector(onStage("hls"));
    await page.waitForCamera(1);
    await until("no viewer", 5000, async () => (await clients()).length === 0);
    expect(await seen()).toBeNull();
    await page.press("i");
    await page.page.waitForSelector(onStage("instant"));
    await page.page.reload();
    await page.page.waitForSelector(onStage("instant"));
    await until("a picture", 10_000, () => showsCamera(1));
  });

  it("I7 is never called live while the camera hangs", async () => {
    await page.press("1");
    await until("camera 0", 15_000, () => showsCamera(0));
    await scene.product.setFault(1, { kind: "hang", afterFrames: 60 });
    await page.press("2");
    await until("camera 1", 15_000, () => showsCamera(1));
    const looks: { ageMs: number; state: string }[] = [];
    await until("a picture that stands", 20_000, async () => {
      const now = await seen();
      if (now?.strip.valid) looks.push({ ageMs: now.atMs - now.strip.drawnMs, state: now.state });
      return looks.some(({ ageMs }) => ageMs > 2200);
    });
    expect(looks.filter(({ ageMs, state }) => ageMs > 2000 && state === "live")).toEqual([]);
    await scene.product.setFault(1, null);
    await page.page.waitForSelector(`${named("stage")}[data-state=live]`, { timeout: 30_000 });
  });

  it("D5 tells who has the places when all are taken, and lets go at a press", async () => {
    await page.press("i");
    await page.page.waitForSelector(onStage("hls"));
    await until("no viewer", 5000, async () => (await clients()).length === 0);
    await takePlace();
    await takePlace();
    await page.press("i");
    await page.page.waitForSelector(`${named("cover")}[data-kind=turnedAway]`);
    expect(await page.page.textContent(named("holders"))).toContain("127.0.0.1");
    // The efficient view has gone on below.
    expect(await page.page.getAttribute(named("stage"), "data-delivery")).toBe("hls");
    await page.click(named("cover-hls"));
    await page.page.waitForSelector(named("cover"), { state: "detached" });
    expect(await page.facts()).toMatchObject({ videos: 1, errors: [] });
  });
});
