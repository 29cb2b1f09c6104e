import type { Connection } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { AuditAction } from "./audit-actions.js";

export interface AuditEntry {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Name of the account or key; null: nobody who was known. */
  readonly who: string | null;
  readonly action: AuditAction;
  /** Whom or what it was done to, or how. */
  readonly subject: string | null;
  /** Where it came from. */
  readonly address: string;
}

const mostKept = 5000;

/** Who did what, when, and from where: the last 5000 entries. What cannot be written is logged, and stops nothing. */
export class Audit {
  readonly #db: Connection;
  readonly #clock: Pick<Clock, "epochMs">;
  readonly #log: Log;

  constructor(db: Connection, clock: Pick<Clock, "epochMs">, log: Log) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  note(action: AuditAction, entry: Pick<AuditEntry, "who" | "subject" | "address">): void {
    const { who, subject, address } = entry;
    this.#log.info(`accounts: ${action}`, { who, subject, address });
    try {
      const sql = "INSERT INTO audit (at, who, action, subject, address) VALUES (?, ?, ?, ?, ?)";
      const { lastInsertRowid } = this.#db
        .prepare(sql)
        .run(Math.round(this.#clock.epochMs()), who, action, subject, address);
      if (Number(lastInsertRowid) % 50 === 0) {
        this.#db.prepare("DELETE FROM audit WHERE id <= ?").run(Number(lastInsertRowid) - mostKept);
      }
    } catch (error) {
      this.#log.error("the audit log cannot be written", { reason: String(error) });
    }
  }

  /** Newest first; `before` is exclusive. */
  list(page: { readonly limit: number; readonly before?: number }): AuditEntry[] {
    const sql = "SELECT id, at, who, action, subject, address FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?";
    return this.#db.prepare<number[], AuditEntry>(sql).all(page.before ?? Number.MAX_SAFE_INTEGER, page.limit);
  }
}
