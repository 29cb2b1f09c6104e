import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../../server/config/database.js";
import { nextBounds, StateManager, type Reservation } from "../../../server/config/state-manager.js";
import { silentLog } from "../../../server/lib/log.js";

let folder: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  database = new Database(folder, silentLog);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** What a start after a crash finds: nothing was closed in order, only the file is there. */
function restart(): StateManager {
  database.close();
  database = new Database(folder, silentLog);
  return new StateManager(database);
}

const first: Reservation = {
  mediaSequence: 0,
  part: 0,
  ticks: 0,
  discontinuitySequence: 0,
  epochMs: 1_800_000_000_000,
};

test("a new state has no camera, runs, and knows no channel", () => {
  const state = new StateManager(database);
  expect(state.activeCamera).toBeNull();
  expect(state.mode).toBe("toggle");
  expect(state.reservation("main")).toBeUndefined();
});

test("A1 camera and mode survive a restart", () => {
  const state = new StateManager(database);
  state.activeCamera = 1;
  state.mode = "off";
  const later = restart();
  expect(later.activeCamera).toBe(1);
  expect(later.mode).toBe("off");
});

test("I3 a restart finds bounds above all that was said to be next", async () => {
  const state = new StateManager(database);
  await state.reserve("main", first);
  await state.reserve("main", { ...first, mediaSequence: 50, part: 250, ticks: 4_500_000, initHash: "a" });
  const bounds = restart().reservation("main");
  expect(bounds).toMatchObject({ discontinuitySequence: 0, epochMs: first.epochMs, initHash: "a" });
  expect(bounds?.mediaSequence).toBeGreaterThan(50);
  expect(bounds?.part).toBeGreaterThan(250);
  expect(bounds?.ticks).toBeGreaterThan(4_500_000);
});

test("I3 the bounds of one run are the beginning of the next, and never go down", async () => {
  await new StateManager(database).reserve("main", first);
  let from = 0;
  for (let run = 0; run < 5; run++) {
    const state = restart();
    const begin = state.reservation("main") ?? first;
    expect(begin.mediaSequence).toBeGreaterThan(from);
    await state.reserve("main", begin);
    from = begin.mediaSequence;
  }
});

test("I3 no reserved number is ever reached, whatever the order and size of the steps", () => {
  const step = fc.record({
    segments: fc.nat(400),
    parts: fc.nat(2000),
    ticks: fc.nat(200 * 90_000),
    jump: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let next = first;
      let stored: Reservation | undefined;
      for (const { segments, parts, ticks, jump } of steps) {
        next = {
          ...next,
          mediaSequence: next.mediaSequence + segments,
          part: next.part + parts,
          ticks: next.ticks + ticks,
          discontinuitySequence: next.discontinuitySequence + (jump ? 1 : 0),
        };
        const before = stored;
        stored = nextBounds(stored, next) ?? stored;
        expect(stored?.mediaSequence).toBeGreaterThan(next.mediaSequence);
        expect(stored?.part).toBeGreaterThan(next.part);
        expect(stored?.ticks).toBeGreaterThan(next.ticks);
        expect(stored?.discontinuitySequence).toBe(next.discontinuitySequence);
        expect(stored?.ticks).toBeGreaterThanOrEqual(before?.ticks ?? 0);
      }
    }),
  );
});

test("one hour of parts writes about every five minutes", () => {
  let stored: Reservation | undefined;
  let writes = 0;
  for (let part = 0; part < 3600 * 5; part++) {
    const next = { ...first, part, mediaSequence: Math.floor(part / 5), ticks: part * 18_000 };
    const bounds = nextBounds(stored, next);
    if (bounds !== null) writes++;
    stored = bounds ?? stored;
  }
  expect(writes).toBeLessThanOrEqual(13);
});

test("I3 no generation number is given twice, over restarts too", () => {
  const seen = new Set<number>();
  for (const count of [1, 5, 49, 51, 100, 130, 2]) {
    const state = restart();
    for (let i = 0; i < count; i++) {
      const number = state.nextGeneration();
      expect(seen.has(number)).toBe(false);
      seen.add(number);
    }
  }
});

test("I8 a database that refuses to be written costs neither generations nor the camera to go on with", () => {
  const state = new StateManager(database);
  database.connection.pragma("query_only = ON");
  const numbers = Array.from({ length: 120 }, () => state.nextGeneration());
  expect(new Set(numbers).size).toBe(120);
  expect(() => (state.activeCamera = 1)).toThrow();
  expect(state.activeCamera).toBe(1);
  database.connection.pragma("query_only = OFF");
  const next = state.nextGeneration();
  expect(restart().nextGeneration()).toBeGreaterThan(next);
});
