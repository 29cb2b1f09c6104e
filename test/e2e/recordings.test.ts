import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SettingsView } from "../../server/http/wire.js";
import type { Export, RecordingPage, RecordingStatus } from "../../server/http/wire-recording.js";
import { patientSettings } from "../support/patient-settings.js";
import type { PlayerPage } from "../support/player-page.js";
import { Scene } from "../support/scene.js";
import { readStrip } from "../support/strip.js";
import { until } from "../support/until.js";

const named = (id: string) => `[data-testid=${id}]`;

/** The strip of what the player of recordings shows; null while there is no picture. */
const look = `(() => {
  const video = document.querySelector("[data-testid=recorded]");
  if (video === null || video.readyState < 2 || video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 8, canvas.width, 1);
  const lumas = Array.from({ length: 64 }, (_, cell) => {
    const at = 4 * Math.floor(((cell + 0.5) * canvas.width) / 64);
    return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  });
  return { lumas, at: Number(document.querySelector("[data-testid=playback]").dataset.at) };
})()`;

describe("recordings on the page (E3, F4)", () => {
  let scene: Scene;
  let page: PlayerPage;

  beforeAll(async () => {
    const profiles = { 0: { width: 320, height: 240, fps: 10 } } as const;
    const settings = { recording: { fileSeconds: 5 }, cameras: { profiles }, ...patientSettings };
    scene = await Scene.open({ settings, readyMs: 60_000 });
    page = await scene.openPage();
    await page.waitForCamera(0);
  });

  afterAll(() => scene.close());

  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      console.log(scene.product.logTail(), await page.describe());
    });
  });

  const finished = async () =>
    (await scene.product.api<RecordingPage>("/api/recordings")).body.recordings.filter(
      ({ state }) => state === "finished",
    );

  /** The picture on the screen and when it was recorded. */
  async function seen() {
    const raw = await page.page.evaluate<{ lumas: number[]; at: number } | null>(look);
    const strip = raw && readStrip(raw.lumas, raw.at);
    return raw !== null && strip?.valid === true ? { strip, atMs: raw.at } : null;
  }

  it("begin with the button on the picture, and say how long they last", async () => {
    await page.press("v");
    await page.page.waitForSelector(`${named("rec-mark")}[data-state=recording]`);
    await until("elapsed time", 15_000, async () =>
      /REC 0:0[2-9]/.test((await page.page.textContent(named("rec-mark"))) ?? ""),
    );
    await until("two files", 60_000, async () => (await finished()).length >= 2);
    await page.click(named("record"));
    await page.page.waitForSelector(named("rec-mark"), { state: "detached" });
    await until("all files", 20_000, async () => {
      const { recordings } = (await scene.product.api<RecordingPage>("/api/recordings")).body;
      return recordings.every(({ state }) => state === "finished");
    });
  });

  it("are on the timeline, and a click plays them from there, on decoded pixels", async () => {
    await page.click(named("view-recordings"));
    await page.page.waitForSelector(`${named("lane-0")} .span`);
    await page.page.waitForSelector(`${named("files")} li`);
    // The oldest but one is a whole file.
    await page.page.click(`${named("files")} li:nth-last-child(2) .file-play`);
    await page.page.waitForSelector(`${named("playback")}[data-state=playing]`);
    const first = await until("a recorded picture", 20_000, seen);
    expect(first.strip.camera).toBe(0);
    // The page says when it was recorded; the picture itself says when it was drawn.
    expect(Math.abs(first.strip.drawnMs - first.atMs)).toBeLessThan(1500);
    const later = await until("a later picture", 10_000, async () => {
      const now = await seen();
      return now !== null && now.strip.frame > first.strip.frame ? now : null;
    });
    expect(later.atMs).toBeGreaterThanOrEqual(first.atMs);
  });

  it("are played and paused by a key", async () => {
    const state = async () => page.page.getAttribute(named("playback"), "data-state");
    await page.press("k");
    await until("the pause", 5000, async () => (await state()) === "paused");
    await page.press("k");
    await until("playing", 5000, async () => (await state()) === "playing");
  });

  it("go on over the end of a file, at another speed", async () => {
    await page.click(named("speed-4"));
    await page.page.waitForSelector(`${named("playback")}[data-state=ended]`, { timeout: 30_000 });
    const newest = (await finished())[0];
    const end = await until("the last picture", 5000, seen);
    expect((newest?.endedAt ?? 0) - end.atMs).toBeLessThan(1500);
    // At the end a press plays the last seconds again, and nothing from midnight on.
    await page.click(named("play"));
    const again = await until("a picture again", 10_000, async () => {
      const now = await seen();
      return now !== null && now.atMs < end.atMs ? now : null;
    });
    expect(end.atMs - again.atMs).toBeLessThan(12_000);
  });

  it("are exported with progress to a file", async () => {
    const files = await finished();
    const local = (ms: number) => new Date(ms).toTimeString().slice(0, 8);
    await page.page.fill(named("export-from"), local(files.at(-2)?.startedAt ?? 0));
    await page.page.fill(named("export-to"), local((files[0]?.endedAt ?? 0) + 1000));
    await page.click(named("export-begin"));
    await page.page.waitForSelector(`${named("export")}[data-state=finished]`, { timeout: 30_000 });
    const { exports } = (await scene.product.api<{ exports: Export[] }>("/api/exports")).body;
    const [download] = await Promise.all([page.page.waitForEvent("download"), page.click(named("export-file"))]);
    expect(download.suggestedFilename()).toBe(exports[0]?.name);
    expect(await download.failure()).toBeNull();
  });

  it("are deleted only when that is confirmed, and not while they are pinned", async () => {
    const before = (await finished()).length;
    await page.page.click(`${named("files")} li:first-child ${named("pin")}`);
    await page.page.waitForSelector(`${named("files")} li:first-child[data-pinned=true]`);
    expect(await page.page.isDisabled(`${named("files")} li:first-child ${named("delete")}`)).toBe(true);
    await page.page.click(`${named("files")} li:nth-child(2) ${named("delete")}`);
    await page.page.click(`${named("delete-dialog")} button:first-of-type`);
    expect(await finished()).toHaveLength(before);
    await page.page.click(`${named("files")} li:nth-child(2) ${named("delete")}`);
    await page.page.click(named("delete-confirm"));
    await until("one less", 5000, async () => (await finished()).length === before - 1);
    // Its time is missing now, and says so.
    await page.page.waitForSelector(`${named("missing-list")} li`);
  });

  it("are kept as long as the page says, and no number that is none is taken", async () => {
    const of = (name: string) => named(`retention-${name}`);
    const kept = async () => (await scene.product.api<SettingsView>("/api/settings")).body.values.recording;
    await page.page.fill(of("keepDays"), "4000");
    await page.click(of("save"));
    await page.page.waitForSelector(`${of("keepDays")}[aria-invalid=true]`);
    expect((await kept()).keepDays).toBe(30);
    await page.page.fill(of("keepDays"), "14");
    await page.page.fill(of("maxGb"), "20");
    await page.page.waitForSelector(of("stricter"));
    await page.click(of("save"));
    await until("the limits", 5000, async () => (await kept()).maxGb === 20);
    expect(await kept()).toMatchObject({ keepDays: 14, minFreeHours: 1, minFreeMb: 1500 });
    await page.page.fill(of("maxGb"), "");
    await page.page.fill(of("minFreeHours"), "2.5");
    await page.click(of("save"));
    await until("no limit", 5000, async () => (await kept()).maxGb === null);
    expect((await kept()).minFreeHours).toBe(2.5);
  });

  it("by hand end by themselves when the page says so", async () => {
    await page.page.selectOption(named("hand-limit"), "300");
    await page.click(named("view-live"));
    await page.page.waitForSelector(named("record"));
    await page.press("v");
    const { until: end } = await until("recording", 10_000, async () => {
      const [camera] = (await scene.product.api<RecordingStatus>("/api/recording/status")).body.cameras;
      return camera?.wanted === true ? camera : null;
    });
    expect(Math.abs((end ?? 0) - Date.now() - 300_000)).toBeLessThan(5000);
    await page.page.waitForSelector(`${named("rec-mark")}[data-state=recording][title*=", until "]`);
    await page.press("v");
    await page.page.waitForSelector(named("rec-mark"), { state: "detached" });
    await page.click(named("view-recordings"));
    await page.page.waitForSelector(named("hand-limit"));
  });

  it("fit a phone in both languages, and leave the live view as it was", async () => {
    const shots = process.env["SHOTS"];
    for (const [width, language] of [
      [1280, "en"],
      [390, "ko"],
    ] as const) {
      await page.page.setViewportSize({ width, height: 900 });
      await page.click(named(`language-${language}`));
      const overflow = await page.page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([width, overflow]).toEqual([width, 0]);
      if (shots !== undefined) await page.page.screenshot({ path: `${shots}/recordings-${width}.png`, fullPage: true });
    }
    await page.page.setViewportSize({ width: 1280, height: 900 });
    await page.click(named("view-live"));
    await page.waitForCamera(0);
    if (shots !== undefined) await page.page.screenshot({ path: `${shots}/live-390.png` });
  });
});
