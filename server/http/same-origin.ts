import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a mutation comes from our own page, or from no page at all. Browsers send Sec-Fetch-Site only to https and
 * localhost, so on a plain LAN the Origin must do. The scheme is not compared: NGINX may stand behind another proxy that
 * ends TLS. Programs send neither header, and no cookie: a mutation with our cookie must say where it comes from (`byCookie`),
 * which every browser does.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, byCookie = false): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const { origin, host } = headers;
  if (origin === undefined) return !byCookie || site === "same-origin";
  if (!URL.canParse(origin) || host === undefined) return false;
  const { protocol, host: originHost } = new URL(origin);
  // The same scheme for both, so that its default port counts as no port in both.
  return (
    URL.canParse(`${protocol}//${host}`) && originHost !== "" && new URL(`${protocol}//${host}`).host === originHost
  );
}
