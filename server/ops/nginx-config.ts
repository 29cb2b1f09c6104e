/** The configuration of NGINX, from the templates in `nginx/`. Pure, but for reading the templates. */
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { ConfigError } from "../config/config-error.js";
import type { Settings } from "../config/schema.js";
import { tlsFiles } from "../config/tls-files.js";
import { errorCodes, type ErrorCode } from "../lib/errors.js";
import { hostOf, namesOfHost } from "../lib/host-name.js";
import { loopback, networkOf, networkText } from "../lib/networks.js";
import { packageRoot } from "../lib/package-root.js";
import { nginxSurroundings, type NginxSurroundings } from "./nginx-surroundings.js";
import { fillTemplate } from "./template.js";

const templateNames = [
  "main",
  "site",
  "common",
  "media",
  "proxy",
  "security-headers",
  "guard",
  "access",
  "credentials",
  "redirect",
] as const;
export type NginxTemplates = Readonly<Record<(typeof templateNames)[number], string>>;

/** Errors of the file system are passed on. */
export function readNginxTemplates(folder = join(packageRoot, "nginx")): NginxTemplates {
  const read = (name: string) => [name, readFileSync(join(folder, `${name}.conf.template`), "utf8")];
  return Object.fromEntries(templateNames.map(read)) as NginxTemplates;
}

/** The site for a system NGINX, as it must be on this machine. Throws as `renderSite` does. */
export function renderNginxConfig(settings: Settings): string {
  return renderSite(readNginxTemplates(), settings, nginxSurroundings(settings));
}

/** The site alone, for the `conf.d` of a system NGINX. Throws `configInvalid` for what NGINX cannot express. */
export function renderSite(templates: NginxTemplates, settings: Settings, surroundings: NginxSurroundings): string {
  const { nginx, http, access } = settings;
  const { live, web, recordings } = surroundings;
  const names = ownNames(surroundings.hostname, http.hosts);
  const guarded = settings.access.auth === "accounts";
  const snippets = {
    guard: guarded ? templates.guard : "",
    access: guarded ? accessQuestion(templates, nginx.port) : "",
    // What only some may see is kept by no cache between, and by no browser that somebody else uses next.
    mediaCaching: guarded ? "no-store" : '"public, max-age=31536000, immutable"',
    realAddress: realAddress(http.trustedProxies),
    proxy: templates.proxy,
    securityHeaders: templates["security-headers"],
    live: path(live),
    liveMedia: path(`${join(live, "hls")}/`),
    recordings: path(`${recordings}/`),
    playback: path(`${join(live, "playback")}/`),
    unknownHostProblem: problem("unknownHost", "This service does not go by that name. Add it to http.hosts."),
    addressRefusedProblem: problem("addressRefused", "This address is not in access.allow."),
    tooManyRequestsProblem: problem("tooManyRequests", "Ask less often, and keep fewer connections open."),
    bodyTooLargeProblem: problem("bodyTooLarge", "Send less."),
    controllerDownProblem: problem("controllerDown", "It may be starting; ask again in a moment."),
  };
  return fillTemplate(templates.site, {
    ...snippets,
    common: fillTemplate(templates.common, snippets),
    media: fillTemplate(templates.media, snippets),
    controllerPort: String(http.port),
    verifyPort: String(nginx.verifyPort),
    listen: publicListen(settings, surroundings.ipv6),
    redirect: redirectServer(templates, settings, surroundings, snippets),
    trustedProxies: geoLines(http.trustedProxies),
    allowByDefault: access.allow.length === 0 ? "1" : "0",
    allowed: access.allow.length === 0 ? "" : geoLines([...loopback, ...access.allow]),
    basePath: basePath(http.basePath),
    basePathMap: basePathMap(http.basePath),
    knownNames: names.map((name) => `${name} 1;`).join("\n"),
    serverNames: names.join(" "),
    web: path(web),
    credentials: guarded ? credentials(templates, settings, live) : "",
    apiTimeoutSeconds: String(apiTimeoutSeconds(settings)),
  });
}

/**
 * A whole configuration, for NGINX as a child. `user` is whom its workers run as; null: NGINX's own choice. Throws
 * `configInvalid` for what NGINX cannot express.
 */
export function renderManaged(
  templates: NginxTemplates,
  settings: Settings,
  surroundings: NginxSurroundings,
  user: string | null,
): string {
  return fillTemplate(templates.main, {
    site: renderSite(templates, settings, surroundings),
    user: user === null ? "" : `user ${user};`,
  });
}

/** Networks as the lines of a `geo`; written in one way and each once, or NGINX complains. */
function geoLines(networks: readonly string[]): string {
  return networkTexts(networks)
    .map((network) => `${network} 1;`)
    .join("\n");
}

/** The settings let nothing pass that is no network. */
function networkTexts(networks: readonly string[]): string[] {
  return [...new Set(networks.flatMap((text) => networkOf(text) ?? []).map(networkText))];
}

/** The address is the one that a proxy names only where the connection comes from one that is trusted. */
function realAddress(trustedProxies: readonly string[]): string {
  if (trustedProxies.length === 0) return "";
  const from = networkTexts(trustedProxies).map((network) => `set_real_ip_from ${network};`);
  return [...from, "real_ip_header X-Forwarded-For;", "real_ip_recursive on;"].join("\n");
}

/** Who opens the root is sent below the base path, but for a proxy that took it off already. */
function basePathMap(basePath: string): string {
  if (basePath === "/") return "";
  return ['map "$smart_toggle_proxied $uri" $smart_toggle_outside {', "    default 0;", '    "0 /" 1;', "}"].join("\n");
}

