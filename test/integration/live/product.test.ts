import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { LiveClients } from "../../../server/http/wire-live.js";
import { decodeStrips } from "../../support/decode-strips.js";
import { stripOfJpeg } from "../../support/jpeg-strip.js";
import { MjpegViewer, type SeenFrame, type ViewerOptions } from "../../support/mjpeg-viewer.js";
import { Product } from "../../support/product.js";
import { request } from "../../support/request.js";
import { figures } from "../../bench/stats.js";
import { until } from "../../support/until.js";

/** From drawing to whole at the client, by the picture itself. */
async function latencyOf(frame: SeenFrame): Promise<number> {
  const strip = await stripOfJpeg(frame.jpeg, frame.receivedAt);
  if (!strip.valid) throw new Error(strip.why);
  expect(strip.camera).toBe(frame.camera);
  return frame.receivedAt - strip.drawnMs;
}

describe("live views of the product, through NGINX", () => {
  let product: Product;
  let port: number;
  const viewers: MjpegViewer[] = [];

  const open = async (options: Omit<ViewerOptions, "port"> = {}): Promise<MjpegViewer> => {
    const viewer = await MjpegViewer.open({ port, ...options });
    viewers.push(viewer);
    return viewer;
  };
  const clients = async () => (await product.api<LiveClients>("/api/live/clients")).body;
  const live = async (camera: number): Promise<void> => {
    await product.api("/api/switch", { camera });
  };

  beforeAll(async () => {
    product = await Product.start({ settings: { live: { mjpeg: { maxClients: 4 } } } });
    port = Number(new URL(product.url).port);
  });

  afterEach(async () => {
    for (const viewer of viewers.splice(0)) viewer.close();
    await until("every place is free", 5000, async () => (await clients()).clients.length === 0);
  });

  afterAll(async () => {
    await product.close();
  });

  it("shows the first frame soon, each frame once and in order, and late by little", async () => {
    await live(0);
    const viewer = await open();
    await until("three seconds of frames", 15_000, () => viewer.frames.length >= 90);
    expect(viewer.firstFrameMs).toBeLessThan(1500);
    const numbers = viewer.frames.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    // What a busy machine left no time for is said; nothing else is missing.
    const { missing } = viewer;
    expect(missing).toBeLessThanOrEqual((await clients()).clients[0]?.dropped ?? 0);
    // The first one had been there for a while.
    const late = await Promise.all(viewer.frames.slice(1).map(latencyOf));
    const { median, p95 } = figures(late);
    console.log(`MJPEG, drawn → received: median ${median?.toFixed(0)} ms, p95 ${p95?.toFixed(0)} ms (budget 150)`);
    expect(p95).toBeLessThan(450);
  });

  it("can be read by players of another make", async () => {
    await live(0);
    const { strips } = await decodeStrips({ from: `${product.url}/stream`, seconds: 1 });
    expect(strips.length).toBeGreaterThan(10);
    expect(strips.every((strip) => strip.valid && strip.camera === 0)).toBe(true);
  });

  it("tells by HEAD whether there is a fresh frame, and why not", async () => {
    await live(0);
    const yes = await request(port, "/stream?camera=0", { method: "HEAD" });
    const type = "multipart/x-mixed-replace; boundary=frame";
    expect(yes).toMatchObject({ status: 200, text: "", headers: { "x-camera": "0", "content-type": type } });
    expect(Number(yes.headers["x-frame-age-ms"])).toBeLessThan(1000);
    const no = await request(port, "/stream?camera=1", { method: "HEAD" });
    expect(no).toMatchObject({ status: 503, text: "", headers: { "x-problem": "notLive" } });
    expect((await request(port, "/stream?camera=7")).json()).toMatchObject({ status: 404, code: "unknownCamera" });
    expect((await request(port, "/stream?camera=1")).json()).toMatchObject({ status: 503, code: "notLive" });
    expect((await request(port, "/stream", { method: "POST" })).json()).toMatchObject({ code: "methodNotAllowed" });
  });

  it("refuses one viewer too many with those who have the places, by their real addresses (D5)", async () => {
    await live(0);
    const forged = { "X-Real-IP": "9.9.9.9", "X-Forwarded-For": "9.9.9.9" };
    for (const last of [2, 3, 4, 5]) await open({ localAddress: `127.0.0.${last}`, headers: forged });
    const refused = await request(port, "/stream?camera=active");
    expect(refused.json()).toMatchObject({ status: 423, code: "viewersFull" });
    const holders = refused.json()["holders"] as { address: string; sinceMs: number }[];
    expect(holders.map(({ address }) => address)).toEqual(["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"]);
    const { limit, clients: listed } = await clients();
    expect(limit).toBe(4);
    const kicked = listed[1];
    const answer = await product.api(`/api/live/clients/${kicked?.id ?? ""}`, undefined, "DELETE");
    expect(answer).toEqual({ status: 200, body: { closed: true } });
    await until("the end of its stream", 2000, () => viewers[1]?.end === "clean");
    await open();
    viewers[0]?.close();
    await until("a place", 1000, async () => (await clients()).clients.length === 3);
    expect((await product.api("/api/live/clients/999999", undefined, "DELETE")).status).toBe(404);
  });

  it("ends a camera's stream cleanly when another is live, and goes on in the one that follows", async () => {
    await live(0);
    const [numbered, active] = [await open({ camera: 0 }), await open()];
    await until("frames of both", 5000, () => numbered.frames.length > 5 && active.frames.length > 5);
    await live(1);
    await until("the end of the first", 3000, () => numbered.end !== null);
    expect(numbered.end).toBe("clean");
    expect(new Set(numbered.frames.map(({ camera }) => camera))).toEqual(new Set([0]));
    await until("camera 1", 3000, () => active.frames.at(-1)?.camera === 1);
    expect(active.end).toBeNull();
  });

  it("is disturbed by no viewer that stops reading, goes at once or is half open, nor is HLS (I8)", async () => {
    await live(0);
    const segments = async () => {
      const { text } = await request(port, "/hls/main/live.m3u8");
      return Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1]) + [...text.matchAll(/^#EXTINF/gm)].length;
    };
    const [fast, idle] = [await open(), await open()];
    const [, idleId] = (await clients()).clients.map(({ id }) => id);
    const idleSession = async () => (await clients()).clients.find(({ id }) => id === idleId);
    idle.stopReading();
    for (let n = 0; n < 60; n++) {
      const socket = connect(port, "127.0.0.1").on("error", () => undefined);
      socket.write("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      // Some go before the answer, some in the middle of a frame.
      setTimeout(() => socket.destroy(), n % 20);
      await wait(20);
    }
    await until("the idle one is full", 30_000, async () => ((await idleSession())?.dropped ?? 0) > 5);
    const [frames, sequence] = [fast.frames.length, await segments()];
    await until("frames", 60_000, () => fast.frames.length >= frames + 30);
    await until("segments", 60_000, async () => (await segments()) >= sequence + 2);
    // Whoever is held up by it gets nothing before it is let go, which takes 20 s.
    expect(await idleSession()).toMatchObject({ id: idleId });
    await until("places of those who went", 10_000, async () => (await clients()).clients.length === 2);
    expect(fast.end).toBeNull();
    const numbers = fast.frames.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  it("gives the newest frame as a snapshot, in any width and once for each tag (D2)", async () => {
    await live(0);
    const reply = await fetch(`${product.url}/api/snapshot/0?w=320`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-source")).toBe("live");
    expect(Number(reply.headers.get("x-frame-age-ms"))).toBeLessThan(1000);
    expect(reply.headers.get("content-disposition")).toMatch(/^inline; filename="cam0_\d{8}_\d{6}\.jpg"$/);
    const small = await sharp(Buffer.from(await reply.arrayBuffer())).metadata();
    expect(small).toMatchObject({ format: "jpeg", width: 320, height: 240 });
    const large = await fetch(`${product.url}/api/snapshot/0?w=1920&download=1`);
    expect(large.headers.get("content-disposition")).toContain("attachment");
    expect(await sharp(Buffer.from(await large.arrayBuffer())).metadata()).toMatchObject({ width: 640 });
    for (const wrong of ["w=8", "w=2000", "w=x"])
      expect((await request(port, `/api/snapshot/0?${wrong}`)).status).toBe(400);
    expect((await request(port, "/api/snapshot/7")).json()).toMatchObject({ status: 404, code: "unknownCamera" });
  });

  it("gives the last frame of a camera that is not live, which its tag calls unchanged", async () => {
    await live(0);
    await live(1);
    const reply = await request(port, "/api/snapshot/0");
    expect(reply).toMatchObject({ status: 200, headers: { "x-source": "kept" } });
    expect(Number(reply.headers["x-frame-age-ms"])).toBeGreaterThan(100);
    const tag = reply.headers.etag ?? "";
    const again = await request(port, "/api/snapshot/0", { headers: { "If-None-Match": `"other", W/${tag}` } });
    expect(again).toMatchObject({ status: 304, text: "" });
  });

  it("gives nothing while the cameras are off, and forgets what they saw", async () => {
    await live(0);
    const viewer = await open();
    await product.api("/api/mode", { mode: "off" }, "PUT");
    await until("the end of the stream", 2000, () => viewer.end === "clean");
    expect((await request(port, "/api/snapshot/0")).json()).toMatchObject({ status: 409, code: "modeForbids" });
    expect((await request(port, "/stream")).json()).toMatchObject({ code: "modeForbids" });
    expect((await request(port, "/stream", { method: "HEAD" })).headers["x-problem"]).toBe("modeForbids");
    await product.api("/api/mode", { mode: "toggle" }, "PUT");
    await product.waitUntilReady();
    const other = (await product.status()).channels[0]?.camera === 0 ? 1 : 0;
    expect((await request(port, `/api/snapshot/${other}`)).json()).toMatchObject({ status: 409, code: "modeForbids" });
  });

  it("takes a still while no camera gives a picture, and never beside another camera program (I1)", async () => {
    await live(0);
    const watch = product.watchSources();
    const active = await open();
    await product.setFault(1, { kind: "die" });
    await product.setFault(0, { kind: "die" });
    await until("a still", 40_000, async () => {
      const reply = await request(port, "/api/snapshot/1");
      return reply.headers["x-source"] === "still";
    });
    expect(active.end).toBeNull();
    await product.setFault(0, null);
    await product.setFault(1, null);
    const before = active.frames.length;
    await until("the picture in the same stream", 40_000, () => active.frames.length > before + 10);
    expect(watch.stop()).toMatchObject({ violations: [] });
  });
});
