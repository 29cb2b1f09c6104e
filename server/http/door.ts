/**
 * The door before every route: finds out who asks, and lets in who may. Owns the list of answers that last (event streams,
 * MJPEG) and ends those whose session has ended; `close` stops its timer. What it decides it decides in memory: no database
 * and no password hash stand between a player and its next part.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuditAction } from "../accounts/audit-actions.js";
import type { Auth } from "../accounts/auth.js";
import type { Identity } from "../accounts/identity.js";
import { allows, type Access } from "../accounts/role.js";
import { AppError } from "../lib/errors.js";
import { callerOf, cookieName, credentialsOf, type Caller } from "./caller.js";

/** A session that ended keeps an open stream for so long at the most. */
const lookMs = 1000;

/** Without accounts everybody may do everything. */
const anybody: Identity | null = null;

export class Door {
  readonly auth: Auth;
  /** Name of the session's cookie. */
  readonly cookie: string;
  /** Where browsers see us: the cookie goes nowhere else, and programs are told so. Begins and ends with a slash. */
  readonly basePath: string;
  readonly #lasting = new Map<ServerResponse, Identity>();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `publicPort` is NGINX's. */
  constructor(auth: Auth, publicPort: number, basePath: string) {
    this.auth = auth;
    this.cookie = cookieName(publicPort);
    this.basePath = basePath;
    if (auth.kind === "off") return;
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs).unref();
  }

  /** At once where that is possible. Throws or rejects `notSignedIn`, `notAllowed`. */
  enter(req: IncomingMessage, access: Access): Caller | Promise<Caller> {
    if (this.auth.kind === "off") return callerOf(req, anybody);
    const found = this.auth.accounts.identify(credentialsOf(req.headers, this.cookie));
    return found instanceof Promise
      ? found.then((identity) => admit(req, identity, access))
      : admit(req, found, access);
  }

  /** An answer that lasts: it ends when the session of its caller does. */
  keep({ identity }: Caller, res: ServerResponse): void {
    if (identity === null || res.destroyed) return;
    this.#lasting.set(res, identity);
    res.once("close", () => this.#lasting.delete(res));
  }

  /** Notes what was done, where there are accounts. */
  note(action: AuditAction, { identity, address }: Caller, subject: string): void {
    if (this.auth.kind === "accounts" && identity !== null) this.auth.accounts.note(action, identity, subject, address);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.auth.kind === "off") return;
    for (const [res, identity] of this.#lasting) if (!this.auth.accounts.isCurrent(identity)) res.destroy();
  }
}

function admit(req: IncomingMessage, identity: Identity | null, access: Access): Caller {
  const role = identity?.role ?? null;
  if (allows(role, access)) return callerOf(req, identity);
  if (role === null) throw new AppError("notSignedIn", "Sign in, or send a key or token as Authorization: Bearer.");
  throw new AppError("notAllowed", `This takes the role ${access}; yours is ${role}.`);
}
