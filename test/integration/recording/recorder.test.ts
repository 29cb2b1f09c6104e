import { afterEach, expect, it } from "vitest";
import type { RecordingRow } from "../../../server/recording/catalogue/recording-row.js";
import { checkRecordings } from "../../support/check-recordings.js";
import { Product } from "../../support/product.js";
import { finishedRows, pictureOf, shownBetween, stripsOf } from "../../support/recordings.js";
import { until } from "../../support/until.js";

const isWhole = process.env["WHOLE"] === "1";
// Nine times a minute: parts are kept for ten at the most, and are compared with.
const switches = isWhole ? 8 : 2;
const fileSeconds = isWhole ? 30 : 5;
const timeout = isWhole ? 1_200_000 : 120_000;

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
});

/** Files that nothing cut: neither the first nor the last of their generation. */
function uncut(rows: readonly RecordingRow[]): RecordingRow[] {
  return rows.filter((row, index) => {
    const isSame = (other: RecordingRow | undefined): boolean => other?.generation === row.generation;
    return isSame(rows[index - 1]) && isSame(rows[index + 1]);
  });
}

it(
  `E1 E2 I2 with ${switches} switches, recordings show what the channel showed, frame by frame`,
  { timeout },
  async () => {
    const plans = { 0: { mode: "continuous" }, 1: { mode: "continuous" } } as const;
    const settings = { recording: { plans, fileSeconds }, hls: { keepSeconds: 600 } };
    const running = (product = await Product.start({ settings, readyMs: 40_000 }));
    for (let done = 0; done <= switches; done++) {
      const before = finishedRows(running).length;
      await until("files of this camera", 60_000 + fileSeconds * 3000, () => {
        return finishedRows(running).length > before + 1;
      });
      if (done < switches) await running.api("/api/switch", { camera: (done + 1) % 2 });
    }
    const rows = finishedRows(running);
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) throw new Error("Nothing was recorded.");
    const shown = await shownBetween(running.live, first.start_ticks, last.end_ticks);
    const recorded: string[] = [];
    for (const row of rows) {
      const strips = await stripsOf(running, row);
      expect(new Set(strips.map(({ camera }) => camera)), row.path).toEqual(new Set([row.camera]));
      expect(row.path).toMatch(new RegExp(`^cam${row.camera}/\\d{6}/cam${row.camera}_\\d{8}_\\d{6}(_\\d)?\\.mp4$`));
      recorded.push(...strips.map(pictureOf));
    }
    expect(recorded).toEqual(shown);
    for (const row of uncut(rows)) expect(row.frames, row.path).toBe(fileSeconds * row.fps);
    rows.slice(1).forEach((row, index) => {
      expect(row.start_ticks, row.path).toBe(rows[index]?.end_ticks);
      expect(row.started_at, row.path).toBe(rows[index]?.ended_at);
    });
    expect(await checkRecordings(running)).toMatchObject({
      code: 0,
      result: { running: true, problems: [], notes: [] },
    });
  },
);
