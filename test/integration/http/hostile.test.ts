import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NginxSite } from "../../support/nginx-site.js";
import { request, send, type Reply } from "../../support/request.js";

/** What somebody writes where a name or a number belongs. */
const words = [
  "..",
  "../..",
  "%2e%2e",
  "%2e%2e%2f%2e%2e%2fstate%2fsession.key",
  "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
  "%252e%252e%252fetc%252fpasswd",
  "..%5c..%5cetc%5cpasswd",
  "%2fetc%2fpasswd",
  "%c0%ae%c0%ae%c0%af",
  "%00",
  "1%00.mp4",
  "1%0d%0aX-Evil:%201",
  "1%0aX-Accel-Redirect:%20/_media/main/part_1.m4s",
  "1;/../2",
  "1/../../../healthz",
  "-1",
  "1e3",
  "0x1",
  "1%20OR%201=1",
  "99999999999999999999",
  "NaN",
  "__proto__",
  "%EF%BC%8E%EF%BC%8E",
  "%ZZ",
  "a".repeat(5000),
];

interface Address {
  readonly method: string;
  readonly path: string;
}

describe("G5 addresses that try to be others", () => {
  let site: NginxSite;
  let headers: Record<string, string>;
  let addresses: Address[];
  const password = "correct horse battery";

  beforeAll(async () => {
    site = await NginxSite.start(undefined, { access: { auth: "accounts" } });
    await site.media.publish();
    await send(site.port, "POST", "/api/setup", { token: site.accounts.setUpToken(), name: "Ann", password });
    const signIn = await send(site.port, "POST", "/api/session", { name: "Ann", password, token: true });
    headers = { Authorization: `Bearer ${String(signIn.json()["token"])}` };
    const { paths } = (await request(site.port, "/api/openapi.json", { headers })).json() as {
      paths: Record<string, Record<string, unknown>>;
    };
    addresses = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
  });

  afterAll(() => site.close());

  function ask(port: number, { method, path }: Address): Promise<Reply> {
    const body = method === "GET" ? {} : { body: "{}" };
    return request(port, path, { method, headers: { ...headers, "Content-Type": "application/json" }, ...body });
  }

  /** What no answer may be or hold, whatever was asked for. */
  function expectHarmless(what: string, reply: Reply): void {
    expect([what, reply.status < 500 || reply.status === 503, reply.status]).toEqual([what, true, reply.status]);
    expect([what, reply.headers["x-evil"], reply.headers["x-accel-redirect"]]).toEqual([what, undefined, undefined]);
    expect([what, /root:|media of part|daemon off/.test(reply.text)]).toEqual([what, false]);
  }

  it(
    "get nothing in the place of any name or number, through NGINX and from the controller",
    { timeout: 120_000 },
    async () => {
      const tricky = addresses.filter(({ path }) => path.includes("{"));
      expect(tricky.length).toBeGreaterThan(15);
      for (const { method, path } of tricky) {
        const asked = words.map(async (word) => {
          const address = { method, path: path.replace(/\{\w+\}/g, word) };
          const what = `${method} ${address.path.slice(0, 120)}`;
          for (const port of [site.port, site.settings.http.port]) expectHarmless(what, await ask(port, address));
        });
        await Promise.all(asked);
      }
      expect(site.service.effects).toEqual([]);
    },
  );

  it("get nothing before, behind or around a path that exists", async () => {
    const prefixes = [
      "//",
      "/./",
      "/assets/../",
      "/assets/..%2f",
      "/hls/../",
      "/x/..;/",
      "/%2e/",
      "/_media/../",
      "/\\",
      "/%5c..",
    ];
    const suffixes = ["/..", "/.", "%00", "%20", ";x", "/%2e%2e/%2e%2e/nginx/nginx.conf", "?", "#x", ".", "~", ".new"];
    const targets = [
      "state/session.key",
      "live/nginx/nginx.conf",
      "_media/main/part_1.m4s",
      "_recordings/x",
      "_playback/x",
      "_access/viewer",
    ];
    const paths = [
      ...prefixes.flatMap((prefix) => targets.map((target) => prefix + target)),
      ...suffixes.flatMap((suffix) => [`/hls/main${suffix}`, `/assets${suffix}`, `/api/settings/file${suffix}`]),
    ];
    for (const path of paths) {
      for (const port of [site.port, site.settings.http.port]) {
        const reply = await request(port, path);
        expectHarmless(`GET ${path}`, reply);
        expect([path, reply.text.includes("sessionHours")]).toEqual([path, false]);
      }
    }
  });

  it("are refused where they lead to another host, or are none", async () => {
    for (const path of ["http://evil.example/", "https://evil.example/api/status", "*", "evil.example:443"]) {
      const reply = await request(site.port, path, { headers }).catch(() => null);
      expect([path, reply === null || reply.status >= 400]).toEqual([path, true]);
    }
  });

  it("take no other method", async () => {
    for (const method of ["PUT", "DELETE", "PROPFIND", "TRACE", "MOVE", "BREW"]) {
      for (const path of [
        "/",
        "/hls/main/part_1.m4s",
        "/hls/main/live.m3u8",
        "/stream",
        "/healthz",
        "/assets/index-abc123.js",
      ]) {
        const reply = await request(site.port, path, { method, headers });
        expect([method, path, reply.status >= 400]).toEqual([method, path, true]);
      }
    }
  });
});
