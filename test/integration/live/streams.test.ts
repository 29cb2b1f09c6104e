import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpServer } from "../../../server/http/http-server.js";
import type { LiveService } from "../../../server/http/service.js";
import { ViewerCounter } from "../../../server/http/viewers.js";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { MjpegHub } from "../../../server/live/mjpeg-hub.js";
import { FakeFeed } from "../../support/fake-feed.js";
import { jpegFrames } from "../../support/jpeg-frames.js";
import { MjpegViewer } from "../../support/mjpeg-viewer.js";
import { FakeMedia } from "../../support/fake-media.js";
import { FakeService } from "../../support/fake-service.js";
import { until } from "../../support/until.js";

/** What is really in use, in megabytes: heap and buffers after a collection. */
function memoryMb(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const descriptors = () => readdirSync("/proc/self/fd").length;

/** A live picture of real JPEGs, thirty a second, behind the product's own HTTP server. */
class Studio {
  readonly feed = new FakeFeed();
  readonly hub = new MjpegHub({ feed: this.feed, maxClients: 50, patienceMs: 6000, clock, log: silentLog });
  readonly #jpegs: readonly Buffer[];
  readonly #timer: NodeJS.Timeout;
  #number = 0;
  /** Streams begun since the start. */
  opened = 0;

  constructor(jpegs: readonly Buffer[]) {
    this.#jpegs = jpegs;
    this.#timer = setInterval(() => {
      this.#next();
    }, 33);
    this.#next();
  }

  get service(): LiveService {
    return {
      heartbeat: () => ({ camera: 0, frameAgeMs: 0 }),
      openStream: (wanted, address, begin) => {
        this.opened += 1;
        this.hub.join({ wanted, address, sink: begin() });
        return Promise.resolve();
      },
      clients: () => ({ limit: 50, clients: [...this.hub.sessions] }),
      closeClient: (id) => this.hub.endOne(id),
      snapshot: () => Promise.reject(new Error("none is asked for")),
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.hub.endAll();
  }

  #next(): void {
    const jpeg = this.#jpegs[this.#number % this.#jpegs.length] ?? Buffer.alloc(0);
    this.#number += 1;
    this.feed.give({ jpeg, camera: 0, number: this.#number, arrivedMs: clock.monotonicMs() });
  }
}

/** A request without anything that reads the answer. */
function ask(port: number): Socket {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  socket.write("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  return socket;
}

describe("MJPEG streams", () => {
  const jpegs = jpegFrames({ width: 640, height: 480, count: 8 });
  let folder: string;
  let studio: Studio;
  let server: HttpServer;
  let port: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-streams-"));
    studio = new Studio(jpegs);
    const service = new FakeService();
    service.liveViews = studio.service;
    const media = new FakeMedia(folder);
    server = new HttpServer({
      service,
      media,
      viewers: new ViewerCounter(clock),
      hosts: [],
      auth: { kind: "off" },
      ...{ publicPort: 1, basePath: "/", allow: () => [] },
      clock,
      log: silentLog,
    });
    port = await server.listen(0);
  });

  afterEach(async () => {
    studio.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it(
    "of 10 000 clients that come and go leave no session, descriptor or memory behind",
    { timeout: 90_000 },
    async () => {
      const batch = async (count: number): Promise<void> => {
        const sockets = Array.from({ length: count }, () => ask(port));
        await Promise.all(
          sockets.map(
            (socket, n) =>
              new Promise<void>((resolve) => {
                socket.once("close", () => {
                  resolve();
                });
                // At once, while the answer begins, or in the middle of a frame.
                if (n % 3 === 0) socket.once("connect", () => socket.destroy());
                else socket.once(n % 3 === 1 ? "readable" : "data", () => socket.destroy());
              }),
          ),
        );
      };
      for (let n = 0; n < 20; n++) await batch(50);
      await until("no session", 5000, () => studio.hub.sessions.length === 0);
      const [openBefore, memoryBefore] = [descriptors(), memoryMb()];
      for (let n = 0; n < 180; n++) await batch(50);
      await until("no session", 5000, () => studio.hub.sessions.length === 0);
      await until("all descriptors closed", 5000, () => descriptors() <= openBefore + 2);
      const grownMb = memoryMb() - memoryBefore;
      console.log(`9000 connects and aborts: memory grew by ${grownMb.toFixed(1)} MB`);
      expect(grownMb).toBeLessThan(8);
      expect(studio.feed.listenerCount("frame")).toBe(0);
      expect(studio.opened).toBeGreaterThan(6000);
    },
  );

  it("are cut for one that never reads, not for one of 70 KB/s, which gets fewer frames and no old ones (I8)", async () => {
    const silent = ask(port).pause();
    await until("its session", 5000, () => studio.hub.sessions.length === 1);
    const [slow, fast] = [await MjpegViewer.open({ port }), await MjpegViewer.open({ port })];
    // A frame of 31 KB, and what stands between frames.
    slow.readSlowly(30_000, 450);
    const [silentId, slowId] = studio.hub.sessions.map(({ id }) => id);
    const session = (wanted = 0) => studio.hub.sessions.find(({ id }) => id === wanted);
    await until("the silent one is let go", 30_000, () => session(silentId) === undefined);
    const before = slow.frames.length;
    await until("the slow one still gets frames", 30_000, () => slow.frames.length > before + 8);
    expect(slow.end).toBeNull();
    expect(session(slowId)?.dropped).toBeGreaterThan(50);
    // Five frames on the way, and some 80 KB that the reader's own socket holds: what it gets is of now.
    const onTheirWay = () => (session(slowId)?.frames ?? NaN) - slow.frames.length;
    await until("few frames are on their way", 30_000, () => onTheirWay() < 12);
    // Whole ones, in their order; some are left out.
    expect(slow.frames.every(({ jpeg }) => jpeg.readUInt16BE(jpeg.length - 2) === 0xffd9)).toBe(true);
    const numbers = slow.frames.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    expect(fast.missing).toBeLessThanOrEqual(2);
    expect(fast.end).toBeNull();
    silent.destroy();
    for (const viewer of [slow, fast]) viewer.close();
  });

  it("hold no place for a request that stays half, nor for a client that has closed its half", async () => {
    const half = connect(port, "127.0.0.1").on("error", () => undefined);
    half.write("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    const closed = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => undefined);
    // It sends no more, and would read on: HTTP knows no such client, and it is ended.
    const ended = once(closed.resume(), "end");
    closed.end("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await ended;
    await until("no session", 5000, () => studio.hub.sessions.length === 0);
    const viewer = await MjpegViewer.open({ port });
    await until("frames for another one", 5000, () => viewer.frames.length > 3);
    expect(studio.hub.sessions).toHaveLength(1);
    for (const one of [half, closed]) one.destroy();
    viewer.close();
  });
});
