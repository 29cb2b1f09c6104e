import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpServer } from "../../../server/http/http-server.js";
import { ViewerCounter } from "../../../server/http/viewers.js";
import { systemClock } from "../../../server/lib/clock.js";
import { AppError } from "../../../server/lib/errors.js";
import { silentLog } from "../../../server/lib/log.js";
import type { CameraView } from "../../../server/http/wire.js";
import { exampleReceipt, FakeService } from "../../support/fake-service.js";
import { FakeMedia } from "../../support/fake-media.js";
import { request, send } from "../../support/request.js";
import { until } from "../../support/until.js";

/** What a request for events is answered; its stream is not kept. */
async function eventsStatus(port: number): Promise<number | undefined> {
  const req = get({ host: "127.0.0.1", port, path: "/api/events", agent: false });
  req.on("error", () => undefined);
  const [res] = (await once(req, "response")) as [IncomingMessage];
  res.on("error", () => undefined);
  req.destroy();
  return res.statusCode;
}

describe("the API", () => {
  let folder: string;
  let service: FakeService;
  let server: HttpServer;
  let port: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smart-toggle-api-"));
    service = new FakeService();
    server = new HttpServer({
      service,
      media: new FakeMedia(folder),
      viewers: new ViewerCounter(systemClock),
      ...{ auth: { kind: "off" }, publicPort: 1, basePath: "/", allow: () => [] },
      hosts: ["cctv.example"],
      clock: systemClock,
      log: silentLog,
      events: { limit: 1 },
    });
    port = await server.listen(0);
  });

  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  describe("a switch", () => {
    it("waits and answers the receipt (A2)", async () => {
      const reply = await send(port, "POST", "/api/switch", { camera: 1 });
      expect(reply.status).toBe(200);
      expect(reply.json()).toEqual(exampleReceipt);
      expect(reply.headers["cache-control"]).toBe("no-store");
    });

    it("to the live camera answers at once and does nothing", async () => {
      const reply = await send(port, "POST", "/api/switch", { camera: 0 });
      expect(reply.json()).toEqual({ outcome: "alreadyLive", live: 0 });
      expect(service.effects).toEqual([]);
    });

    it.each(["rolledBack", "failed"] as const)(
      "that is %s is a problem with receipt and reason (A4)",
      async (outcome) => {
        const reason = { code: "cameraBusy", message: "Another program holds camera 1." };
        service.nextSwitch = () =>
          Promise.resolve({ ...exampleReceipt, outcome, reason, live: outcome === "failed" ? null : 0 });
        const reply = await send(port, "POST", "/api/switch", { camera: 1 });
        expect(reply.status).toBe(502);
        expect(reply.headers["content-type"]).toBe("application/problem+json");
        expect(reply.json()).toMatchObject({ code: "switchFailed", status: 502, receipt: { outcome, reason } });
        expect(reply.json()["detail"]).toContain("Another program holds camera 1.");
      },
    );

    it("that another request displaced is 409 superseded", async () => {
      service.nextSwitch = () => Promise.reject(new AppError("superseded", "Camera 0 was asked for since."));
      expect((await send(port, "POST", "/api/switch", { camera: 1 })).json()).toMatchObject({
        status: 409,
        code: "superseded",
      });
    });

    it("without waiting answers 202 and the address of the receipt, even if it fails later", async () => {
      service.nextSwitch = () => Promise.reject(new AppError("superseded", "Camera 0 was asked for since."));
      const reply = await send(port, "POST", "/api/switch?wait=false", { camera: 1 });
      expect(reply.status).toBe(202);
      expect(reply.headers["location"]).toBe("/api/switches/7");
      expect((await request(port, "/api/switches/7")).json()).toEqual(exampleReceipt);
    });

    it("without waiting, behind another one, points to the status", async () => {
      service.nextSwitchId = null;
      const reply = await send(port, "POST", "/api/switch?wait=false", { camera: 1 });
      expect(reply.headers["location"]).toBe("/api/status");
      expect(reply.json()).toEqual({ id: null });
    });

    it("is forbidden while the cameras are off", async () => {
      service.currentMode = "off";
      expect((await send(port, "POST", "/api/switch", { camera: 1 })).json()).toMatchObject({
        status: 409,
        code: "modeForbids",
      });
    });
  });

  describe("bad requests get a problem document and change nothing", () => {
    const json = { "Content-Type": "application/json" };
    const switchTo1 = JSON.stringify({ camera: 1 });
    const mutation = (headers: Record<string, string>, body: string | Buffer = switchTo1) => ({
      method: "POST",
      headers,
      body,
    });
    it.each([
      ["an unknown camera", "/api/switch", mutation(json, '{"camera":9}'), 404, "unknownCamera"],
      ["a camera of the wrong type", "/api/switch", mutation(json, '{"camera":"1"}'), 400, "badRequest"],
      ["a negative camera", "/api/switch", mutation(json, '{"camera":-1}'), 400, "badRequest"],
      ["a broken number", "/api/switch", mutation(json, '{"camera":0.5}'), 400, "badRequest"],
      ["an unknown field", "/api/switch", mutation(json, '{"camera":1,"force":true}'), 400, "badRequest"],
      ["a prototype as a field", "/api/switch", mutation(json, '{"camera":1,"__proto__":{}}'), 400, "badRequest"],
      ["a list", "/api/switch", mutation(json, "[1]"), 400, "badRequest"],
      ["an empty body", "/api/switch", mutation(json, ""), 400, "badRequest"],
      ["a bare word", "/api/switch", mutation(json, "1"), 400, "badJson"],
      ["malformed JSON", "/api/switch", mutation(json, '{"camera":'), 400, "badJson"],
      ["an unknown query", "/api/switch?now=1", mutation(json), 400, "badRequest"],
      ["a wrong query", "/api/switch?wait=maybe", mutation(json), 400, "badRequest"],
      ["an oversized body", "/api/switch", mutation(json, `{"camera":${" ".repeat(70_000)}1}`), 413, "bodyTooLarge"],
      ["a form", "/api/switch", mutation({ "Content-Type": "text/plain" }), 415, "wrongContentType"],
      ["no content type", "/api/switch", mutation({}), 415, "wrongContentType"],
      [
        "a strange charset",
        "/api/switch",
        mutation({ "Content-Type": "application/json; charset=ebcdic" }),
        415,
        "wrongContentType",
      ],
      ["a compressed body", "/api/switch", mutation({ ...json, "Content-Encoding": "gzip" }), 415, "wrongContentType"],
      ["a foreign Origin", "/api/switch", mutation({ ...json, Origin: "http://evil.example" }), 403, "foreignOrigin"],
      ["the Origin null", "/api/switch", mutation({ ...json, Origin: "null" }), 403, "foreignOrigin"],
      [
        "the Origin of another port",
        "/api/switch",
        mutation({ ...json, Origin: "http://127.0.0.1:1" }),
        403,
        "foreignOrigin",
      ],
      [
        "a cross-site request",
        "/api/switch",
        mutation({ ...json, "Sec-Fetch-Site": "cross-site" }),
        403,
        "foreignOrigin",
      ],
      [
        "a same-site request",
        "/api/switch",
        mutation({ ...json, "Sec-Fetch-Site": "same-site" }),
        403,
        "foreignOrigin",
      ],
      ["a foreign Host", "/api/switch", mutation({ ...json, Host: "evil.example" }), 421, "unknownHost"],
      [
        "a foreign Host, claimed to be forwarded",
        "/api/switch",
        mutation({ ...json, Host: "evil.example", "X-Forwarded-Host": "localhost" }),
        421,
        "unknownHost",
      ],
      ["a foreign Host on the media", "/hls/main/live.m3u8", { headers: { Host: "evil.example" } }, 421, "unknownHost"],
      ["the wrong method", "/api/switch", { method: "GET" }, 405, "methodNotAllowed"],
      ["a deletion", "/api/switch", { method: "DELETE" }, 405, "methodNotAllowed"],
      ["an unknown address", "/api/nothing", {}, 404, "notFound"],
      ["an unknown receipt", "/api/switches/8", {}, 404, "notFound"],
      ["a receipt that is no number", "/api/switches/x", {}, 404, "notFound"],
      ["an address that cannot be decoded", "/api/switches/%zz", {}, 400, "badRequest"],
      ["a page too long", "/api/switches?limit=1000", {}, 400, "badRequest"],
      ["more minutes than are kept", "/api/resources/history?minutes=11", {}, 400, "badRequest"],
      ["no minutes", "/api/resources/history?minutes=0", {}, 400, "badRequest"],
      [
        "a profile of an unknown camera",
        "/api/cameras/x",
        { ...mutation(json, '{"fps":15}'), method: "PATCH" },
        404,
        "unknownCamera",
      ],
      ["an empty change", "/api/cameras/1", { ...mutation(json, "{}"), method: "PATCH" }, 400, "badRequest"],
      ["half a rotation", "/api/rotation", { ...mutation(json, '{"enabled":true}'), method: "PUT" }, 400, "badRequest"],
      ["an unknown mode", "/api/mode", { ...mutation(json, '{"mode":"triple"}'), method: "PUT" }, 400, "badRequest"],
      [
        "a setting of the start",
        "/api/settings",
        { ...mutation(json, '{"http":{"port":1}}'), method: "PUT" },
        400,
        "badRequest",
      ],
      [
        "a file with an unknown key",
        "/api/settings/file",
        { ...mutation(json, '{"htpp":{}}'), method: "PUT" },
        400,
        "badRequest",
      ],
      ["a write to the media", "/hls/main/live.m3u8", { method: "POST" }, 405, "methodNotAllowed"],
      ["an unknown channel", "/hls/side/live.m3u8", {}, 404, "notFound"],
      ["a way out of the media", "/hls/main/../../etc/passwd", {}, 404, "notFound"],
      ["half a blocking reload", "/hls/main/live.m3u8?_HLS_part=1", {}, 400, "badRequest"],
      ["a part that will never come", "/hls/main/part_900.m4s", {}, 404, "notFound"],
    ])("%s", async (_what, path, options: object, status, code) => {
      const reply = await request(port, path, options);
      expect(reply.json()).toMatchObject({ status, code });
      expect(reply.status).toBe(status);
      expect(reply.headers["content-type"]).toBe("application/problem+json");
      expect(service.effects).toEqual([]);
    });

    it("names every wrong field at once, and what each must be", async () => {
      const reply = await send(port, "PATCH", "/api/cameras/1", {
        fps: 24,
        width: 641,
        quality: 0,
        label: 1,
        colour: "red",
      });
      const errors = reply.json()["errors"] as { field: string; message: string }[];
      expect(Object.fromEntries(errors.map(({ field, message }) => [field, message]))).toEqual({
        fps: "must be one of 5, 10, 15, 20, 25, 30, 50, 60",
        width: "must be a multiple of 2",
        quality: "must be at least 1",
        label: "must be a string, not 1",
        colour: "is not known here: take it out",
      });
    });

    it("says which methods an address takes", async () => {
      expect((await request(port, "/api/rotation", { method: "DELETE" })).headers["allow"]).toBe("GET, HEAD, PUT");
    });

    it("keeps what went wrong inside to itself", async () => {
      service.nextSwitch = () => Promise.reject(new Error("secret path"));
      const reply = await send(port, "POST", "/api/switch", { camera: 1 });
      expect(reply.json()).toMatchObject({ status: 500, code: "internal" });
      expect(reply.text).not.toContain("secret");
    });
  });

  it.each([{ Host: "localhost" }, { Host: "cctv.example:8001" }, { Host: "[::1]:9" }, { Host: "CCTV.example." }])(
    "takes requests for %o",
    async (headers) => {
      expect((await request(port, "/healthz", { headers })).status).toBe(200);
    },
  );

  it("takes a mutation of its own page", async () => {
    const headers = { Host: "cctv.example", Origin: "https://cctv.example", "Sec-Fetch-Site": "same-origin" };
    expect((await send(port, "PUT", "/api/mode", { mode: "off" }, headers)).status).toBe(200);
  });

  it("changes a profile and keeps the fields that were left out (A7)", async () => {
    const reply = await send(port, "PATCH", "/api/cameras/1", { fps: 15 });
    expect(reply.json()).toMatchObject({ camera: { profile: { fps: 15, width: 640 } }, receipt: null });
    expect(service.effects).toEqual(['profile 1 {"fps":15}']);
  });

  it("gives the settings as a file and takes it back", async () => {
    const file = await request(port, "/api/settings/file");
    expect(file.headers["content-disposition"]).toContain("settings.json");
    expect((await send(port, "PUT", "/api/settings/file", file.text)).status).toBe(200);
  });

  it("is healthy whatever the cameras do, and ready only when the picture is live", async () => {
    expect((await request(port, "/readyz")).status).toBe(200);
    service.frameAgeMs = 3001;
    expect((await request(port, "/readyz")).json()).toMatchObject({ status: 503, code: "notLive" });
    expect((await request(port, "/healthz")).status).toBe(200);
  });

  it("answers HEAD like GET, without a body", async () => {
    const reply = await request(port, "/api/status", { method: "HEAD" });
    expect(reply).toMatchObject({ status: 200, text: "" });
  });

  it("lets a client go that does not read its events, and gives its place to another", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    socket.pause();
    expect(await eventsStatus(port)).toBe(503);
    const [camera] = service.cameras();
    const cameras = Array.from({ length: 2000 }, () => ({ ...(camera as CameraView), model: "x".repeat(500) }));
    await until("the place is free", 10_000, async () => {
      service.changes.emit("change", { cameras });
      return (await eventsStatus(port)) === 200;
    });
    socket.destroy();
  });

  it("names who holds a port that is taken", async () => {
    const second = new HttpServer({
      service,
      media: new FakeMedia(folder),
      viewers: new ViewerCounter(systemClock),
      ...{ auth: { kind: "off" }, publicPort: 1, basePath: "/", allow: () => [] },
      hosts: [],
      clock: systemClock,
      log: silentLog,
    });
    await expect(second.listen(port)).rejects.toMatchObject({
      code: "portBusy",
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await second.close();
  });
});
