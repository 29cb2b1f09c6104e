import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiScene } from "../../support/api-scene.js";
import type { FakeService } from "../../support/fake-service.js";
import { request, send } from "../../support/request.js";

describe("bad requests to the API get a problem document and change nothing", () => {
  let scene: ApiScene;
  let service: FakeService;
  let port: number;

  beforeEach(async () => {
    scene = await ApiScene.open();
    ({ service, port } = scene);
  });

  afterEach(() => scene.close());

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
    ["a same-site request", "/api/switch", mutation({ ...json, "Sec-Fetch-Site": "same-site" }), 403, "foreignOrigin"],
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
