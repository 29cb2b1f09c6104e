import type { Connection } from "../config/database.js";
import type { Log } from "../lib/log.js";
import type { Outcome, Reason, Receipt, StepRecord, Target, Trigger } from "./switch-types.js";

interface Row {
  readonly id: number;
  readonly trigger: Trigger;
  readonly from_camera: Target;
  readonly to_camera: Target;
  readonly requested_at: number;
  readonly outcome: Outcome | null;
  readonly live: Target;
  readonly reason_code: Reason["code"] | null;
  readonly reason_message: string | null;
  readonly total_ms: number | null;
  readonly steps: string;
}

export interface NewReceipt {
  readonly trigger: Trigger;
  readonly from: Target;
  readonly to: Target;
  /** Milliseconds since the Unix epoch. */
  readonly requestedAt: number;
}

export interface ReceiptEnd {
  readonly outcome: Outcome;
  readonly live: Target;
  readonly reason: Reason | null;
  readonly totalMs: number;
  readonly steps: readonly StepRecord[];
}

/** Receipts kept; the oldest go first. */
const mostKept = 20_000;

/**
 * The receipts of all switches, in SQLite. A row is written when a switch begins, so that one which a crash cut off is
 * found at the next start and becomes `failed` (I6). A database that can not be written costs the record, never the
 * switch: the error is logged, and the receipt lives on in memory until the restart.
 */
export class Receipts {
  readonly #db: Connection;
  readonly #log: Log;
  /** Open ones, and the one completed last: these are asked for whatever becomes of the disk. */
  readonly #known = new Map<number, Receipt>();
  #completed: number | undefined;
  #lastId: number;

  constructor(db: Connection, log: Log) {
    this.#db = db;
    this.#log = log;
    this.#lastId = (db.prepare("SELECT max(id) AS id FROM switches").get() as { id: number | null }).id ?? 0;
    this.#failOpenOnes();
  }

  /** Writes the open row and gives its id. */
  open(receipt: NewReceipt): number {
    const id = ++this.#lastId;
    this.#known.set(id, { ...receipt, id, outcome: null, live: null, reason: null, totalMs: null, steps: [] });
    this.#write(
      `INSERT INTO switches (id, trigger, from_camera, to_camera, requested_at, steps) VALUES (?, ?, ?, ?, ?, '[]')`,
      [id, receipt.trigger, receipt.from, receipt.to, receipt.requestedAt],
    );
    if (id % 100 === 0) this.#write("DELETE FROM switches WHERE id <= ?", [id - mostKept]);
    return id;
  }

  /** Completes an open receipt; in dual mode several may be. */
  complete(id: number, end: ReceiptEnd): Receipt {
    const opened = this.get(id);
    if (opened === undefined) throw new Error(`There is no receipt ${id.toString()}.`);
    const receipt: Receipt = { ...opened, ...end, steps: [...end.steps] };
    if (this.#completed !== undefined) this.#known.delete(this.#completed);
    this.#completed = id;
    this.#known.set(id, receipt);
    this.#write(
      `UPDATE switches SET outcome = ?, live = ?, reason_code = ?, reason_message = ?, total_ms = ?, steps = ? WHERE id = ?`,
      [end.outcome, end.live, end.reason?.code, end.reason?.message, end.totalMs, JSON.stringify(end.steps), id],
    );
    return receipt;
  }

  get(id: number): Receipt | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#db.prepare("SELECT * FROM switches WHERE id = ?").get(id) as Row | undefined;
    return row && fromRow(row);
  }

  /** Newest first; `before` excludes that id and all newer ones. */
  list(page: { readonly limit: number; readonly before?: number }): Receipt[] {
    const rows = this.#db
      .prepare("SELECT * FROM switches WHERE id < ? ORDER BY id DESC LIMIT ?")
      .all(page.before ?? Number.MAX_SAFE_INTEGER, page.limit) as Row[];
    return rows.map(fromRow);
  }

  #failOpenOnes(): void {
    this.#write(
      `UPDATE switches SET outcome = 'failed', reason_code = 'internal', reason_message = ? WHERE outcome IS NULL`,
      ["The service ended in the middle of this switch."],
    );
  }

  #write(sql: string, values: readonly unknown[]): void {
    try {
      this.#db.prepare(sql).run(...values.map((value) => value ?? null));
    } catch (error) {
      this.#log.error("the receipt could not be written", { error });
    }
  }
}

function fromRow(row: Row): Receipt {
  return {
    id: row.id,
    trigger: row.trigger,
    from: row.from_camera,
    to: row.to_camera,
    requestedAt: row.requested_at,
    outcome: row.outcome,
    live: row.live,
    reason: row.reason_code === null ? null : { code: row.reason_code, message: row.reason_message ?? "" },
    totalMs: row.total_ms,
    steps: JSON.parse(row.steps) as StepRecord[],
  };
}
