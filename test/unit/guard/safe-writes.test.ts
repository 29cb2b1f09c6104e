import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { SafeWrites } from "../../../server/guard/ledger/safe-writes.js";
import { silentLog } from "../../../server/lib/log.js";

it("a write that the table can never take does not keep back the others", () => {
  const db = new Sqlite(":memory:");
  db.exec("CREATE TABLE rows (n INTEGER NOT NULL) STRICT");
  const problems: (string | null)[] = [];
  const writes = new SafeWrites({ db, log: silentLog, onChange: (problem) => problems.push(problem) });
  const insert = "INSERT INTO rows VALUES (?)";
  for (const n of [1, 1.5, null, 2]) writes.run(insert, n);
  expect(db.prepare("SELECT n FROM rows").pluck().all()).toEqual([1, 2]);
  expect(problems).toEqual([]);
});
