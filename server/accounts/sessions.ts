import { randomBytes } from "node:crypto";
import type { Connection } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";

export interface Session {
  readonly id: string;
  readonly account: number;
  /** Milliseconds since the Unix epoch, as `createdAt`. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly address: string;
}

/** A person with more devices than this loses the oldest session. */
const mostOfOneAccount = 20;

interface SessionRow {
  readonly id: string;
  readonly account: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly address: string;
}

/**
 * The sessions that have not ended. All are in memory, because each part that a player loads asks for one; SQLite keeps them
 * over restarts. What it cannot take holds for this run: a full card locks nobody out, and keeps no session alive that was
 * ended, but over a restart.
 */
export class Sessions {
  readonly #db: Connection;
  readonly #clock: Pick<Clock, "epochMs">;
  readonly #log: Log;
  readonly #byId = new Map<string, Session>();

  constructor(db: Connection, clock: Pick<Clock, "epochMs">, log: Log) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
    this.#write("DELETE FROM sessions WHERE expires_at < ?", Math.round(clock.epochMs()));
    for (const row of db.prepare<[], SessionRow>("SELECT * FROM sessions ORDER BY created_at").all()) {
      const { id, account, created_at: createdAt, expires_at: expiresAt, address } = row;
      this.#byId.set(id, { id, account, createdAt, expiresAt, address });
    }
  }

  begin(account: number, address: string, lastsMs: number): Session {
    const createdAt = Math.round(this.#clock.epochMs());
    const id = randomBytes(18).toString("base64url");
    const session: Session = { id, account, createdAt, expiresAt: createdAt + lastsMs, address };
    this.#byId.set(id, session);
    this.#write("INSERT INTO sessions VALUES (?, ?, ?, ?, ?)", id, account, createdAt, session.expiresAt, address);
    const mine = this.of(account);
    for (const old of mine.slice(0, Math.max(0, mine.length - mostOfOneAccount))) this.end(old.id);
    return session;
  }

  /** Undefined when it ended or expired. */
  get(id: string): Session | undefined {
    const session = this.#byId.get(id);
    if (session === undefined || session.expiresAt > this.#clock.epochMs()) return session;
    this.end(id);
    return undefined;
  }

  end(id: string): void {
    this.#byId.delete(id);
    this.#write("DELETE FROM sessions WHERE id = ?", id);
  }

  endAllOf(account: number): void {
    for (const { id } of this.of(account)) this.#byId.delete(id);
    this.#write("DELETE FROM sessions WHERE account = ?", account);
  }

  /** Oldest first. */
  of(account: number): Session[] {
    return [...this.#byId.values()].filter((session) => session.account === account);
  }

  #write(sql: string, ...values: readonly (string | number)[]): void {
    try {
      this.#db.prepare(sql).run(...values);
    } catch (error) {
      this.#log.error("the table of sessions cannot be written: it holds for this run only", { reason: String(error) });
    }
  }
}
