import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ModeView, Receipt, ReceiptPage, Status } from "../../../server/http/wire.js";
import type { GapPage } from "../../../server/http/wire-protection.js";
import { MjpegViewer } from "../../support/mjpeg-viewer.js";
import { Product } from "../../support/product.js";
import { patientProduct, quickCameras } from "../../support/quick-cameras.js";
import { request } from "../../support/request.js";
import type { SourceWatch } from "../../support/source-watch.js";
import { until } from "../../support/until.js";

/** Of the camera; an encoder, a part of 0.2 s and a busy machine come on top. */
const startMs = 300;
const patienceMs = startMs + 30_000;

describe("H4 cameras that rest while nobody watches", () => {
  let product: Product;
  let port: number;
  let watch: SourceWatch;

  beforeAll(async () => {
    const settings = {
      cameras: { ...quickCameras, simulated: { startMs, stopMs: 50 } },
      switch: patientProduct.settings.switch,
      idle: { stopAfterSeconds: 1 },
    };
    product = await Product.start({ readyMs: patientProduct.readyMs, settings });
    port = Number(new URL(product.url).port);
    watch = product.watchSources();
  });

  afterAll(() => product.close());

  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(product.logTail());
    });
  });

  const rested = (): Promise<Status> =>
    until("rest", 40_000, async () => {
      const status = await product.status();
      return status.rest.resting && status.switch.kind === "off" ? status : null;
    });
  const isLive = async (): Promise<boolean> => {
    const { switch: view, channels } = await product.status();
    return view.kind === "idle" && channels[0]?.unavailable === null;
  };
  const newest = async (): Promise<Receipt | undefined> =>
    (await product.api<ReceiptPage>("/api/switches?limit=1")).body.receipts[0];

  it("stops the camera, says that it rests, and counts the time as planned", async () => {
    const status = await rested();
    expect(status).toMatchObject({ mode: "toggle", viewers: 0, rest: { resting: true, stopAfterSeconds: 1 } });
    expect(status.channels[0]?.unavailable?.code).toBe("resting");
    expect(status.rotation.nextInMs).toBeNull();
    expect(watch.sample()).toEqual([]);
    const heartbeat = await request(port, "/stream", { method: "HEAD" });
    expect(heartbeat).toMatchObject({ status: 503, headers: { "x-problem": "resting" } });
    expect(await newest()).toMatchObject({ trigger: "idle", to: null, outcome: "committed" });
    const gap = await until("an open gap", 15_000, async () => {
      const [newest] = (await product.api<GapPage>("/api/gaps?limit=1")).body.gaps;
      return newest?.to === null && newest;
    });
    expect(gap).toMatchObject({ code: "resting", planned: true });
    // A heartbeat asks, and wakes nobody.
    expect((await product.status()).rest.resting).toBe(true);
  });

  it("wakes for a playlist, which is answered as soon as a player can begin with it", async () => {
    await rested();
    const askedMs = performance.now();
    // A player that is told to come again, because the machine is busy, does so.
    const playlist = await until("the playlist", patienceMs, async () => {
      const reply = await request(port, "/hls/main/live.m3u8");
      return reply.status === 200 ? reply : null;
    });
    const ms = performance.now() - askedMs;
    console.log(`asleep → playlist with a picture: ${ms.toFixed(0)} ms, camera start ${startMs} ms`);
    expect(playlist.text).toContain("#EXTINF");
    await until("the commit", patienceMs, isLive);
    expect(await newest()).toMatchObject({ trigger: "idle", to: 0, outcome: "committed" });
    expect(watch.sample()).toHaveLength(1);
    const { body } = await product.api<GapPage>("/api/gaps?limit=1");
    expect(body.gaps[0]).toMatchObject({ code: "resting", planned: true });
    expect(body.gaps[0]?.to).not.toBeNull();
  });

  it("wakes for an instant view, which counts as a viewer and keeps the cameras awake", async ({ onTestFinished }) => {
    await rested();
    const viewer = await MjpegViewer.open({ port });
    onTestFinished(() => {
      viewer.close();
    });
    await until("frames", patienceMs, () => viewer.frames.length > 5);
    expect(viewer.firstFrameMs).toBeLessThan(patienceMs);
    expect((await product.status()).viewers).toBe(1);
    const { text } = await request(port, "/metrics");
    expect(/^smart_toggle_playlist_viewers(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1]).toBe("1");
    await until("two seconds of frames", 30_000, () => viewer.frames.length > 60);
    expect((await product.status()).rest.resting).toBe(false);
  });

  it("holds who asks for one camera of dual mode until that one gives a picture", async () => {
    await product.api<ModeView>("/api/mode", { mode: "dual" }, "PUT");
    await rested();
    await product.setFault(1, { kind: "slowStart", ms: 2800 });
    const askedMs = performance.now();
    const refused = await MjpegViewer.open({ port, camera: 1 }).then(
      (viewer) => {
        viewer.close();
        return null;
      },
      () => performance.now() - askedMs,
    );
    // Where a busy machine takes longer than one is held, that is said, and not before.
    expect(refused ?? Infinity).toBeGreaterThan(5500);
    await product.setFault(1, null);
    await product.api<ModeView>("/api/mode", { mode: "toggle" }, "PUT");
    await until("one source", patienceMs, () => watch.sample().length === 1);
    watch = product.watchSources();
  });

  it("wakes for a snapshot, which is live then, and counts as a viewer for a while", async () => {
    await rested();
    // A busy machine takes longer than one is held, and gives the last picture until then.
    await until("a live snapshot", patienceMs, async () => {
      const { status, headers } = await request(port, "/api/snapshot/0");
      return status === 200 && headers["x-source"] === "live";
    });
    expect((await product.status()).viewers).toBe(1);
  });

  it("wakes for whoever opens the page", async () => {
    await rested();
    const page = new AbortController();
    await fetch(`${product.url}/api/events`, { signal: page.signal });
    await until("the picture", patienceMs, isLive);
    page.abort();
  });

  it("wakes for a switch, with the camera that was asked for", async () => {
    await rested();
    const { body } = await product.api<Receipt>("/api/switch", { camera: 1 });
    expect(body).toMatchObject({ trigger: "user", to: 1, outcome: "committed", live: 1 });
  });

  it("A1 lets “off” go before it, and 0 ends it for good", async () => {
    await rested();
    await product.api("/api/mode", { mode: "off" }, "PUT");
    await until("the other reason", 9000, async () => {
      const { channels } = await product.status();
      return channels[0]?.unavailable?.code === "modeForbids";
    });
    expect((await request(port, "/hls/main/live.m3u8")).json()).toMatchObject({ status: 503, code: "notLive" });
    expect(watch.sample()).toEqual([]);
    const on = await product.api<ModeView>("/api/mode", { mode: "toggle" }, "PUT");
    expect(on.body.receipt).toMatchObject({ outcome: "committed", live: 1 });
    await rested();
    await product.api("/api/settings", { idle: { stopAfterSeconds: 0 } }, "PUT");
    await until("the picture", patienceMs + 1000, isLive);
    expect(watch.report().violations).toEqual([]);
  });
});
