import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { AppError } from "../../../server/lib/errors.js";
import { NginxSite } from "../../support/nginx-site.js";
import { request, send } from "../../support/request.js";
import { requestFrom } from "../../support/request-from.js";

const json = (text: string) => JSON.parse(text) as { code?: string; status?: number; errors?: { field: string }[] };
/** Of this machine, and to NGINX as strange as any other. */
const [friend, stranger] = ["127.0.0.9", "127.0.0.2"] as const;
const everything = [
  "/",
  "/api/status",
  "/hls/main/live.m3u8",
  "/hls/main/part_1.m4s",
  "/healthz",
  "/nothing",
  "/_media/x",
];

describe("G5 the networks that are let in, through NGINX", () => {
  let site: NginxSite;

  beforeAll(async () => {
    site = await NginxSite.start(undefined, { access: { allow: ["127.0.0.8/29", "10.1.0.0/16", "fd00::/8"] } });
    await site.media.publish();
  });

  afterAll(() => site.close());

  it.each(everything)("get %s, as the machine itself does, and nobody else", async (path) => {
    const own = await requestFrom("127.0.0.1", site.port, path);
    expect((await requestFrom(friend, site.port, path)).status).toBe(own.status);
    const refused = await requestFrom(stranger, site.port, path);
    expect([refused.status, json(refused.text).code]).toEqual([403, "addressRefused"]);
    expect(refused.headers["content-type"]).toBe("application/problem+json");
  });

  it("are looked at by the controller too, in every way of writing an address", async () => {
    const from = (address: string) =>
      request(site.settings.http.port, "/api/status", { headers: { "X-Real-IP": address } });
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "::ffff:a01:203", "fd12::7", "127.0.0.1", "::1"]) {
      expect([address, (await from(address)).status]).toEqual([address, 200]);
    }
    for (const address of ["10.2.2.3", "::ffff:10.2.2.3", "2001:db8::1", "nonsense"]) {
      expect([address, (await from(address)).json()["code"]]).toEqual([address, "addressRefused"]);
    }
    expect((await request(site.settings.http.port, "/api/status")).status).toBe(200);
  });

  it("cannot be joined by a header of who asks", async () => {
    const headers = { "X-Real-IP": "10.1.2.3", "X-Forwarded-For": "10.1.2.3", Forwarded: "for=10.1.2.3" };
    for (const path of everything) {
      expect((await requestFrom(stranger, site.port, path, { headers })).status).toBe(403);
    }
  });

  it("cannot be changed so that who changes them is locked out", async () => {
    const port = site.settings.http.port;
    const put = (allow: unknown, path = "/api/settings") =>
      send(port, "PUT", path, { access: { allow } }, { "X-Real-IP": "10.1.2.3" });
    for (const path of ["/api/settings", "/api/settings/file"]) {
      const reply = (await put(["192.168.1.0/24"], path)).json();
      expect(reply).toMatchObject({ status: 400, code: "badRequest" });
      expect(reply["detail"]).toContain("10.1.2.3, from where you ask, is not in it");
      expect(reply["errors"]).toMatchObject([{ field: "access.allow" }]);
    }
    expect(site.service.effects).toEqual([]);
    expect((await put(["10.0.0.0/8"])).status).toBe(200);
    expect((await put([])).status).toBe(200);
    expect((await put(["10.0.0.0/33"])).json()).toMatchObject({ code: "badRequest" });
    expect((await send(port, "PUT", "/api/settings", { access: { allow: ["192.168.1.0/24"] } })).status).toBe(200);
  });
});

