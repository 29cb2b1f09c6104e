/** kill -9 of everything at random moments: what was recorded is whole afterwards, and next to nothing is lost (E5). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { parsePlaylist } from "../../../server/hls/playlist-text.js";
import { checkRecordings } from "../../support/check-recordings.js";
import { Product } from "../../support/product.js";
import { randomNumbers } from "../../support/random.js";
import { finishedRows, stripsOf } from "../../support/recordings.js";
import { until } from "../../support/until.js";

const rounds = process.env["WHOLE"] === "1" ? 25 : 1;
const fileSeconds = 5;
const second = 90_000;

let product: Product | undefined;
afterEach(async () => {
  await product?.close();
});

/** Where the channel's media end, on its timeline. */
function edgeTicks({ live }: Product): number {
  return parsePlaylist(readFileSync(join(live, "hls/main/live.m3u8"), "utf8"), { windowSeconds: 10 }).edgeTicks;
}

async function killAll(running: Product): Promise<void> {
  for (const { pid } of running.processes()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // The death of its parent was quicker.
    }
  }
  await running.ended;
  await until("the end of all processes", 5000, () => running.processes().length === 0);
}

/** Where the recordings end that were made up to there. */
function recordedUpTo(running: Product, edge: number): number {
  return Math.max(0, ...finishedRows(running).map(({ end_ticks }) => (end_ticks <= edge ? end_ticks : 0)));
}

describe.each([
  { tier: "disk", losesTmpfs: false, mostLostS: 1 },
  { tier: "memory", losesTmpfs: false, mostLostS: 1 },
  {
    tier: "memory",
    losesTmpfs: true, // The open file, and the one that is being finished.
    mostLostS: 2 * fileSeconds + 2,
  },
] as const)("E5 F1 tier $tier, tmpfs lost: $losesTmpfs", ({ tier, losesTmpfs, mostLostS }) => {
  it(
    `${rounds} times killed: check is clean, every file plays, no more than ${mostLostS} s are lost`,
    { timeout: 60_000 + rounds * 40_000 },
    async () => {
      const plans = { 0: { mode: "continuous" } } as const;
      const settings = { recording: { plans, fileSeconds, tier } };
      const running = (product = await Product.start({ settings, readyMs: 40_000 }));
      const random = randomNumbers(tier === "disk" ? 11 : 12);
      for (let round = 0; round < rounds; round++) {
        await until("a picture of this run", 30_000, () => edgeTicks(running) > 0);
        const begun = edgeTicks(running);
        await wait(2000 + random() * 4000);
        await killAll(running);
        const edge = edgeTicks(running);
        if (losesTmpfs) running.loseTmpfs();
        await running.launch();
        // Without tmpfs the timeline jumps: what lies between two runs is no loss.
        const lostS = (): number => (edge - Math.max(begun, recordedUpTo(running, edge))) / second;
        await until("the repair", 20_000, () => lostS() <= mostLostS).catch(() => undefined);
        expect(lostS(), `round ${round}: seconds lost`).toBeLessThanOrEqual(mostLostS);
      }
      const beside = await checkRecordings(running);
      expect(beside).toMatchObject({ code: 0, result: { running: true, problems: [], channelProblems: [] } });
      await running.stop();
      const after = await checkRecordings(running);
      expect(after).toMatchObject({ code: 0, result: { running: false, problems: [] } });
      // A machine under load may not finish the last file in the time that a stop has.
      expect(after.result.notes.filter(({ code }) => code !== "unfinished")).toEqual([]);
      const rows = finishedRows(running);
      expect(after.result.recordings).toBe(rows.length);
      for (const row of rows) await stripsOf(running, row);
    },
  );
});
