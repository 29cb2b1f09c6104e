import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NginxSite, pageText } from "../../support/nginx-site.js";
import { request, send } from "../../support/request.js";
import { until } from "../../support/until.js";

const playlist = "/hls/main/live.m3u8";

/** An event stream that is being read. */
async function openEvents(port: number): Promise<{ text: () => string; res: IncomingMessage; close: () => void }> {
  const req = get({ host: "127.0.0.1", port, path: "/api/events", agent: false });
  req.on("error", () => undefined);
  const [res] = (await once(req, "response")) as [IncomingMessage];
  let text = "";
  res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  res.on("error", () => undefined);
  return { text: () => text, res, close: () => req.destroy() };
}

describe("through NGINX", () => {
  let site: NginxSite;

  beforeEach(async () => {
    site = await NginxSite.start({ limit: 3, commentMs: 50 });
  });

  afterEach(async () => {
    await site.close();
  });

  describe("the page", () => {
    it("is compressed, never taken from a cache unasked, and guarded by a policy", async () => {
      const plain = await request(site.port, "/");
      expect(plain).toMatchObject({ status: 200, text: pageText });
      expect(plain.headers["cache-control"]).toBe("no-cache");
      expect(plain.headers["content-security-policy"]).toContain("frame-ancestors 'self'");
      const answer = await request(site.port, "/api/status");
      expect(answer.headers["content-security-policy"]).toMatch(/^default-src 'none';[^*]*frame-ancestors 'none'$/);
      expect(answer.headers["content-security-policy"]).not.toContain("unsafe");
      const zipped = await request(site.port, "/", { headers: { "Accept-Encoding": "gzip" } });
      expect(zipped.headers["content-encoding"]).toBe("gzip");
    });

    it("has assets that are kept for ever, and none that are not there", async () => {
      const asset = await request(site.port, "/assets/index-abc123.js");
      expect(asset.headers["content-type"]).toContain("text/javascript");
      expect(asset.headers["cache-control"]).toContain("immutable");
      const missing = await request(site.port, "/assets/index-none.js");
      expect(missing.status).toBe(404);
      expect(missing.headers["cache-control"]).toBeUndefined();
    });

    it("still loads while the controller is down, whose API is then a problem document", async () => {
      await site.stopController();
      expect((await request(site.port, "/")).status).toBe(200);
      const reply = await request(site.port, "/api/status");
      expect(reply.json()).toMatchObject({ status: 503, code: "controllerDown" });
      expect(reply.headers["content-type"]).toBe("application/problem+json");
      expect(reply.headers["retry-after"]).toBe("2");
    });
  });

  describe("the API", () => {
    it("takes a mutation of its own page and no other", async () => {
      const own = { Origin: `http://127.0.0.1:${site.port}` };
      expect((await send(site.port, "POST", "/api/switch", { camera: 1 }, own)).status).toBe(200);
      const foreign = { Origin: "http://evil.example" };
      expect((await send(site.port, "POST", "/api/switch", { camera: 1 }, foreign)).status).toBe(403);
      expect(site.service.effects).toEqual(["switch 1"]);
    });

    it.each(["/", playlist, "/hls/main/part_1.m4s", "/api/status", "/assets/index-abc123.js"])(
      "gives %s to no foreign name",
      async (path) => {
        await site.media.publish();
        const reply = await request(site.port, path, { headers: { Host: "evil.example" } });
        expect(reply.json()).toMatchObject({ status: 421, code: "unknownHost" });
      },
    );

    it.each(["localhost", "cctv.example", "127.0.0.1", "LOCALHOST:80"])("answers for %s", async (Host) => {
      expect((await request(site.port, "/", { headers: { Host } })).status).toBe(200);
      expect((await request(site.port, "/healthz", { headers: { Host } })).status).toBe(200);
    });

    it.each([100_000, 2_000_000])("refuses a body of %d bytes", async (size) => {
      const reply = await send(site.port, "POST", "/api/switch", `{"camera":${" ".repeat(size)}1}`);
      expect(reply.json()).toMatchObject({ status: 413, code: "bodyTooLarge" });
    });

    it("passes the controller's own 502 and 503 on", async () => {
      site.service.frameAgeMs = null;
      expect((await request(site.port, "/readyz")).json()).toMatchObject({ status: 503, code: "notLive" });
    });
  });

  describe("a blocked reload", () => {
    it("of 50 players at once is answered by one new part", async () => {
      const replies = Array.from({ length: 50 }, () => request(site.port, `${playlist}?_HLS_msn=1`));
      await until("50 players wait", 5000, () => site.media.waiting === 50, 5);
      await site.media.publish();
      for (const reply of await Promise.all(replies)) {
        expect(reply).toMatchObject({ status: 200, text: "#EXTM3U\n#part 1\n" });
        expect(reply.headers["cache-control"]).toBe("no-store");
        expect(reply.headers["etag"]).toBeUndefined();
      }
    });

    it("of 100 players brings each part to each of them", { timeout: 30_000 }, async () => {
      for (let part = 1; part <= 10; part++) {
        const replies = Array.from({ length: 100 }, () => request(site.port, `${playlist}?_HLS_msn=${part}`));
        await until("100 players wait", 10_000, () => site.media.waiting === 100, 5);
        await site.media.publish();
        const texts = new Set((await Promise.all(replies)).map(({ text }) => text));
        expect([...texts]).toEqual([`#EXTM3U\n#part ${part}\n`]);
      }
    });

    it("is given up when the player goes", async () => {
      const req = get({ host: "127.0.0.1", port: site.port, path: `${playlist}?_HLS_msn=1`, agent: false });
      req.on("error", () => undefined);
      await until("one waits", 5000, () => site.media.waiting === 1, 5);
      req.destroy();
      await until("nobody waits", 5000, () => site.media.waiting === 0, 5);
      expect(site.media.aborted).toBe(1);
    });

    it("is compressed for who asks for it", async () => {
      const reply = await request(site.port, playlist, { headers: { "Accept-Encoding": "gzip" } });
      expect(reply.headers["content-encoding"]).toBe("gzip");
    });

    it("is a problem document when the channel has nothing to show, also while a file lies there", async () => {
      await site.media.publish();
      site.media.unavailable = "The cameras are off.";
      const reply = await request(site.port, playlist);
      expect(reply.json()).toMatchObject({ status: 503, code: "notLive", detail: "The cameras are off." });
      expect(reply.headers["retry-after"]).toBe("2");
    });
  });

  describe("a playlist without a controller", () => {
    it("is the file, and is never called unchanged", async () => {
      await site.media.publish();
      await site.stopController();
      const headers = { "If-Modified-Since": new Date(Date.now() + 10_000).toUTCString(), "If-None-Match": "*" };
      const reply = await request(site.port, `${playlist}?_HLS_msn=0`, { headers });
      expect(reply).toMatchObject({ status: 200, text: "#EXTM3U\n#part 1\n" });
      expect(reply.headers["cache-control"]).toBe("no-store");
      expect(reply.headers["content-type"]).toBe("application/vnd.apple.mpegurl");
      expect(reply.headers["etag"]).toBeUndefined();
    });

    it("is a problem document when there is no file either", async () => {
      await site.stopController();
      expect((await request(site.port, playlist)).json()).toMatchObject({ status: 503, code: "controllerDown" });
    });

    it("is the file too when the controller hangs", async () => {
      await site.media.publish();
      await site.stopController();
      const hanging = createServer((socket) => socket.on("error", () => undefined)).listen(site.settings.http.port);
      await once(hanging, "listening");
      expect((await request(site.port, playlist)).text).toBe("#EXTM3U\n#part 1\n");
      hanging.close();
    });
  });

  describe("media", () => {
    it("come from tmpfs, for ever the same", async () => {
      await site.media.publish();
      const reply = await request(site.port, "/hls/main/part_1.m4s");
      expect(reply.text).toBe("media of part 1");
      expect(reply.headers["content-type"]).toBe("video/mp4");
      expect(reply.headers["cache-control"]).toContain("immutable");
    });

    it("that a preload hint named are waited for", async () => {
      const reply = request(site.port, "/hls/main/part_1.m4s");
      await until("one waits", 5000, () => site.media.waiting === 1, 5);
      await site.media.publish();
      const { text, status, headers } = await reply;
      expect({ text, status }).toEqual({ text: "media of part 1", status: 200 });
      expect(headers["content-type"]).toBe("video/mp4");
      expect(headers["cache-control"]).toContain("immutable");
    });

    it("that will never come are 404 at once, and that answer is not kept", async () => {
      const reply = await request(site.port, "/hls/main/part_999.m4s");
      expect(reply.status).toBe(404);
      expect(reply.headers["cache-control"]).toBe("no-store");
    });

    it.each([
      "/_media/main/part_1.m4s",
      "/hls/main/live.m3u8.new",
      "/hls/main/",
      "/hls/main/..%2f..%2fnginx%2fnginx.conf",
      "/nginx-answers",
    ])("do not include %s", async (path) => {
      await site.media.publish();
      expect((await request(site.port, path)).status).toBe(404);
    });

    it("are read back by the controller through a port of its own", async () => {
      await site.media.publish();
      const { verifyPort } = site.settings.nginx;
      expect((await request(verifyPort, playlist)).text).toBe("#EXTM3U\n#part 1\n");
      expect((await request(verifyPort, "/hls/main/part_1.m4s")).text).toBe("media of part 1");
      expect((await request(verifyPort, "/api/status")).status).toBe(404);
      expect((await request(verifyPort, playlist, { headers: { Host: "evil.example" } })).status).toBe(421);
    });
  });

  it("counts as viewers who asks for the playlist, and not the controller itself", async () => {
    await request(site.settings.nginx.verifyPort, playlist);
    expect(site.viewers.count).toBe(0);
    await request(site.port, `${playlist}?viewer=a`);
    await request(site.port, `${playlist}?viewer=a`);
    await request(site.port, `${playlist}?viewer=b`);
    expect(site.viewers.count).toBe(2);
  });

  describe("events", () => {
    it("begin with a whole snapshot, then come as they happen", async () => {
      const events = await openEvents(site.port);
      await until("a snapshot", 5000, () => /event:snapshot\n.*data:\{/s.test(events.text()), 5);
      site.service.changes.emit("change", { viewers: 3 });
      await until("the change", 5000, () => /event:change\n.*data:\{"viewers":3\}/s.test(events.text()), 5);
      await until("a comment", 5000, () => /^:/m.test(events.text()), 5);
      expect(events.res.headers["content-type"]).toBe("text/event-stream");
      events.close();
    });

    it("are bounded in number, and a place is free again when one goes", async () => {
      const open = await Promise.all([1, 2, 3].map(() => openEvents(site.port)));
      await until("a snapshot", 5000, () => open.every(({ text }) => text().includes("snapshot")), 5);
      expect((await request(site.port, "/api/events")).json()).toMatchObject({ status: 503, code: "tooManyClients" });
      open[0]?.close();
      let fourth = await openEvents(site.port);
      while (fourth.res.statusCode !== 200) fourth = await openEvents(site.port);
      for (const each of [...open, fourth]) each.close();
    });

    it("end when the controller does", async () => {
      const events = await openEvents(site.port);
      await until("a snapshot", 5000, () => events.text().includes("snapshot"), 5);
      const ended = once(events.res, "close");
      await site.stopController();
      await ended;
    });
  });

  it("writes nothing outside of the live folder, and no log of each request", () => {
    const config = readFileSync(join(site.settings.paths.live ?? "", "nginx", "nginx.conf"), "utf8");
    expect(config).toContain("access_log off;");
  });
});
