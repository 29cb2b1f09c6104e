import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsSchema, type SettingsInput } from "../../../server/config/schema.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { readNginxTemplates, renderManaged } from "../../../server/ops/nginx-config.js";
import { locationsIn, nginxLocations, type NginxLocation } from "../../support/nginx-locations.js";

const withAccounts = { access: { auth: "accounts" } } as const;
/** As tried, as installed, and behind another proxy: each has locations of its own. */
const installations: readonly SettingsInput[] = [
  withAccounts,
  { ...withAccounts, tls: { mode: "self-made" } },
  { ...withAccounts, http: { basePath: "/cctv/" } },
];
/** The page itself: it has no picture in it, and somebody who is to sign in must get it. */
const openOnPurpose = ["/", "/assets/"];
/** What reads a file or asks somebody else; all other directives answer a few words at the most. */
const giving =
  /^(?:root|alias|try_files|index|autoindex|[a-z]+_pass|mirror|dav_methods|stub_status|perl|content_by_\w+)$/;

/** Why nobody who is not signed in gets anything from it; null: nothing keeps them away. */
function keptBy({ directives }: NginxLocation): string | null {
  const has = (name: string, value?: string) =>
    directives.some(([one, first]) => one === name && (value === undefined || first === value));
  const gives = directives.filter(([name = ""]) => giving.test(name));
  if (has("internal")) return "internal";
  if (has("return") && gives.length === 0) return "words";
  if (has("auth_request", "/_access/viewer")) return "guard";
  // The controller has a door of its own, and what it answers it has checked.
  const asksController = has("proxy_pass", "http://smart_toggle") && gives.length === 1;
  return asksController ? "controller" : null;
}

describe("G5 what NGINX gives out", () => {
  it.each(installations)("is guarded, the controller's, or open on purpose: every location of %j", (settings) => {
    const locations = nginxLocations(settings);
    expect(locations.length).toBeGreaterThan(25);
    const unguarded = locations.filter((location) => keptBy(location) === null).map(({ name }) => name);
    expect(unguarded).toEqual(openOnPurpose);
  });

  it.each([
    ["a folder in one line", "location /x/ { alias /recordings/; }"],
    ["a file below a condition", "location = /y\n{\n  if ($arg_z) { return 404; }\n  try_files $uri =404;\n}"],
    ["another server", "location ^~ /z { proxy_pass http://10.0.0.9; }"],
    ["nothing, and so the page's folder", "location /w { }"],
    ["the controller, and a file in its place", "location /v { proxy_pass http://smart_toggle; root /live; }"],
  ])("would be known to be open: %s", (_, text) => {
    const { name, listen, directives } = locationsIn(`server { listen 1; ${text} }`)[0] ?? {};
    expect([name, listen]).toEqual([expect.stringMatching(/\/[vwxyz]/), "1"]);
    expect(keptBy({ name: "", listen: "", directives: directives ?? [] })).toBeNull();
  });

  it("begins with an underscore where it is for NGINX alone: by that a base path keeps away from it", () => {
    const internal = nginxLocations(withAccounts).filter(({ directives }) =>
      directives.some(([name]) => name === "internal"),
    );
    expect(internal.length).toBeGreaterThan(3);
    expect(internal.map(({ name }) => name.replace(/^= /, "")).filter((name) => !name.startsWith("/_"))).toEqual([]);
  });

  it("is nothing without TLS where there is TLS, but the way there", () => {
    const surroundings = { live: "/live", web: "/web", recordings: "/recordings", hostname: "pi", ipv6: true };
    const settings = settingsSchema.parse({ tls: { mode: "self-made" }, paths: { state: "/state" } });
    const text = renderManaged(readNginxTemplates(), settings, surroundings, null);
    const servers = text.split(/^ *server \{/m).slice(1);
    expect(servers.map((server) => [...server.matchAll(/listen ([^;]+);/g)].map(([, to]) => to))).toEqual([
      ["8443 ssl http2 sndbuf=128k", "[::]:8443 ssl http2 sndbuf=128k"],
      ["8001", "[::]:8001"],
      ["127.0.0.1:8003"],
    ]);
    expect(servers[0]).toContain('ssl_certificate_key "/state/tls/key.pem";');
    expect(servers[0]).toContain("ssl_protocols TLSv1.3;");
    expect(servers[1]).not.toMatch(/proxy_pass|root |alias/);
    expect(servers[1]).toContain("return 308 https://$host:8443$request_uri;");
  });

  it("lets a page run its own scripts and styles alone, and the one style that stands within a page", () => {
    const [, policy = ""] = /Content-Security-Policy "([^"]+)"/.exec(readNginxTemplates().site) ?? [];
    const page = readFileSync(join(packageRoot, "web/public/offline.html"), "utf8");
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy).toContain(`style-src 'self' 'sha256-${createHash("sha256").update(style).digest("base64")}';`);
  });

  it("asks the controller on both listeners with accounts, and nobody without", () => {
    const surroundings = { live: "/live", web: "/web", recordings: "/recordings", hostname: "pi", ipv6: false };
    const rendered = (auth: "off" | "accounts") =>
      renderManaged(readNginxTemplates(), settingsSchema.parse({ access: { auth } }), surroundings, null);
    expect(rendered("off")).not.toMatch(/auth_request|_access|smart_toggle_access/);
    const guarded = rendered("accounts");
    expect(guarded.match(/location = \/_access\/viewer/g)).toHaveLength(2);
    expect(guarded.match(/auth_request \/_access\/viewer;/g)).toHaveLength(4);
    expect(guarded).not.toContain('immutable";\n    try_files $uri @unwritten');
  });
});
