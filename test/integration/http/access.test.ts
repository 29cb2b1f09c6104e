import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { roles, type Role } from "../../../server/accounts/role.js";
import { NginxSite } from "../../support/nginx-site.js";
import { request, send, type Reply } from "../../support/request.js";
import { until } from "../../support/until.js";

interface Operation {
  readonly "x-least-role": Role | null;
}

const password = "correct horse battery";
const part = "/hls/main/part_1.m4s";

describe("G5 accounts, through NGINX", () => {
  let site: NginxSite;
  /** An API key of each role. */
  let keys: Record<Role, string>;
  let operations: { method: string; path: string; least: Role | null }[];
  let cookie = "";

  const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

  beforeAll(async () => {
    site = await NginxSite.start({ limit: 9, commentMs: 50 }, { access: { auth: "accounts" } });
    const token = site.accounts.setUpToken();
    const reply = await send(site.port, "POST", "/api/setup", { token, name: "Ann", password });
    expect(reply.json()).toMatchObject({ role: "administrator", name: "Ann" });
    cookie = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const made = await Promise.all(
      roles.map(async (role): Promise<[Role, string]> => {
        const answer = await send(site.port, "POST", "/api/keys", { name: role, role }, own());
        return [role, String(answer.json()["secret"])];
      }),
    );
    keys = Object.fromEntries(made) as Record<Role, string>;
    const document = (await request(site.port, "/api/openapi.json", { headers: bearer(keys.viewer) })).json();
    const paths = document["paths"] as Record<string, Record<string, Operation>>;
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, least: operation["x-least-role"] })),
    );
    await site.media.publish();
  });

  afterAll(() => site.close());

  /** As our page in a browser sends it. */
  function own(): Record<string, string> {
    return { Cookie: cookie, Origin: `http://127.0.0.1:${site.port}` };
  }

  /** A path of the document with something in its blanks. */
  const filled = (path: string): string =>
    path
      .replace("{channel}", "main")
      .replace("{file}", "part_1.m4s")
      .replace(/\{\w+\}/g, "1");

  function ask(method: string, path: string, headers: Record<string, string>): Promise<Reply> {
    if (method === "get") return request(site.port, filled(path), { headers });
    // Not what any of them takes: who may is told so, and nothing happens.
    return send(site.port, method.toUpperCase(), filled(path), { nonsense: true }, headers);
  }

  it("refuse every address of the document to who is not signed in, but those open on purpose", async () => {
    expect(operations.length).toBeGreaterThan(35);
    for (const { method, path, least } of operations) {
      if (least === null) continue;
      const reply = await ask(method, path, {});
      expect([method, path, reply.status, reply.json()["code"]]).toEqual([method, path, 401, "notSignedIn"]);
      const wrong = await ask(method, path, { ...bearer("stk_0_0"), Cookie: `${cookie.slice(0, -3)}abc` });
      expect([method, path, wrong.status]).toEqual([method, path, 401]);
    }
  });

  it("refuse every address of the document to each lower role", async () => {
    for (const { method, path, least } of operations) {
      for (const role of roles.slice(0, least === null ? 0 : roles.indexOf(least))) {
        const reply = await ask(method, path, bearer(keys[role]));
        expect([method, path, role, reply.status, reply.json()["code"]]).toEqual([
          method,
          path,
          role,
          403,
          "notAllowed",
        ]);
      }
    }
    expect(site.service.effects).toEqual([]);
  });

  it("let each role in where it may", async () => {
    for (const { method, path, least } of operations) {
      // A stream has no end; signing out is a person's matter.
      if (least === null || path === "/api/events" || path.startsWith("/api/session")) continue;
      const reply = await ask(method, path, bearer(keys[least]));
      expect([method, path, reply.status === 401 || reply.status === 403]).toEqual([method, path, false]);
    }
  });

  it("refuse live media by every way of writing their address", async () => {
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

  it("take the media away from who signed out within two seconds, on the listener of the controller too", async () => {
    const headers = { Cookie: await signIn() };
    expect((await request(site.port, part, { headers })).status).toBe(200);
    expect((await request(site.settings.nginx.verifyPort, part, { headers })).status).toBe(200);
    expect((await request(site.settings.nginx.verifyPort, part)).status).toBe(401);
    await request(site.port, "/api/session", { method: "DELETE", headers: { ...own(), ...headers } });
    await until("the picture is gone", 2500, async () => (await request(site.port, part, { headers })).status === 401);
    expect((await request(site.port, "/hls/main/live.m3u8", { headers })).status).toBe(401);
  });

  /** One that is open, as a browser holds it, and when it ends. */
  async function openStream(path: string, headers: Record<string, string>): Promise<{ ended: Promise<unknown> }> {
    const req = get({ host: "127.0.0.1", port: site.port, path, agent: false, headers });
    const [res] = (await once(req, "response")) as [IncomingMessage];
    expect([path, res.statusCode]).toEqual([path, 200]);
    return { ended: new Promise((resolve) => res.on("error", resolve).on("end", resolve).resume()) };
  }

  type End = (id: number, name: string, headers: Record<string, string>) => Promise<Reply>;
  /** Ways in which the sessions of an account end. */
  const ends: Record<string, End> = {
    "signs out": (_id, _name, headers) =>
      request(site.port, "/api/session", { method: "DELETE", headers: { ...own(), ...headers } }),
    "changes the password on another device": async (_id, name) => {
      const headers = { ...own(), Cookie: await signIn(name) };
      return send(site.port, "PUT", "/api/session/password", { former: password, password: `${password}!` }, headers);
    },
    "gets another role": (id) => send(site.port, "PATCH", `/api/accounts/${id}`, { role: "viewer" }, own()),
    "is disabled": (id) => send(site.port, "PATCH", `/api/accounts/${id}`, { enabled: false }, own()),
    "is removed": (id) => request(site.port, `/api/accounts/${id}`, { method: "DELETE", headers: own() }),
  };

  async function expectEnd(name: string, end: End): Promise<void> {
    const made = await send(site.port, "POST", "/api/accounts", { name, password, role: "operator" }, own());
    const headers = { Cookie: await signIn(name) };
    const streams = await Promise.all(["/api/events", "/stream"].map((path) => openStream(path, headers)));
    expect([name, (await request(site.port, part, { headers })).status]).toEqual([name, 200]);
    expect([name, (await end(Number(made.json()["id"]), name, headers)).status]).toEqual([name, 200]);
    await Promise.all(streams.map(({ ended }) => ended));
    const isGone = async () => (await request(site.port, part, { headers })).status === 401;
    await until(`no picture for who ${name}`, 2500, isGone);
  }

  it("end event stream, MJPEG and media with the session, in whatever way it ends", async () => {
    const shown = vi.spyOn(site.service.liveViews, "openStream").mockImplementation((_wanted, _address, begin) => {
      begin().write(Buffer.from("--frame\r\n"));
      return Promise.resolve();
    });
    await Promise.all(Object.entries(ends).map(([name, end]) => expectEnd(name, end)));
    shown.mockRestore();
  });

  it("take a change with a cookie from our own page alone", async () => {
    const change = (headers: Record<string, string>) =>
      send(site.port, "PUT", "/api/mode", { mode: "toggle" }, { Cookie: cookie, ...headers });
    expect((await change({})).json()).toMatchObject({ status: 403, code: "foreignOrigin" });
    expect((await change({ Origin: "http://evil.example" })).status).toBe(403);
    expect((await change({ Origin: "null" })).status).toBe(403);
    expect((await change({ Origin: `http://127.0.0.1:${site.port + 1}` })).status).toBe(403);
    expect((await change({ "Sec-Fetch-Site": "same-site", Origin: `http://127.0.0.1:${site.port}` })).status).toBe(403);
    expect((await change({ Origin: `http://127.0.0.1:${site.port}` })).status).toBe(200);
    expect((await send(site.port, "PUT", "/api/mode", { mode: "toggle" }, bearer(keys.operator))).status).toBe(200);
  });

  it("set a cookie that no script reads and no other site sends, and take it back", async () => {
    const reply = await send(site.port, "POST", "/api/session", { name: "ann", password });
    const name = `smart_toggle_${site.port}`;
    expect(reply.headers["set-cookie"]).toEqual([
      expect.stringMatching(new RegExp(`^${name}=[\\w.-]+; Path=/; HttpOnly; SameSite=Strict; Max-Age=3\\d{3}$`)),
    ]);
    expect(reply.text).not.toContain("token");
    const mine = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const out = await request(site.port, "/api/session", { method: "DELETE", headers: { ...own(), Cookie: mine } });
    expect(out.headers["set-cookie"]).toEqual([
      expect.stringContaining(`${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`),
    ]);
  });

  it("tell who asks, and to nobody more than whether there are accounts", async () => {
    expect((await request(site.port, "/api/session")).json()).toEqual({
      auth: "accounts",
      needsSetUp: false,
      role: null,
      name: null,
      expiresAt: null,
    });
    const mine = (await request(site.port, "/api/session", { headers: { Cookie: cookie } })).json();
    expect(mine).toMatchObject({ role: "administrator", name: "Ann" });
  });

  it("give a program a token instead of a cookie when it asks for one", async () => {
    const reply = await send(site.port, "POST", "/api/session", { name: "Ann", password, token: true });
    expect(reply.headers["set-cookie"]).toBeUndefined();
    const status = await request(site.port, "/api/status", { headers: bearer(String(reply.json()["token"])) });
    expect(status.status).toBe(200);
  });

  it("refuse names that a log, a header or a page could take for its own", async () => {
    const names = [
      "",
      " ",
      "a\nb",
      "a\r\nSet-Cookie: x=1",
      "<b>",
      "a\u0000",
      "a\u202eb",
      "-rf",
      "${x}",
      "a".repeat(41),
      "a\tb",
      "'; --",
    ];
    for (const name of names) {
      const account = await send(site.port, "POST", "/api/accounts", { name, password, role: "viewer" }, own());
      expect([name, account.status]).toEqual([name, 400]);
      const key = await send(site.port, "POST", "/api/keys", { name, role: "viewer" }, own());
      expect([name, key.status]).toEqual([name, 400]);
    }
  });

  it("leave a word in the audit log of who changed what lasts, and none of what was refused", async () => {
    const change = (headers: Record<string, string>, body: unknown) =>
      send(site.port, "PUT", "/api/mode", body, headers);
    expect((await change(bearer(keys.operator), { mode: "off" })).status).toBe(200);
    expect((await change(bearer(keys.viewer), { mode: "dual" })).status).toBe(403);
    expect((await change(bearer(keys.operator), { mode: "nonsense" })).status).toBe(400);
    const { entries } = (await request(site.port, "/api/audit?limit=200", { headers: own() })).json() as {
      entries: { who: string; action: string; subject: string; address: string }[];
    };
    const [newest] = entries.filter(({ action }) => action === "modeChanged");
    expect(newest).toMatchObject({ who: "operator", subject: '{"mode":"off"}', address: "127.0.0.1" });
    expect(JSON.stringify(entries)).not.toMatch(/dual|nonsense/);
  });

  it("take as long for a wrong name as for a wrong password", { timeout: 60_000 }, async () => {
    const times = { wrongName: [] as number[], wrongPassword: [] as number[] };
    for (let n = 0; n < 8; n++) {
      times.wrongName.push(await timed(`nobody${n}`));
      times.wrongPassword.push(await timed("Ann"));
    }
    // The quickest of each: what else the machine does makes some of them slower, and none quicker.
    const [name, word] = [Math.min(...times.wrongName), Math.min(...times.wrongPassword)];
    const medians = [median(times.wrongName), median(times.wrongPassword)].map(Math.round).join(" and ");
    console.log(`wrong name and wrong password: ${name.toFixed(1)} and ${word.toFixed(1)} ms, median ${medians} ms`);
    expect(name).toBeGreaterThan(0.5 * word);
    expect(name).toBeLessThan(2 * word);
  });

  async function timed(name: string): Promise<number> {
    const startMs = performance.now();
    const reply = await send(site.port, "POST", "/api/session", { name, password: "wrong" });
    expect(reply.json()).toMatchObject({ status: 401, code: "wrongCredentials" });
    return performance.now() - startMs;
  }

  async function signIn(name = "Ann"): Promise<string> {
    const reply = await send(site.port, "POST", "/api/session", { name, password });
    expect(reply.status).toBe(200);
    return reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  }
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
