import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordingPage, RecordingStatus } from "../../server/http/wire-recording.js";
import { FrontProxy } from "../support/front-proxy.js";
import { PlayerPage } from "../support/player-page.js";
import { quickCameras } from "../support/quick-cameras.js";
import { Scene } from "../support/scene.js";
import { until } from "../support/until.js";

const basePath = "/cctv/";
const patient = { deadlineMs: 30_000, firstFrameMs: 20_000, verifyMs: 10_000 };
const named = (id: string) => `[data-testid=${id}]`;

describe("G5 below a path of another proxy", () => {
  let scene: Scene;
  let front: FrontProxy;

  beforeAll(async () => {
    const http = { basePath, trustedProxies: ["127.0.0.1"] };
    const settings = {
      cameras: quickCameras,
      http,
      access: { auth: "accounts" as const },
      recording: { fileSeconds: 5 },
      switch: patient,
    };
    scene = await Scene.open({ readyMs: 60_000, settings });
    front = await FrontProxy.start(scene.product.url, basePath);
  });

  afterAll(async () => {
    await front.close();
    await scene.close();
  });

  it("everything works, and nothing is asked for outside of it", async () => {
    const token = readFileSync(join(scene.product.directory, "state", "set-up.token"), "utf8").trim();
    const page = await PlayerPage.open(scene.browser, `${front.origin}${basePath}#set-up=${token}`);
    const asked = new Set<string>();
    page.page.on("request", (request) => asked.add(request.url()));
    await page.page.fill(named("set-up-name"), "Ann");
    await page.page.fill(named("set-up-password"), "correct horse battery");
    await page.page.press(named("set-up-password"), "Enter");
    await page.waitForCamera(0);
    const cookies = await page.page.context().cookies();
    expect(cookies).toMatchObject([{ path: basePath, httpOnly: true, sameSite: "Strict" }]);

    // Everything that is folded up, the plots too.
    await page.page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true");
    await page.page.waitForSelector("main canvas.u-canvas, main .uplot canvas");
    await page.press("v");
    // It begins with the next key frame.
    await until("something recorded", 20_000, async () => {
      const { body } = await scene.product.api<RecordingStatus>("/api/recording/status");
      return (body.cameras[0]?.bytes ?? 0) > 0;
    });
    await page.click(named("camera-1"));
    await page.waitForCamera(1, 40_000);
    await page.page.click(named("delivery-instant"));
    await page.page.waitForSelector(`${named("stage")}[data-delivery=instant]`);
    const isDrawn = `(() => {
      const canvas = document.querySelector("[data-testid=instant]");
      return !canvas.hidden && canvas.width > 0;
    })()`;
    await until("the instant view", 20_000, () => page.page.evaluate<boolean>(isDrawn));

    await until("a finished recording", 30_000, async () => {
      const { body } = await scene.product.api<RecordingPage>("/api/recordings");
      return body.recordings.some(({ state }) => state === "finished");
    });
    await page.click(named("view-recordings"));
    await page.click(named("recorded-camera-0"));
    await page.page.waitForSelector(`${named("files")} li .file-play:enabled`);
    await page.page.click(`${named("files")} li:last-child .file-play`);
    await page.page.waitForSelector(`${named("playback")}[data-state=playing]`);

    const paths = [...asked].filter((url) => url.startsWith(front.origin)).map((url) => new URL(url).pathname);
    expect(paths.filter((path) => !path.startsWith(basePath))).toEqual([]);
    for (const part of ["api/events", "hls/main/live.m3u8", "stream", "api/recordings/play.m3u8"]) {
      expect(paths).toContain(basePath + part);
    }
    expect((await page.facts()).errors).toEqual([]);
    expect(readFileSync(join(scene.product.directory, "log.jsonl"), "utf8")).toContain(`${basePath}#set-up=`);
  });

  it("the security policy is broken by no page, and would be heard of", async () => {
    const page = await PlayerPage.open(scene.browser, `${front.origin}${basePath}offline.html`);
    expect((await page.facts()).errors).toEqual([]);
    await page.page.evaluate("document.body.setAttribute('style', 'color: red')");
    expect((await page.facts()).errors).toEqual([expect.stringContaining("style-src-attr inline")]);
    await page.close();
  });

  it("who asks without it is sent there", async () => {
    const direct = await fetch(`${scene.product.url}/cctv`, { redirect: "manual" });
    expect([direct.status, direct.headers.get("location")]).toEqual([308, basePath]);
  });
});
