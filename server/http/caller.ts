import type { IncomingMessage } from "node:http";
import type { Credentials, Identity } from "../accounts/identity.js";
import { clientAddress } from "./client-address.js";

/** Who sent a request, and from where. */
export interface Caller {
  /** Null: not signed in, or there are no accounts. */
  readonly identity: Identity | null;
  readonly address: string;
  /** Whether the browser speaks TLS, as NGINX says. */
  readonly secure: boolean;
}

export function callerOf(req: IncomingMessage, identity: Identity | null): Caller {
  return { identity, address: clientAddress(req), secure: req.headers["x-forwarded-proto"] === "https" };
}

/** Name of the session's cookie. Cookies know no ports: two services on one machine need two names. */
export function cookieName(publicPort: number): string {
  return `smart_toggle_${publicPort}`;
}

/** What a request shows. Of several cookies of one name the first counts, as it does for NGINX. */
export function credentialsOf(headers: IncomingMessage["headers"], cookie: string): Credentials {
  return { bearer: bearerOf(headers.authorization), cookie: cookieOf(headers.cookie, cookie) };
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer +([\w~+/.=-]{1,1024})$/i.exec(header ?? "")?.[1] ?? null;
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

export interface SessionCookie {
  readonly name: string;
  /** Empty: the cookie is taken away. */
  readonly token: string;
  /** From now. */
  readonly lastsSeconds: number;
  readonly path: string;
  /** Sent over TLS alone. */
  readonly secure: boolean;
}

/** The header that sets it. */
export function sessionCookie({ name, token, lastsSeconds, path, secure }: SessionCookie): string {
  const age = Math.max(0, Math.floor(lastsSeconds));
  return `${name}=${token}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? "; Secure" : ""}`;
}
