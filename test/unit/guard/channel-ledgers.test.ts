import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../../server/config/migrations.js";
import { gapNumbers } from "../../../server/guard/ledger/gap-numbers.js";
import { hour, LedgerWorld, off } from "../../support/ledger-world.js";

describe("gap ledgers of several channels (D4, A10)", () => {
  let world: LedgerWorld;

  beforeEach(() => {
    world = new LedgerWorld();
  });

  afterEach(() => {
    world.close();
  });

  const rows = () => world.ledger.list({ limit: 10 }).map(({ code, planned, ms }) => ({ code, planned, ms }));

  it("each channel has gaps, sums and a past of its own, and their rows share the numbers", () => {
    world.start();
    world.pass(10_000);
    world.ledger.close(false);
    const numbers = gapNumbers(world.db);
    world.start({ channel: "cam1" }, numbers);
    world.pass(5000);
    world.pass(2000, { frames: false });
    world.pass(13_000);
    const own = world.ledger;
    own.close(false);
    expect(own.availability().day).toMatchObject({ missingMs: expect.any(Number) as number, gaps: 2 });
    world.start({}, numbers);
    world.pass(1000);
    expect(rows()).toEqual([{ code: "serviceCrashed", planned: false, ms: 250 }]);
    const numbered = [...own.list({ limit: 10 }), ...world.ledger.list({ limit: 10 })].map(({ id, channel }) => [
      id,
      channel,
    ]);
    expect(numbered).toEqual([
      [2, "cam1"],
      [1, "cam1"],
      [3, "main"],
    ]);
    expect(world.ledger.availability().day).toMatchObject({ missingMs: 250, gaps: 1 });
  });

  it("a channel that was off for long is not observed from its last time on, but from when it is turned on", () => {
    world.start({ channel: "cam1" });
    world.pass(10_000);
    world.pass(250, { frames: false, scene: off });
    world.pass(2 * hour, { frames: false, scene: off });
    world.pass(3000);
    const { observedMs } = world.ledger.availability().day;
    world.start({ channel: "cam1" });
    world.pass(1000);
    expect(world.ledger.availability().day.observedMs - observedMs).toBeLessThan(2000);
  });

  it("an hour that is twice 30 days old is let go, and the other channel's stay", () => {
    const insert = world.db.prepare("INSERT INTO channel_hours VALUES (?, ?, 1, 0, 0, 0)");
    for (let hours = 1; hours < 100 * 24; hours++)
      insert.run("main", world.wallMs - (world.wallMs % hour) - hours * hour);
    insert.run("cam0", 0);
    world.start();
    world.pass(11_000);
    const count = world.db.prepare("SELECT count(*) AS n FROM channel_hours WHERE channel = ?");
    expect(count.get("main")).toEqual({ n: 2 * 30 * 24 + 1 });
    expect(count.get("cam0")).toEqual({ n: 1 });
  });

  it("what an older version kept of “main” is taken over", () => {
    world.db = new Sqlite(":memory:");
    for (const migration of migrations.slice(0, 4)) world.db.exec(migration);
    const at = world.wallMs - (world.wallMs % hour);
    world.db
      .prepare("INSERT INTO hour_counts (at, switches, observed_s, missing_s, gaps) VALUES (?, 3, 600, 60, 2)")
      .run(at);
    const value = JSON.stringify({ ...world.moment(), minutes: [[world.wallMs, 1000, 500, 0, 1]] });
    world.db.prepare("INSERT INTO ledger (id, value) VALUES (1, ?)").run(value);
    for (const migration of migrations.slice(4)) world.db.exec(migration);
    world.start({ isOn: false });
    expect(world.ledger.availability().day).toMatchObject({ observedMs: 600_000, missingMs: 60_000, gaps: 2 });
    expect(world.ledger.availability().hour).toMatchObject({ observedMs: 1000, missingMs: 500, gaps: 1 });
    expect(world.db.prepare("SELECT * FROM hour_counts").get()).toMatchObject({ at, switches: 3 });
  });
});