describe("G5 what a proxy says of a visitor", () => {
  let site: NginxSite;
  /** As a proxy passes on a visitor. */
  const visitor = { "X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "cctv.example" };

  beforeAll(async () => {
    const http = { trustedProxies: ["127.0.0.8/29"], basePath: "/" };
    site = await NginxSite.start(undefined, {
      access: { auth: "accounts", allow: ["127.0.0.0/8", "10.0.0.0/8"] },
      http,
    });
    const setUp = { token: site.accounts.setUpToken(), name: "Ann", password: "correct horse battery" };
    await send(site.port, "POST", "/api/setup", setUp);
  });

  afterAll(() => site.close());

  const signIn = (from: string, headers: Record<string, string>, password = "correct horse battery") =>
    requestFrom(from, site.port, "/api/session", {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Ann", password }),
    });
  const newest = () => site.accounts.audit({ limit: 1 })[0];

  it("is believed of one that is trusted: address, TLS and name", async () => {
    const reply = await signIn(friend, visitor);
    expect(reply.status).toBe(200);
    expect(reply.headers["set-cookie"]?.[0]).toContain("; Secure");
    expect(newest()).toMatchObject({ action: "signedIn", address: "10.9.9.9" });
    const own = { ...visitor, Origin: "https://cctv.example" };
    expect((await signIn(friend, own)).status).toBe(200);
    const evil = await signIn(friend, { ...visitor, "X-Forwarded-Host": "evil.example" });
    expect([evil.status, json(evil.text).code]).toEqual([421, "unknownHost"]);
    const outside = await signIn(friend, { ...visitor, "X-Forwarded-For": "192.0.2.1" });
    expect([outside.status, json(outside.text).code]).toEqual([403, "addressRefused"]);
  });

  it("is believed for the last one that no trusted proxy names", async () => {
    await signIn(friend, { ...visitor, "X-Forwarded-For": "10.6.6.6, 10.9.9.8, 127.0.0.10" });
    expect(newest()).toMatchObject({ address: "10.9.9.8" });
  });

  it("is nothing when anybody else says it", async () => {
    const reply = await signIn(stranger, visitor);
    expect(reply.status).toBe(200);
    expect(reply.headers["set-cookie"]?.[0]).not.toContain("Secure");
    expect(newest()).toMatchObject({ action: "signedIn", address: stranger });
    const foreign = await signIn(stranger, { ...visitor, Origin: "https://cctv.example" });
    expect([foreign.status, json(foreign.text).code]).toEqual([403, "foreignOrigin"]);
    expect((await signIn(stranger, { ...visitor, "X-Forwarded-Host": "evil.example" })).status).toBe(200);
    await signIn(stranger, {
      "X-Real-IP": "10.7.7.7",
      Forwarded: "for=10.7.7.7;proto=https",
      "X-Client-IP": "10.7.7.7",
    });
    expect(newest()).toMatchObject({ address: stranger });
  });

  it("names viewers to the controller only so", async () => {
    const addresses: string[] = [];
    const opened = vi.spyOn(site.service.liveViews, "openStream").mockImplementation((_wanted, address) => {
      addresses.push(address);
      return Promise.reject(new AppError("notLive", "There is no picture."));
    });
    const cookie = (await signIn("127.0.0.1", {})).headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    for (const from of [friend, stranger]) {
      await requestFrom(from, site.port, "/stream", { headers: { ...visitor, Cookie: cookie } });
    }
    opened.mockRestore();
    expect(addresses).toEqual(["10.9.9.9", stranger]);
  });

  it("does not get anybody around the limit of attempts", { timeout: 60_000 }, async () => {
    const tries = (from: string, n: number) => {
      const headers = {
        "X-Forwarded-For": `10.0.0.${n}`,
        "X-Real-IP": `10.0.0.${n}`,
        "Content-Type": "application/json",
      };
      const body = JSON.stringify({ name: `nobody ${n}`, password: "wrong" });
      return requestFrom(from, site.port, "/api/session", { method: "POST", headers, body });
    };
    const statuses: number[] = [];
    for (let n = 0; n < 22; n++) statuses.push((await tries(stranger, n)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.slice(20)).toEqual([429, 429]);
    expect((await tries(friend, 30)).status).toBe(401);
  });
});
