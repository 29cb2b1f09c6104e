import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RecordedPart } from "../../../server/recording/messages.js";
import { ToldJournal, type ToldEntry } from "../../../server/recording/process/told-journal.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "told-"));
  path = join(folder, "live", "told");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function part(number: number): RecordedPart {
  const profile = { width: 320, height: 240, fps: 10 };
  const facts = {
    channel: "main",
    generation: 1,
    camera: 0,
    label: "Hof\nNord",
    profile,
    independent: number % 5 === 0,
  };
  const files = { path: `/live/part-${number}.m4s`, init: "/live/init-1.mp4" };
  return { ...facts, ...files, startTicks: number * 18_000, ticks: 18_000, startedAtMs: 1000 + number * 200 };
}

const numbers = (entries: readonly ToldEntry[]): number[] =>
  entries.flatMap((entry) => ("part" in entry ? [entry.part.startTicks / 18_000] : []));

it("E5 gives the next run what it was told, word for word", () => {
  const journal = new ToldJournal(path);
  expect(journal.former).toEqual([]);
  const entries = [{ part: part(0) }, { written: { channel: "main", endTicks: 18_000 } }, { part: part(1) }];
  for (const entry of entries) journal.add(entry);
  expect(new ToldJournal(path).former).toEqual(entries);
});

it("E5 passes over a line that was cut short, and goes on after it", () => {
  const journal = new ToldJournal(path);
  journal.add({ part: part(0) });
  appendFileSync(path, '\n{"part":{"channel":"ma');
  journal.add({ part: part(1) });
  expect(numbers(new ToldJournal(path).former)).toEqual([0, 1]);
});

it("E5 keeps the newest 300 lines at the least and 600 at the most, over runs too", () => {
  for (let run = 0; run < 4; run++) {
    const journal = new ToldJournal(path);
    for (let number = run * 250; number < (run + 1) * 250; number++) journal.add({ part: part(number) });
    const kept = numbers(new ToldJournal(path).former);
    const expected = Math.min(600, (run + 1) * 250);
    expect(kept).toEqual(kept.map((_, index) => (run + 1) * 250 - kept.length + index));
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(300, expected));
    expect(kept.length).toBeLessThanOrEqual(expected);
  }
});

it("E5 leaves nothing where all was written, and else what is left for the next run", () => {
  const journal = new ToldJournal(path);
  journal.add({ part: part(0) });
  journal.close(false);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(numbers(new ToldJournal(path).former)).toEqual([0]);
  journal.close(true);
  expect(existsSync(path)).toBe(false);
});

it("I8 costs nobody anything where it cannot be written", () => {
  appendFileSync(join(folder, "live"), "a file where its folder should be");
  const journal = new ToldJournal(path);
  journal.add({ part: part(0) });
  journal.close(true);
  expect(new ToldJournal(path).former).toEqual([]);
});
