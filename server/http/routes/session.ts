import type { Accounts, SignedIn } from "../../accounts/accounts.js";
import type { Identity } from "../../accounts/identity.js";
import { sessionCookie, type Caller } from "../caller.js";
import type { Door } from "../door.js";
import { accountsOf, identityOf } from "../accounts-of.js";
import { jsonRoute, ok, type Answer, type Route } from "../route.js";
import {
  passwordChangeSchema,
  sessionSchema,
  setUpSchema,
  signedInSchema,
  signInSchema,
  type SessionView,
} from "../wire-accounts.js";

function viewOf(door: Door, identity: Identity | null): SessionView {
  if (door.auth.kind === "off") {
    return { auth: "off", needsSetUp: false, role: "administrator", name: null, expiresAt: null };
  }
  const { needsSetUp } = door.auth.accounts;
  const { role = null, name = null, expiresAt = null } = identity ?? {};
  return { auth: "accounts", needsSetUp, role, name, expiresAt };
}

function signedIn(door: Door, { token, identity }: SignedIn, { secure }: Caller): Answer {
  const lastsSeconds = ((identity.expiresAt ?? 0) - Date.now()) / 1000;
  return { status: 200, body: viewOf(door, identity), headers: cookieOf(door, token, lastsSeconds, secure) };
}

function cookieOf(door: Door, token: string, lastsSeconds: number, secure: boolean): Record<string, string> {
  const { cookie: name, basePath: path } = door;
  return { "Set-Cookie": sessionCookie({ name, token, lastsSeconds, path, secure }) };
}

/** Signing in and out, and the first administrator. */
export function sessionRoutes(door: Door): Route[] {
  const accounts = (): Accounts => accountsOf(door);
  return [
    jsonRoute({
      method: "get",
      path: "/api/session",
      access: "open",
      summary: "Whether accounts are in use, and who asks",
      answers: { 200: { description: "Also for who is not signed in", schema: sessionSchema } },
      errors: [],
      handle: ({ caller }) => ok(viewOf(door, caller.identity)),
    }),
    jsonRoute({
      method: "post",
      path: "/api/session",
      access: "open",
      summary: "Sign in: sets the session's cookie, or answers a token",
      body: signInSchema,
      answers: { 200: { description: "Signed in", schema: signedInSchema } },
      errors: ["wrongCredentials", "tooManyAttempts", "tooManyClients", "accountsOff"],
      async handle({ body: { name, password, token }, caller }) {
        const proven = await accounts().signIn(name, password, caller.address);
        if (token) return ok({ ...viewOf(door, proven.identity), token: proven.token });
        return signedIn(door, proven, caller);
      },
    }),
    jsonRoute({
      method: "delete",
      path: "/api/session",
      access: "viewer",
      summary: "Sign out: the session ends, and every copy of its token with it",
      answers: { 200: { description: "Nobody is signed in", schema: sessionSchema } },
      errors: ["badRequest", "accountsOff"],
      handle({ caller }) {
        accounts().signOut(identityOf(caller), caller.address);
        return { status: 200, body: viewOf(door, null), headers: cookieOf(door, "", 0, caller.secure) };
      },
    }),
    jsonRoute({
      method: "put",
      path: "/api/session/password",
      access: "viewer",
      summary: "Change one's own password; all other sessions of the account end",
      body: passwordChangeSchema,
      answers: { 200: { description: "Changed, and signed in anew", schema: sessionSchema } },
      errors: ["wrongCredentials", "tooManyAttempts", "tooManyClients", "accountsOff"],
      async handle({ body: { former, password }, caller }) {
        const proven = await accounts().changePassword(identityOf(caller), former, password, caller.address);
        return signedIn(door, proven, caller);
      },
    }),
    jsonRoute({
      method: "post",
      path: "/api/setup",
      access: "open",
      summary: "Make an administrator with the one-time token of the set-up link, and sign in",
      body: setUpSchema,
      answers: { 200: { description: "Made, and signed in", schema: sessionSchema } },
      errors: ["setUpRefused", "accountTaken", "tooManyAttempts", "tooManyClients", "accountsOff"],
      async handle({ body: { token, ...account }, caller }) {
        return signedIn(door, await accounts().setUp(token, account, caller.address), caller);
      },
    }),
  ];
}
