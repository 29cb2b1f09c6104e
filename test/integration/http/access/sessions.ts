/** G5 sign-in and session: cookies, tokens, what is told of them, and how long an answer takes. */
import { expect, it, vi } from "vitest";
import { bearer, password, type AccessScene } from "../../../support/access-scene.js";
import { request, send } from "../../../support/request.js";

export function tellSessions(open: () => AccessScene): void {
  it("take a change with a cookie from our own page alone", async () => {
    const { site, keys, cookie } = open();
    const change = (headers: Record<string, string>) =>
      send(site.port, "PUT", "/api/mode", { mode: "toggle" }, { Cookie: cookie, ...headers });
    expect((await change({})).json()).toMatchObject({ status: 403, code: "foreignOrigin" });
    expect((await change({ Origin: "http://evil.example" })).status).toBe(403);
    expect((await change({ Origin: "null" })).status).toBe(403);
    expect((await change({ Origin: `http://127.0.0.1:${site.port + 1}` })).status).toBe(403);
    // A proxy in front may add words of its own, which sign nobody in here.
    expect((await change({ Authorization: "Basic YTpi" })).json()).toMatchObject({ code: "foreignOrigin" });
    expect((await change({ "Sec-Fetch-Site": "same-site", Origin: `http://127.0.0.1:${site.port}` })).status).toBe(403);
    expect((await change({ Origin: `http://127.0.0.1:${site.port}` })).status).toBe(200);
    expect((await send(site.port, "PUT", "/api/mode", { mode: "toggle" }, bearer(keys.operator))).status).toBe(200);
  });

  it("tell a stranger that there is no picture, and who may watch why", async () => {
    const { site, keys } = open();
    const status = site.service.status();
    const off = vi.spyOn(site.service, "status").mockReturnValue({ ...status, mode: "off" });
    const told = await request(site.port, "/readyz", { headers: bearer(keys.viewer) });
    expect(told.json()).toMatchObject({ status: 503, code: "notLive", detail: "The cameras are off." });
    const reply = await request(site.port, "/readyz");
    expect([reply.status, reply.text.includes("off")]).toEqual([503, false]);
    off.mockRestore();
  });

  it("set a cookie that no script reads and no other site sends, and take it back", async () => {
    const scene = open();
    const { site } = scene;
    const reply = await send(site.port, "POST", "/api/session", { name: "ann", password });
    const name = `smart_toggle_${site.port}`;
    expect(reply.headers["set-cookie"]).toEqual([
      expect.stringMatching(new RegExp(`^${name}=[\\w.-]+; Path=/; HttpOnly; SameSite=Strict; Max-Age=3\\d{3}$`)),
    ]);
    expect(reply.text).not.toContain("token");
    const mine = reply.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const out = await request(site.port, "/api/session", {
      method: "DELETE",
      headers: { ...scene.own(), Cookie: mine },
    });
    expect(out.headers["set-cookie"]).toEqual([
      expect.stringContaining(`${name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`),
    ]);
  });

  it("tell who asks, and to nobody more than whether there are accounts", async () => {
    const { site, cookie } = open();
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
    const { site } = open();
    const reply = await send(site.port, "POST", "/api/session", { name: "Ann", password, token: true });
    expect(reply.headers["set-cookie"]).toBeUndefined();
    const status = await request(site.port, "/api/status", { headers: bearer(String(reply.json()["token"])) });
    expect(status.status).toBe(200);
  });

  it("take as long for a wrong name as for a wrong password", { timeout: 60_000 }, async () => {
    const { site } = open();
    const times = { wrongName: [] as number[], wrongPassword: [] as number[] };
    for (let n = 0; n < 8; n++) {
      times.wrongName.push(await timed(site.port, `nobody${n}`));
      times.wrongPassword.push(await timed(site.port, "Ann"));
    }
    // The quickest of each: what else the machine does makes some of them slower, and none quicker. Without a hash that is
    // computed for nobody, a wrong name takes a tenth of the time.
    const [name, word] = [Math.min(...times.wrongName), Math.min(...times.wrongPassword)];
    const medians = [median(times.wrongName), median(times.wrongPassword)].map(Math.round).join(" and ");
    console.log(`wrong name and wrong password: ${name.toFixed(1)} and ${word.toFixed(1)} ms, median ${medians} ms`);
    expect(name).toBeGreaterThan(word / 4);
    expect(name).toBeLessThan(word * 4);
  });
}

async function timed(port: number, name: string): Promise<number> {
  const startMs = performance.now();
  const reply = await send(port, "POST", "/api/session", { name, password: "wrong" });
  expect(reply.json()).toMatchObject({ status: 401, code: "wrongCredentials" });
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
