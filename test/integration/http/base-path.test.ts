import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NginxSite, pageText } from "../../support/nginx-site.js";
import { request, send } from "../../support/request.js";
import { requestFrom } from "../../support/request-from.js";
import { until } from "../../support/until.js";

describe("G5 a base path, behind another proxy", () => {
  let site: NginxSite;
  let cookie = "";

  beforeAll(async () => {
    const http = { basePath: "/cctv/home.1/", trustedProxies: ["127.0.0.9"] };
    site = await NginxSite.start(undefined, { access: { auth: "accounts" }, http });
    await site.media.publish();
    const setUp = { token: site.accounts.setUpToken(), name: "Ann", password: "correct horse battery" };
    const reply = await send(site.port, "POST", "/cctv/home.1/api/setup", setUp);
    expect(reply.status).toBe(200);
    cookie = reply.headers["set-cookie"]?.[0] ?? "";
  });

  afterAll(() => site.close());

  const signedIn = () => ({ Cookie: cookie.split(";")[0] ?? "" });
  const below = (path: string) => request(site.port, `/cctv/home.1${path}`, { headers: signedIn() });

  it("keeps the cookie to itself", () => {
    expect(cookie).toContain("; Path=/cctv/home.1/; HttpOnly; SameSite=Strict");
  });

  it("has the page, its files, the API and media below it", async () => {
    expect(await below("/")).toMatchObject({ status: 200, text: pageText });
    expect((await below("/assets/index-abc123.js")).status).toBe(200);
    expect((await below("/api/status?x=1")).status).toBe(200);
    expect((await below("/hls/main/live.m3u8?_HLS_msn=0")).text).toContain("#part 1");
    expect((await below("/hls/main/part_1.m4s")).text).toBe("media of part 1");
    expect((await below("/stream")).json()).toMatchObject({ code: "notLive" });
    expect((await below("/healthz")).status).toBe(200);
  });

  it("waits for media there as well", async () => {
    const reply = below("/hls/main/part_2.m4s");
    await until("one waits", 5000, () => site.media.waiting === 1, 5);
    await site.media.publish();
    expect(await reply).toMatchObject({ status: 200, text: "media of part 2" });
  });

  it("is where people are sent to, but not by a proxy that took it off", async () => {
    for (const path of ["/", "/cctv/home.1"]) {
      const reply = await request(site.port, `${path}?a=b`);
      expect([reply.status, reply.headers["location"]]).toEqual([308, "/cctv/home.1/?a=b"]);
    }
    expect(await requestFrom("127.0.0.9", site.port, "/")).toMatchObject({ status: 200, text: pageText });
  });

  it("stands in the OpenAPI document", async () => {
    expect((await below("/api/openapi.json")).json()["servers"]).toEqual([{ url: "/cctv/home.1" }]);
  });

  it("opens no door: what is refused at the root is refused below it", async () => {
    const ways = [
      "/hls/main/part_1.m4s",
      "/_media/main/part_1.m4s",
      "/%5fmedia/main/part_1.m4s",
      "//_media/main/part_1.m4s",
      "/x/../_media/main/part_1.m4s",
      "/cctv/home.1/_media/main/part_1.m4s",
      "/_recordings/x",
      "/_playback/x",
      "/_access/viewer",
      "/api/status",
      "/hls/main/%2e%2e/main/part_1.m4s",
    ];
    for (const way of ways) {
      for (const prefix of ["/cctv/home.1", "/cctv/home.1/.", "/cctv%2fhome.1", "/x/../cctv/home.1", "//cctv/home.1"]) {
        const reply = await request(site.port, prefix + way);
        expect([prefix + way, reply.status >= 400]).toEqual([prefix + way, true]);
      }
    }
    expect((await request(site.port, "/cctv/homeX1/")).status).toBe(404);
  });
});
