import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { Receipt } from "../../../server/http/wire.js";
import { ticksPerSecond } from "../../../server/hls/ticks.js";
import { groupBy } from "../../../server/lib/group-by.js";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";
import { checkRecordings } from "../../support/check-recordings.js";
import { patientSettings } from "../../support/patient-settings.js";
import { Product } from "../../support/product.js";
import { randomNumbers } from "../../support/random.js";
import { finishedRows, pictureOf, shownBetween, stripsOf, type ReadStrip } from "../../support/recordings.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

/** Whole: eleven generations, each up to its first whole file and as long again as chance has it, are ten minutes. */
const switches = isWhole ? 10 : 2;
const fileSeconds = isWhole ? 30 : 5;
const mostDwellMs = isWhole ? 30_000 : 1000;
const timeout = isWhole ? 1_500_000 : 150_000;
/** A boundary is the whole segment that is nearest to the clock's. */
const alignedMs = 500;
/** Of a machine under load: for so long the last frame stands in for one that does not come. */
const lateMs = 6000;

interface Shown {
  readonly row: RecordingRow;
  readonly strips: readonly ReadStrip[];
}

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
});

/** Decodes the files that were finished since, and holds them against the channel's parts while those are still there. */
async function watch(running: Product, known: Shown[]): Promise<void> {
  const rows = finishedRows(running).slice(known.length);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return;
  const files: Shown[] = [];
  for (const row of rows) files.push({ row, strips: await stripsOf(running, row) });
  const recorded = files.flatMap(({ strips }) => strips.map(pictureOf));
  expect(recorded).toEqual(await shownBetween(running.live, first.start_ticks, last.end_ticks));
  known.push(...files);
}

/** Each generation lasts until its first whole file is finished, and some time more. Answers the switches' receipts. */
async function recordWithSwitches(running: Product, files: Shown[]): Promise<Receipt[]> {
  const random = randomNumbers(5);
  const receipts: Receipt[] = [];
  for (;;) {
    await until("a whole file of this generation", 60_000 + fileSeconds * 3000, () => {
      const found = generationsOf(finishedRows(running));
      return found.length > receipts.length && (found.at(-1)?.length ?? 0) >= 2;
    });
    await watch(running, files);
    if (receipts.length === switches) return receipts;
    await wait(random() * mostDwellMs);
    const { status, body } = await running.api<Receipt>("/api/switch", { camera: (receipts.length + 1) % 2 });
    expect(status, JSON.stringify(body)).toBe(200);
    receipts.push(body);
  }
}

function generationsOf<Row extends Pick<RecordingRow, "generation">>(rows: readonly Row[]): Row[][] {
  return [...groupBy(rows, ({ generation }) => generation).values()];
}

/** E1: cut at whole segments, once brought nearest to the clock, and from there on each as long as the setting. */
function expectBoundaries(rows: readonly RecordingRow[]): void {
  const [first, aligned, ...rest] = rows;
  if (first === undefined || aligned === undefined) throw new Error("A generation without a whole file.");
  const toAligned = aligned.start_ticks - first.start_ticks;
  expect([aligned.path, toAligned % ticksPerSecond]).toEqual([aligned.path, 0]);
  expect(toAligned).toBeLessThanOrEqual(fileSeconds * ticksPerSecond);
  const offMs = aligned.started_at % (fileSeconds * 1000);
  expect(Math.min(offMs, fileSeconds * 1000 - offMs), aligned.path).toBeLessThanOrEqual(alignedMs);
  rest.forEach((row, index) => {
    const files = (row.start_ticks - aligned.start_ticks) / ticksPerSecond / fileSeconds;
    expect([row.path, files]).toEqual([row.path, index + 1]);
  });
  // The last one may have been cut by a switch.
  for (const row of rows.slice(1, -1)) expect([row.path, row.frames]).toEqual([row.path, fileSeconds * row.fps]);
}

/** From the last new picture of one camera to the first of the other there is no more time than the switch took. */
function expectBlindWhileSwitching(files: readonly Shown[], receipts: readonly Receipt[]): void {
  const generations = generationsOf(files.map(({ row, strips }) => ({ generation: row.generation, strips })));
  expect(generations).toHaveLength(receipts.length + 1);
  receipts.forEach(({ totalMs }, index) => {
    const before = generations[index]?.at(-1)?.strips.at(-1);
    const after = generations[index + 1]?.[0]?.strips[0];
    expect((after?.drawnMs ?? 0) - (before?.drawnMs ?? 0)).toBeLessThanOrEqual((totalMs ?? 0) + lateMs);
  });
}

it(
  `E1 E2 I2 with ${switches} switches, recordings show what the channel showed, frame by frame`,
  { timeout },
  async () => {
    const plans = { 0: { mode: "continuous" }, 1: { mode: "continuous" } } as const;
    const small = { width: 320, height: 240, fps: 30 } as const;
    const cameras = { profiles: { 0: small, 1: small } };
    const settings = { cameras, recording: { plans, fileSeconds }, hls: { keepSeconds: 300 }, ...patientSettings };
    const running = (product = await Product.start({ settings, readyMs: 120_000 }));
    const files: Shown[] = [];
    const receipts = await recordWithSwitches(running, files);
    for (const { row, strips } of files) {
      expect(new Set(strips.map(({ camera }) => camera)), row.path).toEqual(new Set([row.camera]));
      expect(row.path).toMatch(new RegExp(`^cam${row.camera}/\\d{6}/cam${row.camera}_\\d{8}_\\d{6}(_\\d)?\\.mp4$`));
      expect(Math.abs((strips[0]?.drawnMs ?? 0) - row.started_at), row.path).toBeLessThan(lateMs);
    }
    const rows = files.map(({ row }) => row);
    for (const generation of generationsOf(rows)) expectBoundaries(generation);
    rows.slice(1).forEach((row, index) => {
      expect([row.path, row.start_ticks]).toEqual([row.path, rows[index]?.end_ticks]);
      expect([row.path, row.started_at]).toEqual([row.path, rows[index]?.ended_at]);
    });
    expectBlindWhileSwitching(files, receipts);
    expect(await checkRecordings(running)).toMatchObject({
      code: 0,
      result: { running: true, problems: [], notes: [] },
    });
  },
);
