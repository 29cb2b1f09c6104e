/** D1 D2 C2 the live views of dual mode: each camera has its own stream, heartbeat and snapshot, whatever `main` shows. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ModeView } from "../../../server/http/wire.js";
import { stripOfJpeg } from "../../support/jpeg-strip.js";
import { MjpegViewer } from "../../support/mjpeg-viewer.js";
import { Product } from "../../support/product.js";
import { patientProduct } from "../../support/quick-cameras.js";
import { request, type Reply } from "../../support/request.js";
import { until } from "../../support/until.js";

/** Which camera drew a JPEG. */
async function drawnBy(jpeg: Buffer): Promise<number | string> {
  const strip = await stripOfJpeg(jpeg);
  return strip.valid ? strip.camera : strip.why;
}

describe("the live views of dual mode (A10)", () => {
  let product: Product;
  let port: number;
  const viewers: MjpegViewer[] = [];

  const open = async (camera: number | "active"): Promise<MjpegViewer> => {
    const viewer = await MjpegViewer.open({ port, camera });
    viewers.push(viewer);
    return viewer;
  };
  const heartbeat = (camera: number | "active"): Promise<Reply> =>
    request(port, `/stream?camera=${camera}`, { method: "HEAD" });
  const snapshot = async (camera: number): Promise<[number, string | null, number | string]> => {
    const reply = await fetch(`${product.url}/api/snapshot/${camera}`);
    const jpeg = Buffer.from(await reply.arrayBuffer());
    return [reply.status, reply.headers.get("x-source"), await drawnBy(jpeg)];
  };

  beforeAll(async () => {
    const { settings, ...patient } = patientProduct;
    product = await Product.start({ ...patient, settings: { ...settings, live: { mjpeg: { maxClients: 4 } } } });
    port = Number(new URL(product.url).port);
    await product.api<ModeView>("/api/mode", { mode: "dual" }, "PUT");
    await bothAlive();
  });

  afterEach(() => {
    for (const viewer of viewers.splice(0)) viewer.close();
  });

  afterAll(() => product.close());

  const bothAlive = (): Promise<unknown> =>
    until("a heartbeat of both", 60_000, async () => {
      const replies = await Promise.all([heartbeat(0), heartbeat(1)]);
      return replies.every(({ status }) => status === 200);
    });

  it("stream each camera by its number while the active one changes, and the active one in one stream", async () => {
    const numbered = [await open(0), await open(1)];
    const active = await open("active");
    await until("frames of all", 20_000, () => viewers.every(({ frames }) => frames.length > 10));
    await product.api("/api/switch", { camera: 1 });
    const shown = active.frames.length;
    await until("camera 1 in the active stream", 20_000, () => active.frames.at(-1)?.camera === 1);
    await until("more of all", 20_000, () => active.frames.length > shown + 10);
    for (const [camera, viewer] of numbered.entries()) {
      expect(viewer.end).toBeNull();
      expect(new Set(viewer.frames.map((frame) => frame.camera))).toEqual(new Set([camera]));
      expect(await drawnBy(viewer.frames.at(-1)?.jpeg ?? Buffer.alloc(0))).toBe(camera);
      expect(viewer.missing).toBeLessThanOrEqual(2);
    }
    expect(active.end).toBeNull();
    await product.api("/api/switch", { camera: 0 });
  });

  it("tell of each camera by HEAD whether it gives frames, and give its newest picture", async () => {
    for (const camera of [0, 1]) {
      const { status, headers } = await heartbeat(camera);
      expect([status, headers["x-camera"]]).toEqual([200, String(camera)]);
      expect(Number(headers["x-frame-age-ms"])).toBeLessThan(1000);
      expect(await snapshot(camera)).toEqual([200, "live", camera]);
    }
  });

  it("say of the camera alone that is lost that it is; its snapshot is the last frame, and says so", async () => {
    const [lost, other] = [await open(1), await open(0)];
    await product.setFault(1, { kind: "hang" });
    await until("no heartbeat of camera 1", 20_000, async () => (await heartbeat(1)).status === 503);
    expect((await heartbeat(1)).headers["x-problem"]).toBe("notLive");
    expect((await request(port, "/stream?camera=1")).json()).toMatchObject({ status: 503, code: "notLive" });
    await until("the end of its stream", 10_000, () => lost.end === "clean");
    expect(await snapshot(1)).toEqual([200, "kept", 1]);
    expect((await heartbeat(0)).status).toBe(200);
    expect((await heartbeat("active")).headers["x-camera"]).toBe("0");
    expect(await snapshot(0)).toEqual([200, "live", 0]);
    await product.setFault(1, null);
    await bothAlive();
    expect(await snapshot(1)).toEqual([200, "live", 1]);
    expect(other.end).toBeNull();
    expect(other.missing).toBeLessThanOrEqual(2);
  });

  it("end the stream of the camera that toggle mode does not show, cleanly, and keep the other's", async () => {
    const [kept, left] = [await open("active"), await open(1)];
    await until("frames of both", 20_000, () => kept.frames.length > 3 && left.frames.length > 3);
    await product.api<ModeView>("/api/mode", { mode: "toggle" }, "PUT");
    await until("the end of camera 1's stream", 10_000, () => left.end !== null);
    expect(left.end).toBe("clean");
    const before = kept.frames.length;
    await until("more of camera 0", 20_000, () => kept.frames.length > before + 10);
    expect(kept.end).toBeNull();
    expect(new Set(kept.frames.map(({ camera }) => camera))).toEqual(new Set([0]));
    expect((await heartbeat(1)).headers["x-problem"]).toBe("notLive");
  });
});
