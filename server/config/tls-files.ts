import { join, resolve } from "node:path";
import type { Settings } from "./schema.js";

/** Absolute paths of PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What NGINX serves TLS with; null: there is none. `contradictions.ts` sees to it that files are named where they must be. */
export function tlsFiles({ tls, paths }: Pick<Settings, "tls" | "paths">): TlsFiles | null {
  if (tls.mode === "off") return null;
  const folder = join(resolve(paths.state), "tls");
  if (tls.mode === "self-made") return { certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") };
  return { certificate: resolve(tls.certificateFile ?? ""), key: resolve(tls.keyFile ?? "") };
}

/** Where people open the page, as `http://NAME:PORT` and the base path, with a slash at the end. */
export function publicAddress(name: string, { tls, nginx, http }: Pick<Settings, "tls" | "nginx" | "http">): string {
  const origin = tls.mode === "off" ? `http://${name}:${nginx.port}` : `https://${name}:${tls.port}`;
  return `${origin}${http.basePath}`;
}
