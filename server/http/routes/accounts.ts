import { z } from "zod";
import { AppError } from "../../lib/errors.js";
import { accountsOf, identityOf } from "../accounts-of.js";
import type { Door } from "../door.js";
import { pageQuery } from "../page-query.js";
import { jsonRoute, ok, type Route } from "../route.js";
import {
  accountPatchSchema,
  accountSchema,
  accountsSchema,
  auditPageSchema,
  keysSchema,
  madeKeySchema,
  newAccountSchema,
  newKeySchema,
  removedSchema,
} from "../wire-accounts.js";

const dayMs = 86_400_000;
const params = z.object({ id: z.string().meta({ description: "Number of the account" }) });

/** Throws `notFound`. */
function accountNumber(id: string): number {
  if (/^\d{1,9}$/.test(id)) return Number(id);
  throw new AppError("notFound", "There is no such account.");
}

/** The accounts of people, and what was done with them (G5). */
export function accountsRoutes(door: Door): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/accounts",
      access: "administrator",
      summary: "All accounts",
      answers: { 200: { description: "Oldest first; never a password", schema: accountsSchema } },
      errors: ["accountsOff"],
      handle: () => ok({ accounts: accountsOf(door).accounts() }),
    }),
    jsonRoute({
      method: "post",
      path: "/api/accounts",
      access: "administrator",
      summary: "Make an account",
      body: newAccountSchema,
      answers: { 201: { description: "Made", schema: accountSchema } },
      errors: ["accountTaken", "tooManyClients", "accountsOff"],
      async handle({ body, caller }) {
        const made = await accountsOf(door).makeAccount(body, identityOf(caller), caller.address);
        return { status: 201, body: made };
      },
    }),
    jsonRoute({
      method: "patch",
      path: "/api/accounts/:id",
      access: "administrator",
      summary: "Change role or password, disable or enable; all its sessions end",
      params,
      body: accountPatchSchema,
      answers: { 200: { description: "Changed", schema: accountSchema } },
      errors: ["notFound", "lastAdministrator", "tooManyClients", "accountsOff"],
      async handle({ params: { id }, body, caller }) {
        const accounts = accountsOf(door);
        return ok(await accounts.changeAccount(accountNumber(id), body, identityOf(caller), caller.address));
      },
    }),
    jsonRoute({
      method: "delete",
      path: "/api/accounts/:id",
      access: "administrator",
      summary: "Remove an account; all its sessions end",
      params,
      answers: { 200: { description: "Removed", schema: removedSchema } },
      errors: ["notFound", "lastAdministrator", "accountsOff"],
      handle({ params: { id }, caller }) {
        accountsOf(door).removeAccount(accountNumber(id), identityOf(caller), caller.address);
        return ok({ removed: true });
      },
    }),
    jsonRoute({
      method: "get",
      path: "/api/audit",
      access: "administrator",
      summary:
        "Who signed in, failed to, and changed accounts, keys, settings or recordings, newest first; the last 5000 entries",
      query: pageQuery("entry"),
      answers: { 200: { description: "One page", schema: auditPageSchema } },
      errors: ["badRequest", "accountsOff"],
      handle({ query: { limit, before } }) {
        const found = accountsOf(door).audit({ limit: limit + 1, ...(before !== undefined && { before }) });
        const entries = found.slice(0, limit);
        return ok({ entries, next: found.length > limit ? (entries.at(-1)?.id ?? null) : null });
      },
    }),
  ];
}

/** Keys of programs. */
export function keysRoutes(door: Door): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/keys",
      access: "administrator",
      summary: "All API keys",
      answers: { 200: { description: "Oldest first; never a secret", schema: keysSchema } },
      errors: ["accountsOff"],
      handle: () => ok({ keys: accountsOf(door).keys() }),
    }),
    jsonRoute({
      method: "post",
      path: "/api/keys",
      access: "administrator",
      summary: "Make an API key; its secret is told once",
      body: newKeySchema,
      answers: { 201: { description: "Made", schema: madeKeySchema } },
      errors: ["accountTaken", "accountsOff"],
      handle({ body: { name, role, days }, caller }) {
        const expiresAt = days === null ? null : Date.now() + days * dayMs;
        const made = accountsOf(door).makeKey({ name, role, expiresAt }, identityOf(caller), caller.address);
        return { status: 201, body: made };
      },
    }),
    jsonRoute({
      method: "delete",
      path: "/api/keys/:id",
      access: "administrator",
      summary: "Remove an API key: it is over at once",
      params: z.object({ id: z.string().meta({ description: "Id of the key" }) }),
      answers: { 200: { description: "Removed", schema: removedSchema } },
      errors: ["notFound", "accountsOff"],
      handle({ params: { id }, caller }) {
        accountsOf(door).removeKey(id, identityOf(caller), caller.address);
        return ok({ removed: true });
      },
    }),
  ];
}