/**
 * What is asked for below the base path is looked up as if it were asked for below the root; but for what begins with an
 * underscore: NGINX takes what was rewritten for a request of its own, to which `internal` locations are open.
 */
function basePath(basePath: string): string {
  if (basePath === "/") return "";
  const bare = basePath.slice(0, -1);
  return [
    `if ($smart_toggle_outside) {`,
    `    return 308 ${basePath}$is_args$args;`,
    `}`,
    `rewrite "^${bare.replace(/\./g, "\\.")}(/(?:[^_].*)?)$" $1;`,
    "",
    `location = ${bare} {`,
    `    return 308 ${basePath}$is_args$args;`,
    `}`,
  ].join("\n");
}

/**
 * What the kernel may take for one connection before NGINX waits. Left to itself it is four megabytes: a viewer of 70 KB/s then
 * saw what was a minute ago, and sixty of them took a Raspberry Pi's memory. 20 ms away it is good for 6 MB/s and more.
 */
const sendBuffer = "sndbuf=128k";

/** With TLS the page is there alone. */
function publicListen(settings: Settings, ipv6: boolean): string {
  const { nginx, tls } = settings;
  const files = tlsFiles(settings);
  const lines = (port: number, options: string): string[] =>
    listenLines(nginx.address, port, ipv6).map((line) => line.replace(/;$/, ` ${options};`));
  if (files === null) return lines(nginx.port, sendBuffer).join("\n");
  return [
    // As an option of `listen`: the directive `http2` is not known to the NGINX of Debian 12.
    ...lines(tls.port, `ssl http2 ${sendBuffer}`),
    `ssl_certificate ${path(files.certificate)};`,
    `ssl_certificate_key ${path(files.key)};`,
    "ssl_protocols TLSv1.3;",
    "ssl_session_cache shared:smart_toggle_tls:1m;",
    "ssl_session_timeout 1d;",
  ].join("\n");
}

/** Nothing is given out without TLS where there is TLS. */
function redirectServer(
  templates: NginxTemplates,
  { nginx, tls }: Settings,
  { ipv6 }: NginxSurroundings,
  snippets: Readonly<Record<string, string>>,
): string {
  if (tls.mode === "off") return "";
  return fillTemplate(templates.redirect, {
    ...snippets,
    common: fillTemplate(templates.common, snippets),
    listen: listenLines(nginx.address, nginx.port, ipv6).join("\n"),
    tlsPort: String(tls.port),
  });
}

/** The one of server/http/caller.ts. */
const cookieName = (publicPort: number): string => `smart_toggle_${publicPort}`;

function accessQuestion({ access }: NginxTemplates, publicPort: number): string {
  return fillTemplate(access, {
    cookie: cookieName(publicPort),
    notSignedInProblem: problem("notSignedIn", "Sign in, or send a key or token as Authorization: Bearer."),
    notAllowedProblem: problem("notAllowed", "The role does not allow this."),
  });
}

/**
 * On tmpfs; NGINX makes it, for its workers alone. One of the system's does so as root in /run, where nobody else may make
 * a folder of that name before it.
 */
function accessFolder({ nginx: { managed, port } }: Settings, live: string): string {
  return managed ? join(live, "nginx", "access") : `/run/smart-toggle-access-${port}`;
}

function credentials(templates: NginxTemplates, settings: Settings, live: string): string {
  const values = { accessFolder: path(accessFolder(settings, live)), cookie: cookieName(settings.nginx.port) };
  return fillTemplate(templates.credentials, values);
}

/** Two switches, each with its way back, and some room. */
function apiTimeoutSeconds({ switch: { deadlineMs } }: Settings): number {
  return Math.ceil((4 * deadlineMs) / 1000) + 40;
}

function listenLines(address: string, port: number, ipv6: boolean): string[] {
  if (address === "*") return [`listen ${port};`, ...(ipv6 ? [`listen [::]:${port};`] : [])];
  if (isIPv6(address)) return [`listen [${address}]:${port};`];
  if (!/^[\w.-]+$/.test(address)) throw invalid("nginx.address", address, "must be an address, a name or *");
  return [`listen ${address}:${port};`];
}

/** Anything else in a name would end up in the configuration. */
const plainName = /^[a-z0-9[][a-z0-9._:\]-]*$/;

function ownNames(hostname: string, hosts: readonly string[]): string[] {
  const further = hosts.map((host) => {
    const name = hostOf(host);
    if (name === null || !plainName.test(name)) throw invalid("http.hosts", host, "must be a host name");
    return name;
  });
  const own = namesOfHost(hostname).map((name) => hostOf(name) ?? "");
  return [...new Set(["localhost", ...own.filter((name) => plainName.test(name)), ...further])];
}

/** A path as an argument; NGINX has no way to write a dollar sign in one. */
function path(text: string): string {
  // eslint-disable-next-line no-control-regex -- a line end in a path would end up in the configuration
  if (/[$\u0000-\u001f]/.test(text)) throw invalid("paths", text, "must not contain $ or control characters");
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The problem document that NGINX itself answers, as an argument. */
function problem(code: ErrorCode, detail: string): string {
  const { status, title } = errorCodes[code];
  return `'${JSON.stringify({ type: `urn:smart-toggle:problem:${code}`, title, status, code, detail })}'`;
}

function invalid(key: string, value: string, fix: string): ConfigError {
  return new ConfigError([{ key, value, message: "cannot be given to NGINX", fix: `It ${fix}.` }]);
}
