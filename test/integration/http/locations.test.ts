import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nginxLocations } from "../../support/nginx-locations.js";
import { NginxSite } from "../../support/nginx-site.js";
import { request } from "../../support/request.js";

const part = "/hls/main/part_1.m4s";
const refused = { status: 401, code: "notSignedIn" };
/** For NGINX's own use: nobody can ask for it. */
const hidden = { status: 404 };
const open = { status: 200 };
/** What each location that can be asked for answers to somebody who is not signed in. */
const toStrangers: Record<string, { path: string; status: number; code?: string }> = {
  "/": { path: "/", ...open },
  "/assets/": { path: "/assets/index-abc123.js", ...open },
  "= /healthz": { path: "/healthz", ...open },
  "= /readyz": { path: "/readyz", ...open },
  "/api/": { path: "/api/status", ...refused },
  "= /api/events": { path: "/api/events", ...refused },
  "= /stream": { path: "/stream", ...refused },
  "= /metrics": { path: "/metrics", ...refused },
  "~ ^/hls/[a-z0-9]+/live\\.m3u8$": { path: "/hls/main/live.m3u8", ...refused },
  "~ ^/hls/[a-z0-9]+/[A-Za-z0-9_-]+\\.(?:m4s|mp4)$": { path: part, ...refused },
  "= /_access/viewer": { path: "/_access/viewer", ...hidden },
  "/_media/": { path: "/_media/main/part_1.m4s", ...hidden },
  "/_recordings/": { path: "/_recordings/cam0/x.mp4", ...hidden },
  "/_playback/": { path: "/_playback/x", ...hidden },
};

describe("G5 NGINX's own configuration", () => {
  let site: NginxSite;

  beforeAll(async () => {
    site = await NginxSite.start(undefined, { access: { auth: "accounts" } });
    await site.media.publish();
  });

  afterAll(() => site.close());

  it("gives nothing to who is not signed in: every location of it, but those open on purpose", async () => {
    const listen = String(site.port);
    const names = nginxLocations(site.settings).flatMap((one) => (one.listen === listen ? [one.name] : []));
    // Whoever adds a location has to say here what it answers to a stranger.
    expect(names.filter((name) => !name.startsWith("@")).sort()).toEqual(Object.keys(toStrangers).sort());
    for (const [name, { path, status, code }] of Object.entries(toStrangers)) {
      const reply = await request(site.port, path);
      expect([name, reply.status]).toEqual([name, status]);
      if (code !== undefined) expect([name, reply.json()["code"]]).toEqual([name, code]);
      expect([name, reply.text.includes("media of part")]).toEqual([name, false]);
    }
  });
});
