import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NginxSite } from "../../support/nginx-site.js";
import { request, send } from "../../support/request.js";
import { requestFrom } from "../../support/request-from.js";
import { until } from "../../support/until.js";

/** Another machine, as far as NGINX can tell. */
const flooder = "127.0.0.2";
/** One that has asked for nothing yet: what the flooder asked for is held against it for two seconds. */
const household = "127.0.0.3";
const caller = "127.0.0.4";
const tooMany = "tooManyRequests";

describe("G5 whoever asks for too much", () => {
  let site: NginxSite;
  const sockets = new Set<Socket>();
  let published = 0;

  beforeAll(async () => {
    site = await NginxSite.start();
    await publish();
  });

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });

  afterAll(() => site.close());

  async function openSocket(text: string): Promise<Socket> {
    const socket = connect({ host: "127.0.0.1", port: site.port, localAddress: flooder });
    sockets.add(socket.on("error", () => undefined));
    await once(socket, "connect");
    socket.write(text);
    return socket;
  }

  async function publish(): Promise<void> {
    await site.media.publish();
    published += 1;
  }

  /** A player's blocked reloads. Milliseconds of the slowest, from a part to its last byte in the player. */
  async function watch(parts: number): Promise<number> {
    let slowest = 0;
    for (let n = 0; n < parts; n++) {
      const reply = request(site.port, `/hls/main/live.m3u8?_HLS_msn=${published + 1}`);
      await until("the player waits", 5000, () => site.media.waiting > 0, 5);
      const startMs = performance.now();
      await publish();
      expect((await reply).text).toContain(`#part ${published}\n`);
      expect((await request(site.port, `/hls/main/part_${published}.m4s`)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - startMs);
    }
    return slowest;
  }

  function openEvents(localAddress: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const req = get({ host: "127.0.0.1", port: site.port, path: "/api/events", localAddress, agent: false }, resolve);
      req.on("error", reject).on("socket", (socket) => sockets.add(socket));
    });
  }

  it("with 2000 idle event streams gets some of them, and stops no viewer", { timeout: 120_000 }, async () => {
    const statuses = new Map<number, number>();
    for (let opened = 0; opened < 2000; opened += 100) {
      const hundred = await Promise.all(Array.from({ length: 100 }, () => openEvents(flooder)));
      for (const { statusCode = 0 } of hundred) statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect([...statuses].sort(([a], [b]) => a - b)).toEqual([
      [200, 64],
      [429, 1936],
    ]);
    expect(sockets.size).toBe(2000);
    expect(await watch(10)).toBeLessThan(2000);
    const own = await openEvents("127.0.0.1");
    expect(own.statusCode).toBe(200);
    const [first] = (await once(own.setEncoding("utf8"), "data")) as [string];
    expect(first).toContain("retry:");
  });

  it("on the machine itself is bounded as well, by the controller", async () => {
    const opened = await Promise.all(Array.from({ length: 80 }, () => openEvents("127.0.0.1")));
    expect(opened.filter(({ statusCode }) => statusCode === 200)).toHaveLength(64);
    expect(await watch(3)).toBeLessThan(2000);
    const other = await openEvents(flooder);
    expect(other.statusCode).toBe(200);
  });

  it("many times a second is told so, and thirty viewers behind one address are not", { timeout: 60_000 }, async () => {
    const asked = async (count: number) => {
      const replies = await Promise.all(
        Array.from({ length: count }, () => requestFrom(household, site.port, "/hls/main/part_1.m4s")),
      );
      return replies.filter(({ status }) => status === 429);
    };
    for (let second = 0; second < 3; second++) {
      const startMs = performance.now();
      expect(await asked(200)).toEqual([]);
      await wait(Math.max(0, startMs + 1000 - performance.now()));
    }
    const refused: Awaited<ReturnType<typeof asked>> = [];
    for (let round = 0; round < 40 && refused.length === 0; round++) refused.push(...(await asked(250)));
    expect(JSON.parse(refused[0]?.text ?? "{}")).toMatchObject({ status: 429, code: tooMany });
    expect(refused[0]?.headers["retry-after"]).toBe("2");
    expect(await watch(3)).toBeLessThan(2000);
  });

  it("of the controller's own answers waits its turn, and none of it is refused", { timeout: 60_000 }, async () => {
    const startMs = performance.now();
    const replies = await Promise.all(Array.from({ length: 150 }, () => requestFrom(caller, site.port, "/api/status")));
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    // Fifty at once, fifty a second after that.
    expect(performance.now() - startMs).toBeGreaterThan(1900);
  });

  it("with requests that are too large is refused", async () => {
    const uri = await requestFrom(flooder, site.port, `/${"a".repeat(20_000)}`);
    expect(uri.status).toBe(414);
    const header = await requestFrom(flooder, site.port, "/", { headers: { "X-Long": "a".repeat(20_000) } });
    expect(header.status).toBe(400);
    expect((await send(site.port, "PUT", "/api/mode", `{"mode":"${"a".repeat(2_000_000)}"}`)).status).toBe(413);
    const depth = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;
    expect((await send(site.port, "PUT", "/api/mode", depth)).status).toBe(400);
    const endless = await openSocket(
      "PUT /api/mode HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const answer = once(endless, "data") as Promise<[Buffer]>;
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 20 && !endless.destroyed; sent++) endless.write(chunk);
    expect((await answer)[0].toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await watch(1)).toBeLessThan(2000);
  });

  it(
    "and sends slowly is cut: no request, half a header, a dripping header, a dripping body",
    { timeout: 40_000 },
    async () => {
      const body =
        "PUT /api/mode HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{";
      const slow = await Promise.all(["", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nX-A: ", body].map(openSocket));
      const startMs = performance.now();
      const closed = (socket: Socket) => new Promise((resolve) => socket.resume().once("close", resolve));
      const ends = slow.map((socket) => closed(socket).then(() => performance.now() - startMs));
      const dripping = setInterval(() => {
        for (const socket of slow.slice(2)) if (!socket.destroyed) socket.write("a");
      }, 500);
      try {
        expect(await watch(10)).toBeLessThan(2000);
        for (const ms of await Promise.all(ends)) expect(ms).toBeLessThan(25_000);
      } finally {
        clearInterval(dripping);
      }
    },
  );
});
