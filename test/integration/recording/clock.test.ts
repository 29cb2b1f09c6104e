/** A clock that is set back and forth while something is recorded, and the hour that daylight saving repeats (E2, E4). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";
import { readCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { checkRecordings } from "../../../server/recording/check/checker.js";
import { Intervals } from "../../../server/recording/check/intervals.js";
import { decodeFrames } from "../../support/decode-frames.js";
import { RecorderScene } from "../../support/recorder-scene.js";

const partTicks = 18_000;
const framesAPart = 6;
const at = (time: string): number => Date.parse(`2026-11-21T${time}Z`);

let scene: RecorderScene;
beforeEach(async () => {
  scene = await RecorderScene.create();
});
afterEach(() => {
  vi.unstubAllEnvs();
  scene.close();
});

const startOf = (row: RecordingRow): string => new Date(row.started_at).toISOString().slice(11, 19);
const fileOf = ({ path }: RecordingRow): string => join(scene.config.directory, path);

async function expectSound(rows: readonly RecordingRow[]): Promise<void> {
  for (const row of rows) expect([row.path, decodeFrames(fileOf(row))]).toEqual([row.path, row.frames]);
  const catalogue = readCatalogue(scene.config.state);
  const { directory } = scene.config;
  const report = await checkRecordings({ directory, catalogue, explained: new Intervals([]), running: false });
  catalogue?.close();
  expect(report).toMatchObject({ recordings: rows.length, problems: [], notes: [] });
}

it("E1 E2 a clock set back and forth costs no frame, moves no boundary and overwrites nothing", async () => {
  vi.stubEnv("TZ", "UTC");
  const count = 200;
  await scene.run(async (recorder) => {
    await scene.feed(recorder, { count, startedAtMs: at("12:00:10") });
    // In the middle of the second file, by just so much that the third would be called as the second.
    await scene.feed(recorder, { count, startTicks: count * partTicks, startedAtMs: at("12:00:20") });
    await scene.feed(recorder, { count, startTicks: 2 * count * partTicks, startedAtMs: at("18:00:00") });
  });
  const rows = scene.rows();
  expect(rows.map(({ frames }) => frames)).toEqual([600, 900, 900, 900, 300]);
  expect(rows.reduce((sum, { frames }) => sum + frames, 0)).toBe(3 * count * framesAPart);
  expect(rows.slice(1).map(({ start_ticks }) => start_ticks)).toEqual(rows.slice(0, -1).map((row) => row.end_ticks));
  expect(rows.map(startOf)).toEqual(["12:00:10", "12:00:30", "12:00:30", "18:00:00", "18:00:30"]);
  expect(rows[2]?.path).toBe(rows[1]?.path.replace(".mp4", "_2.mp4"));
  await expectSound(rows);
});

it("E2 in the hour that is repeated nothing is overwritten, and the catalogue knows which hour is which", async () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const [summer, winter] = [Date.parse("2026-10-25T00:30:00Z"), Date.parse("2026-10-25T01:30:00Z")];
  await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: summer }));
  const [before] = scene.rows();
  if (before === undefined) throw new Error("Nothing was recorded.");
  const bytes = readFileSync(fileOf(before));
  await scene.run((recorder) => {
    return scene.feed(recorder, { count: 10, startedAtMs: winter, generation: 2, startTicks: 3600 * 90_000 });
  });
  const rows = scene.rows();
  expect(rows.map(({ path }) => path)).toEqual([
    "cam0/261025/cam0_20261025_023000.mp4",
    "cam0/261025/cam0_20261025_023000_2.mp4",
  ]);
  expect(rows.map(({ started_at, tz_offset_min }) => [started_at, tz_offset_min])).toEqual([
    [summer, 120],
    [winter, 60],
  ]);
  expect(readFileSync(fileOf(before))).toEqual(bytes);
  await expectSound(rows);
});
