/**
 * A machine for gap ledgers: its clocks are moved by hand, its database is in memory, its tmpfs a folder. Each run of the
 * service on it begins with `start`. Whoever makes it closes it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { migrations } from "../../server/config/migrations.js";
import { GapLedger, type GapLedgerOptions } from "../../server/guard/ledger/gap-ledger.js";
import { gapNumbers } from "../../server/guard/ledger/gap-numbers.js";
import { GapStore } from "../../server/guard/ledger/gap-store.js";
import type { Scene } from "../../server/guard/ledger/gap-tracker.js";
import { SafeWrites } from "../../server/guard/ledger/safe-writes.js";
import { SignOfLife, type Moment } from "../../server/guard/ledger/sign-of-life.js";
import { silentLog } from "../../server/lib/log.js";

export const quiet = { kind: "on", camera: 0, cause: null } as const satisfies Scene;
export const off: Scene = { kind: "off" };
export const hour = 3600_000;

export class LedgerWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), "ledger-"));
  db = new Sqlite(":memory:");
  /** Of the machine; each run has a monotonic clock of its own. */
  uptimeMs = 50_000_000;
  wallMs = 1_700_000_000_000;
  bootId = "a";
  #bornMs = 0;
  #beatenMs = 0;
  #sign: SignOfLife | null = null;
  #ledger: GapLedger | null = null;

  constructor() {
    for (const migration of migrations) this.db.exec(migration);
  }

  /** Of the run that was started last. */
  get ledger(): GapLedger {
    if (this.#ledger === null) throw new Error("Nothing was started.");
    return this.#ledger;
  }

  wait(ms: number): void {
    this.uptimeMs += ms;
    this.wallMs += ms;
  }

  start(further: Partial<GapLedgerOptions> = {}, nextId = gapNumbers(this.db)): GapLedger {
    this.#bornMs = this.uptimeMs;
    const { db, wallMs: nowMs } = this;
    const writes = new SafeWrites({ db, log: silentLog });
    const { channel = "main" } = further;
    this.#sign?.close();
    this.#sign = new SignOfLife(this.#signPath);
    this.#ledger = new GapLedger({
      channel,
      limits: { silentMs: 1000, frozenMs: 3000 },
      store: new GapStore({ channel, db, writes, nextId, nowMs }),
      lastSign: this.#sign.former,
      moment: () => this.moment(),
      isOn: true,
      camera: 1,
      clock: { monotonicMs: () => this.uptimeMs - this.#bornMs, epochMs: () => this.wallMs },
      log: silentLog,
      ...further,
    });
    this.#beat();
    return this.#ledger;
  }

  /** Lets time go by, with frames and parts or without. */
  pass(ms: number, { frames = true, scene = quiet }: { frames?: boolean; scene?: Scene } = {}): void {
    for (let passed = 0; passed < ms; passed += 250) {
      this.wait(250);
      if (frames) {
        this.ledger.frame(this.uptimeMs - this.#bornMs, null);
        this.ledger.part(this.uptimeMs - this.#bornMs);
      }
      this.ledger.look(scene);
      if (this.uptimeMs - this.#beatenMs >= 1000) this.#beat();
    }
  }

  moment(): Moment {
    return { at: this.wallMs, uptimeMs: this.uptimeMs, bootId: this.bootId };
  }

  /** As after the loss of power: what was on tmpfs is gone. */
  loseTmpfs(): void {
    rmSync(this.#signPath);
  }

  close(): void {
    this.#sign?.close();
    rmSync(this.#folder, { recursive: true });
  }

  #beat(): void {
    this.#beatenMs = this.uptimeMs;
    this.#sign?.beat(this.moment());
  }

  get #signPath(): string {
    return join(this.#folder, "sign-of-life.json");
  }
}
