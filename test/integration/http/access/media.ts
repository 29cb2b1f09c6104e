/** G5 live media and streams, which NGINX gives out or which last: they end with the session. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { expect, it, vi } from "vitest";
import { bearer, part, password, type AccessScene } from "../../../support/access-scene.js";
import { request, send, type Reply } from "../../../support/request.js";
import { until } from "../../../support/until.js";

/** One that is open, as a browser holds it, and when it ends. */
async function openStream(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{ ended: Promise<unknown> }> {
  const req = get({ host: "127.0.0.1", port, path, agent: false, headers });
  const [res] = (await once(req, "response")) as [IncomingMessage];
  expect([path, res.statusCode]).toEqual([path, 200]);
  return { ended: new Promise((resolve) => res.on("error", resolve).on("end", resolve).resume()) };
}

interface Signed {
  readonly id: number;
  readonly name: string;
  readonly headers: Record<string, string>;
}

/** Ways in which the sessions of an account end. */
const ends: Record<string, (scene: AccessScene, signed: Signed) => Promise<Reply>> = {
  "signs out": (scene, { headers }) =>
    request(scene.site.port, "/api/session", { method: "DELETE", headers: { ...scene.own(), ...headers } }),
  "changes the password on another device": async (scene, { name }) => {
    const headers = { ...scene.own(), Cookie: await scene.signIn(name) };
    const change = { former: password, password: `${password}!` };
    return send(scene.site.port, "PUT", "/api/session/password", change, headers);
  },
  "gets another role": (scene, { id }) =>
    send(scene.site.port, "PATCH", `/api/accounts/${id}`, { role: "viewer" }, scene.own()),
  "is disabled": (scene, { id }) =>
    send(scene.site.port, "PATCH", `/api/accounts/${id}`, { enabled: false }, scene.own()),
  "is removed": (scene, { id }) =>
    request(scene.site.port, `/api/accounts/${id}`, { method: "DELETE", headers: scene.own() }),
};

async function expectEnd(scene: AccessScene, name: string, end: (typeof ends)[string]): Promise<void> {
  const { port } = scene.site;
  const made = await send(port, "POST", "/api/accounts", { name, password, role: "operator" }, scene.own());
  const headers = { Cookie: await scene.signIn(name) };
  const streams = await Promise.all(["/api/events", "/stream"].map((path) => openStream(port, path, headers)));
  expect([name, (await request(port, part, { headers })).status]).toEqual([name, 200]);
  const signed = { id: Number(made.json()["id"]), name, headers };
  expect([name, (await end(scene, signed)).status]).toEqual([name, 200]);
  await Promise.all(streams.map(({ ended }) => ended));
  const isGone = async () => (await request(port, part, { headers })).status === 401;
  await until(`no picture for who ${name}`, 6000, isGone);
}

export function tellMedia(open: () => AccessScene): void {
  it("refuse live media by every way of writing their address", async () => {
    const { site } = open();
    const ways = [
      part,
      "/hls/main/../main/part_1.m4s",
      "/hls//main/part_1.m4s",
      "/hls/main/%70art_1.m4s",
      "/hls/main/part_1%2em4s",
      "/assets/../hls/main/part_1.m4s",
      "/assets/..%2fhls/main/part_1.m4s",
      "/./hls/main/part_1.m4s?x=/healthz",
      "/healthz/../hls/main/part_1.m4s",
      "/hls/main/part_1.m4s;/healthz",
      "/_media/main/part_1.m4s",
      "/hls/main/live.m3u8",
      "/hls/main/live.m3u8.new",
      "/hls/main/%2e%2e/main/live.m3u8",
      "/_access/viewer",
      "/assets/../../live/hls/main/part_1.m4s",
      "/assets/%2e%2e/%2e%2e/state/session.key",
      "http://127.0.0.1/hls/main/part_1.m4s",
    ];
    for (const path of ways) {
      const reply = await request(site.port, path);
      expect([path, reply.status >= 400, reply.text.includes("media of part")]).toEqual([path, true, false]);
      const raw = await request(site.settings.http.port, path);
      expect([path, raw.status >= 400]).toEqual([path, true]);
    }
  });

  it("give live media to who is signed in, by cookie, key or token, and to no cache", async () => {
    const { site, keys, cookie } = open();
    const token = await site.accounts.ownToken();
    for (const headers of [{ Cookie: cookie }, bearer(keys.viewer), bearer(token)]) {
      const reply = await request(site.port, part, { headers });
      expect(reply).toMatchObject({ status: 200, text: "media of part 1" });
      expect(reply.headers["cache-control"]).toBe("no-store");
      expect((await request(site.port, "/hls/main/live.m3u8", { headers })).status).toBe(200);
    }
    const refused = await request(site.port, part);
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    expect(refused.json()).toMatchObject({ status: 401, code: "notSignedIn" });
  });

  it("know nobody by words too long for a token, whatever else stands in the request", async () => {
    const { site, keys } = open();
    const long = "a".repeat(7000);
    const ways = [bearer(long), { Cookie: `smart_toggle_${site.port}=${long}` }, { ...bearer(long), A: long, B: long }];
    for (const headers of ways) {
      const reply = await request(site.port, part, { headers });
      expect([reply.status, reply.json()["code"]]).toEqual([401, "notSignedIn"]);
    }
    const headers = { ...bearer(keys.viewer), A: long, B: long };
    expect((await request(site.port, part, { headers })).status).toBe(200);
  });

  it("take the media away from who signed out within two seconds, on the listener of the controller too", async () => {
    const scene = open();
    const { site } = scene;
    const headers = { Cookie: await scene.signIn() };
    expect((await request(site.port, part, { headers })).status).toBe(200);
    expect((await request(site.settings.nginx.verifyPort, part, { headers })).status).toBe(200);
    expect((await request(site.settings.nginx.verifyPort, part)).status).toBe(401);
    await request(site.port, "/api/session", { method: "DELETE", headers: { ...scene.own(), ...headers } });
    await until("the picture is gone", 6000, async () => (await request(site.port, part, { headers })).status === 401);
    expect((await request(site.port, "/hls/main/live.m3u8", { headers })).status).toBe(401);
  });

  it("end event stream, MJPEG and media with the session, in whatever way it ends", async () => {
    const scene = open();
    const { site } = scene;
    const shown = vi.spyOn(site.service.liveViews, "openStream").mockImplementation((_wanted, _address, begin) => {
      begin().write(Buffer.from("--frame\r\n"));
      return Promise.resolve();
    });
    await Promise.all(Object.entries(ends).map(([name, end]) => expectEnd(scene, name, end)));
    shown.mockRestore();
  });
}
