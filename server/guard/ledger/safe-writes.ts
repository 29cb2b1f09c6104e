import type { Connection } from "../../config/database.js";
import type { Log } from "../../lib/log.js";

export interface SafeWritesOptions {
  readonly db: Connection;
  readonly log: Log;
  /** Told when writing stops to work, with the reason, and when it works again (null). */
  readonly onChange?: (problem: string | null) => void;
}

interface Write {
  readonly sql: string;
  readonly values: readonly unknown[];
}

type Statement = ReturnType<typeof prepare>;

const prepare = (db: Connection, sql: string) => db.prepare(sql);

/** Writes kept while the database refuses them; the oldest are lost first. */
const mostWaiting = 1000;

/**
 * Writes that may fail: a database that cannot be written costs the record until it can be written again, and never
 * what is recorded. What waits is tried again, in order, with the next write. Each write must be one that may be
 * repeated.
 */
export class SafeWrites {
  readonly #o: SafeWritesOptions;
  readonly #statements = new Map<string, Statement>();
  readonly #waiting: Write[] = [];
  /** Why nothing can be written; null when it can. */
  #problem: string | null = null;

  constructor(options: SafeWritesOptions) {
    this.#o = options;
  }

  run(sql: string, ...values: readonly unknown[]): void {
    this.#waiting.push({ sql, values });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#writeAll();
  }

  #writeAll(): void {
    try {
      for (let write = this.#waiting[0]; write !== undefined; write = this.#waiting[0]) {
        this.#write(write);
        this.#waiting.shift();
      }
      this.#say(null);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  /** What the table can never take is left out, and keeps back nothing. */
  #write({ sql, values }: Write): void {
    try {
      this.#statement(sql).run(...values);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#o.log.error("a record was left out: the database refuses what it says", { sql, error });
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = prepare(this.#o.db, sql)));
    return statement;
  }

  #say(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem === null) this.#o.log.info("the database can be written again");
    else this.#o.log.error("the database cannot be written; what was to be written is kept in memory", { problem });
    this.#o.onChange?.(problem);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_CONSTRAINT");
