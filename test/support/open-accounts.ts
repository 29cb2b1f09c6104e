import { mkdirSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { Accounts } from "../../server/accounts/accounts.js";
import { migrations } from "../../server/config/migrations.js";
import { systemClock, type Clock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";

/** Accounts with a database in memory; key and set-up token lie in the folder, which is made. */
export function openAccounts(
  state: string,
  clock: Clock = systemClock,
  connection: Sqlite.Database = accountsDatabase(),
): { readonly kind: "accounts"; readonly accounts: Accounts } {
  mkdirSync(state, { recursive: true });
  const database = { connection, flush: () => Promise.resolve() };
  return { kind: "accounts", accounts: new Accounts({ database, state, sessionHours: 1, clock, log: silentLog }) };
}

/** A database in memory with all tables. */
export function accountsDatabase(): Sqlite.Database {
  const connection = new Sqlite(":memory:");
  for (const step of migrations) connection.exec(step);
  return connection;
}
