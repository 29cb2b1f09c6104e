import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../../server/config/schema.js";
import { packageRoot } from "../../../server/lib/package-root.js";
import { readNginxTemplates, renderManaged } from "../../../server/ops/nginx-config.js";
import { templateLocations, type TemplateLocation } from "../../support/template-locations.js";

/** The page itself: it has no picture in it, and somebody who is to sign in must get it. */
const openOnPurpose = ["/", "/assets/"];
/** Answers of a few words, and the rest of the listener that only the controller uses. */
const wordsAlone = ({ body }: TemplateLocation): boolean =>
  !/\b(?:root|alias|try_files|proxy_pass)\b|\{\{proxy\}\}/.test(body);

/** Why nobody who is not signed in gets anything from it; null: nothing keeps them away. */
function keptBy(location: TemplateLocation): string | null {
  const { body } = location;
  if (/^\s*internal;/m.test(body)) return "internal";
  if (wordsAlone(location)) return "words";
  if (body.includes("{{guard}}")) return "guard";
  // The controller has a door of its own, and what it answers it has checked.
  return body.includes("{{proxy}}") && !/\b(?:root|alias)\b/.test(body) ? "controller" : null;
}

describe("G5 what NGINX gives out", () => {
  it("is guarded, the controller's, or open on purpose: every location of the templates", () => {
    const locations = templateLocations();
    expect(locations.length).toBeGreaterThan(15);
    const unguarded = locations.filter((location) => keptBy(location) === null).map(({ name }) => name);
    expect(unguarded).toEqual(openOnPurpose);
  });

  it("begins with an underscore where it is for NGINX alone: by that a base path keeps away from it", () => {
    const internal = templateLocations().filter(({ body }) => /^\s*internal;/m.test(body));
    expect(internal.length).toBeGreaterThan(3);
    expect(internal.map(({ name }) => name.replace(/^= /, "")).filter((name) => !name.startsWith("/_"))).toEqual([]);
  });

  it("is nothing without TLS where there is TLS, but the way there", () => {
    const surroundings = { live: "/live", web: "/web", recordings: "/recordings", hostname: "pi", ipv6: true };
    const settings = settingsSchema.parse({ tls: { mode: "self-made" }, paths: { state: "/state" } });
    const text = renderManaged(readNginxTemplates(), settings, surroundings, null);
    const servers = text.split(/^ *server \{/m).slice(1);
    expect(servers.map((server) => [...server.matchAll(/listen ([^;]+);/g)].map(([, to]) => to))).toEqual([
      ["8443 ssl http2", "[::]:8443 ssl http2"],
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
