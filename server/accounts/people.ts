import type { Connection } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Role } from "./role.js";

export interface Account {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly enabled: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

interface KeptAccount extends Account {
  readonly password: string;
}

/** What of an account changes; a password is its hash. */
export interface AccountChange {
  readonly role?: Role;
  readonly enabled?: boolean;
  readonly password?: string;
}

const mostAccounts = 100;

/** One form for all spellings: “Ann” and “ann” are the same person. */
export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase();

/** The accounts of people. There is always an administrator who may sign in, once there was one. */
export class People {
  readonly #db: Connection;
  readonly #clock: Pick<Clock, "epochMs">;
  readonly #byId = new Map<number, KeptAccount>();

  constructor(db: Connection, clock: Pick<Clock, "epochMs">) {
    this.#db = db;
    this.#clock = clock;
    const sql = "SELECT id, name, role, enabled, created_at AS createdAt, password FROM accounts ORDER BY id";
    const rows = db.prepare<[], Omit<KeptAccount, "enabled"> & { readonly enabled: number }>(sql).all();
    for (const row of rows) this.#byId.set(row.id, { ...row, enabled: row.enabled === 1 });
  }

  list(): Account[] {
    return [...this.#byId.values()].map(withoutPassword);
  }

  get hasAdministrator(): boolean {
    return this.#administrators().length > 0;
  }

  /** With the hash of the password; undefined: there is none of this id, or name. */
  get(id: number): KeptAccount | undefined {
    return this.#byId.get(id);
  }

  named(name: string): KeptAccount | undefined {
    const key = nameKey(name);
    return [...this.#byId.values()].find((account) => nameKey(account.name) === key);
  }

  /** Throws `accountTaken`, `badRequest` when there are too many. `password` is its hash. */
  add({ name, role, password }: Pick<KeptAccount, "name" | "role" | "password">): Account {
    this.checkFree(name);
    const createdAt = Math.round(this.#clock.epochMs());
    const sql = "INSERT INTO accounts (name, name_key, role, password, enabled, created_at) VALUES (?, ?, ?, ?, 1, ?)";
    const { lastInsertRowid } = this.#db.prepare(sql).run(name, nameKey(name), role, password, createdAt);
    const account: KeptAccount = { id: Number(lastInsertRowid), name, role, enabled: true, createdAt, password };
    this.#byId.set(account.id, account);
    return withoutPassword(account);
  }

  /** Throws `accountTaken`, and `badRequest` when there are too many. */
  checkFree(name: string): void {
    if (this.#byId.size >= mostAccounts)
      throw new AppError("badRequest", `There are ${mostAccounts} accounts. Remove some.`);
    if (this.named(name) !== undefined) throw new AppError("accountTaken", `There is an account ${name} already.`);
  }

  /** Throws `notFound`, `lastAdministrator`. */
  change(id: number, change: AccountChange): Account {
    const before = this.#known(id);
    const after: KeptAccount = { ...before, ...change };
    if (!isAdministrator(after)) this.#keepOne(before);
    const sql = "UPDATE accounts SET role = ?, password = ?, enabled = ? WHERE id = ?";
    this.#db.prepare(sql).run(after.role, after.password, Number(after.enabled), id);
    this.#byId.set(id, after);
    return withoutPassword(after);
  }

  /** The removed one. Throws `notFound`, `lastAdministrator`. */
  remove(id: number): Account {
    const account = this.#known(id);
    this.#keepOne(account);
    this.#db.prepare("DELETE FROM accounts WHERE id = ?").run(id);
    this.#byId.delete(id);
    return withoutPassword(account);
  }

  #known(id: number): KeptAccount {
    const account = this.#byId.get(id);
    if (account === undefined) throw new AppError("notFound", `There is no account ${id}.`);
    return account;
  }

  #keepOne(leaving: KeptAccount): void {
    if (!isAdministrator(leaving) || this.#administrators().length > 1) return;
    throw new AppError("lastAdministrator", `${leaving.name} is the last administrator. Make another one first.`);
  }

  #administrators(): KeptAccount[] {
    return [...this.#byId.values()].filter(isAdministrator);
  }
}

const isAdministrator = ({ role, enabled }: Account): boolean => role === "administrator" && enabled;

function withoutPassword({ id, name, role, enabled, createdAt }: KeptAccount): Account {
  return { id, name, role, enabled, createdAt };
}
