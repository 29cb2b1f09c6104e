import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database, openForReading } from "../../../server/config/database.js";
import { openMemoryCopy } from "../../../server/config/memory-copy.js";
import { migrations } from "../../../server/config/migrations.js";
import { silentLog } from "../../../server/lib/log.js";
import { SmallDisk } from "../../support/small-disk.js";

let folder: string;
let path: string;
const opened: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
  path = join(folder, "smart-toggle.db");
});

afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(folder, { recursive: true });
});

function open(): Database {
  const database = new Database(folder, silentLog);
  opened.push(database);
  return database;
}

function reopen(): Database {
  opened.pop()?.close();
  return open();
}

test("G5 a folder that was open to others is closed with all its files, and one that is not ours keeps its rights", () => {
  const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;
  open().connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
  const names = readdirSync(folder);
  expect(names).toContain("smart-toggle.db-wal");
  for (const [before, after] of [
    [0o755, 0o700],
    [0o750, 0o750],
  ] as const) {
    for (const name of names) chmodSync(join(folder, name), 0o644);
    chmodSync(folder, before);
    const second = () => new Database(folder, silentLog);
    expect(second).toThrow(expect.objectContaining({ code: "alreadyRunning" }));
    expect(modeOf(".")).toBe(after);
    expect(names.map(modeOf)).toEqual(names.map(() => 0o600));
  }
  reopen().close();
  opened.pop();
  rmSync(path);
  chmodSync(folder, 0o755);
  open();
  expect(modeOf(".")).toBe(0o755);
  expect(modeOf("smart-toggle.db")).toBe(0o600);
});

test("a new folder gets every table, a second opening changes nothing", () => {
  const { connection } = open();
  connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
  const again = reopen();
  expect(again.setAside).toBeNull();
  expect(again.connection.prepare("SELECT value FROM state").pluck().all()).toEqual(["1"]);
  expect(again.connection.pragma("user_version", { simple: true })).toBe(migrations.length);
});

test("the table of receipts has an index on the time of the request", () => {
  const { connection } = open();
  const plan = connection.prepare("EXPLAIN QUERY PLAN SELECT * FROM switches WHERE requested_at > 5").all();
  expect(JSON.stringify(plan)).toContain("switches_requested_at");
});

test("a copy in memory holds what the file holds, and takes more", () => {
  const { connection } = open();
  connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
  opened.pop()?.close();
  const copy = openMemoryCopy(path);
  copy.prepare("INSERT INTO state VALUES ('b', '2')").run();
  expect(copy.prepare("SELECT key FROM state ORDER BY key").pluck().all()).toEqual(["a", "b"]);
  copy.close();
  expect(open().connection.prepare("SELECT key FROM state").pluck().all()).toEqual(["a"]);
});

test.skipIf(!SmallDisk.isPossible()).each([
  // Closed in order: what SQLite writes beside the file to open it does not fit.
  ["after a stop", "full", true],
  // What was written stands in the log beside it, which is there already.
  ["after a kill", null, false],
])("a disk that is full at the start %s keeps nobody from watching", (_, inMemory, closes) => {
  const disk = new SmallDisk(2);
  const state = join(disk.directory, "state");
  const files = ["smart-toggle.db", "smart-toggle.db-wal", "smart-toggle.db-shm", "lock.db"];
  try {
    const first = new Database(state, silentLog);
    first.connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
    const left = files.map((name) => [name, readFileSync(join(state, name))] as const);
    first.close();
    if (!closes) for (const [name, bytes] of left) writeFileSync(join(state, name), bytes);
    disk.fill();
    const second = new Database(state, silentLog);
    expect(second.inMemory).toBe(inMemory);
    expect(second.connection.prepare("SELECT key FROM state").pluck().all()).toEqual(["a"]);
    second.close();
  } finally {
    disk.close();
  }
});

test("a second controller with the same folder is refused, and again allowed after the first has closed", () => {
  open();
  expect(() => new Database(folder, silentLog)).toThrow(expect.objectContaining({ code: "alreadyRunning" }));
  opened.pop()?.close();
  expect(open().setAside).toBeNull();
});

test("a refused controller leaves the first one's lock alone", () => {
  open();
  for (let attempt = 0; attempt < 3; attempt++) expect(() => new Database(folder, silentLog)).toThrow();
});

test.each(["garbage", "torn"])("a damaged file (%s) is set aside and a new one begun", (damage) => {
  const { connection } = open();
  connection.prepare("INSERT INTO state VALUES ('a', ?)").run("x".repeat(100_000));
  opened.pop()?.close();
  if (damage === "garbage") writeFileSync(path, "no database at all ".repeat(1000));
  else truncateSync(path, 20_000);
  const { setAside, connection: fresh } = open();
  expect(setAside).toMatch(/smart-toggle\.db\.damaged-\d+$/);
  expect(existsSync(setAside ?? "")).toBe(true);
  expect(fresh.prepare("SELECT count(*) FROM state").pluck().get()).toBe(0);
});

test("a file of a newer version is refused and left untouched", () => {
  const newer = new Sqlite(path);
  newer.pragma(`user_version = ${migrations.length + 1}`);
  newer.close();
  const before = readFileSync(path);
  expect(() => open()).toThrow(expect.objectContaining({ code: "stateUnusable" }));
  expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toEqual([]);
  expect(readFileSync(path)).toEqual(before);
});

test("a folder that cannot be made is named", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const attempt = () => new Database(join(file, "state"), silentLog);
  expect(attempt).toThrow(
    expect.objectContaining({ code: "stateUnusable", message: expect.stringContaining(file) as string }),
  );
});

test("others read while the controller runs", () => {
  expect(openForReading(folder)).toBeNull();
  const { connection } = open();
  connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
  const reader = openForReading(folder);
  expect(reader?.prepare("SELECT value FROM state").pluck().get()).toBe("1");
  expect(() => reader?.prepare("DELETE FROM state").run()).toThrow();
  reader?.close();
});

test("flush resolves with and without anything to sync", async () => {
  const database = open();
  await database.flush();
  database.connection.prepare("INSERT INTO state VALUES ('a', '1')").run();
  await Promise.all([database.flush(), database.flush()]);
});
