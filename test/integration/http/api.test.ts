import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../../server/lib/errors.js";
import type { CameraView } from "../../../server/http/wire.js";
import { ApiScene } from "../../support/api-scene.js";
import { exampleReceipt, type FakeService } from "../../support/fake-service.js";
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
  let scene: ApiScene;
  let service: FakeService;
  let port: number;

  beforeEach(async () => {
    scene = await ApiScene.open();
    ({ service, port } = scene);
  });

  afterEach(() => scene.close());

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
    const second = scene.newServer();
    await expect(second.listen(port)).rejects.toMatchObject({
      code: "portBusy",
      message: expect.stringContaining(`process ${process.pid}`) as string,
    });
    await second.close();
  });
});
