import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Connection } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Role } from "./role.js";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the Unix epoch, as `expiresAt`. */
  readonly createdAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
  /** Who made it. */
  readonly madeBy: string;
}

interface KeptKey extends ApiKey {
  /** SHA-256 of the secret: 256 bits of chance need no slow hash. */
  readonly hash: string;
}

const mostKeys = 100;
const form = /^stk_([A-Za-z0-9-]{16})_([A-Za-z0-9_-]{43})$/;

/** Whether a bearer's word looks like a key, and not like a token. */
export const isApiKey = (bearer: string): boolean => bearer.startsWith("stk_");

/** Keys of programs. The secret is shown once and kept nowhere. */
export class ApiKeys {
  readonly #db: Connection;
  readonly #clock: Pick<Clock, "epochMs">;
  readonly #byId = new Map<string, KeptKey>();

  constructor(db: Connection, clock: Pick<Clock, "epochMs">) {
    this.#db = db;
    this.#clock = clock;
    const sql = `SELECT id, name, role, hash, created_at AS createdAt, expires_at AS expiresAt, made_by AS madeBy
      FROM api_keys ORDER BY created_at`;
    for (const row of db.prepare<[], KeptKey>(sql).all()) this.#byId.set(row.id, row);
  }

  /** Oldest first; expired ones too, until they are removed. */
  list(): ApiKey[] {
    return [...this.#byId.values()].map(({ hash: _hash, ...key }) => key);
  }

  /** Throws `accountTaken` for a name that another key has, `badRequest` when there are too many. */
  make(wanted: Pick<ApiKey, "name" | "role" | "expiresAt" | "madeBy">): {
    readonly key: ApiKey;
    readonly secret: string;
  } {
    if (this.#byId.size >= mostKeys) throw new AppError("badRequest", `There are ${mostKeys} keys. Remove some.`);
    if (this.list().some(({ name }) => name === wanted.name)) {
      throw new AppError("accountTaken", `There is a key with the name ${wanted.name} already.`);
    }
    const id = randomBytes(8).toString("hex");
    const secret = randomBytes(32).toString("base64url");
    const { name, role, expiresAt, madeBy } = wanted;
    const key: ApiKey = { id, name, role, createdAt: Math.round(this.#clock.epochMs()), expiresAt, madeBy };
    const hash = hashOf(secret);
    const values = [id, name, role, hash, key.createdAt, expiresAt, madeBy];
    this.#db.prepare("INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?)").run(...values);
    this.#byId.set(id, { ...key, hash });
    return { key, secret: `stk_${id}_${secret}` };
  }

  /** The key of this word, if it is one that has not expired. */
  find(bearer: string): ApiKey | undefined {
    const [, id = "", secret = ""] = form.exec(bearer) ?? [];
    const key = this.get(id);
    return key !== undefined && timingSafeEqual(Buffer.from(key.hash), Buffer.from(hashOf(secret))) ? key : undefined;
  }

  /** Undefined when it was removed or has expired. */
  get(id: string): KeptKey | undefined {
    const key = this.#byId.get(id);
    return (key?.expiresAt ?? Infinity) <= this.#clock.epochMs() ? undefined : key;
  }

  /** The removed one; throws `notFound`. */
  remove(id: string): ApiKey {
    const key = this.#byId.get(id);
    if (key === undefined) throw new AppError("notFound", "There is no such key.");
    this.#db.prepare("DELETE FROM api_keys WHERE id = ?").run(id);
    this.#byId.delete(id);
    return key;
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
