/**
 * kill -9 of everything at random moments: what was recorded is whole afterwards, and next to nothing is lost (E5), also
 * where the recorder had no time to write for seconds before.
 */
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { ticksPerSecond } from "../../../server/hls/ticks.js";
import { checkRecordings } from "../../support/check-recordings.js";
import { FilePlayback } from "../../support/file-playback.js";
import { patientSettings } from "../../support/patient-settings.js";
import { Product } from "../../support/product.js";
import { randomNumbers } from "../../support/random.js";
import { edgeTicks, finishedRows, recorderOf, stripsOf } from "../../support/recordings.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const rounds = isWhole ? 50 : 1;
const fileSeconds = 5;

/** It is started again and again: what is recorded matters less than when it ends. */
const small = { width: 320, height: 240, fps: 10 } as const;

let product: Product | undefined;
let browser: FilePlayback | undefined;
afterEach(async () => {
  await browser?.close();
  browser = undefined;
  await product?.close();
});

/** So that it writes nothing of what it is told from now on. */
function freezeRecorder(running: Product): void {
  const pid = recorderOf(running);
  if (pid !== undefined) process.kill(pid, "SIGSTOP");
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

/** Every finished file, in ffmpeg and in a browser: the same first picture, the same last one, as long as it says. */
async function expectAllPlay(running: Product): Promise<void> {
  const chromium = (browser = await FilePlayback.open(running));
  for (const row of finishedRows(running)) {
    const strips = await stripsOf(running, row);
    const played = await chromium.play(row.id);
    expect([row.path, played.first, played.last]).toEqual([row.path, strips[0], strips.at(-1)]);
    expect(played.durationS, row.path).toBeCloseTo((row.end_ticks - row.start_ticks) / ticksPerSecond, 1);
  }
}

describe.each([
  { tier: "disk", losesTmpfs: false, seed: 11, mostLostS: 1 },
  ...(isWhole ? [{ tier: "memory", losesTmpfs: false, seed: 12, mostLostS: 1 } as const] : []),
  // The open file, and the one that is being finished.
  { tier: "memory", losesTmpfs: true, seed: 13, mostLostS: 2 * fileSeconds + 2 },
] as const)("E5 F1 tier $tier, tmpfs lost: $losesTmpfs", ({ tier, losesTmpfs, mostLostS, seed }) => {
  it(
    `${rounds} times killed: each time check is clean and no more than ${mostLostS} s are lost, and every file plays`,
    { timeout: 90_000 + rounds * 40_000 },
    async () => {
      const plans = { 0: { mode: "continuous" } } as const;
      const settings = {
        recording: { plans, fileSeconds, tier },
        cameras: { profiles: { 0: small } },
        ...patientSettings,
      };
      const running = (product = await Product.start({ settings, readyMs: 120_000 }));
      const random = randomNumbers(seed);
      // What is on tmpfs is lost with it, and waits nowhere else.
      const isFrozen = (round: number): boolean => !losesTmpfs && round % 2 === 0;
      for (let round = 0; round < rounds; round++) {
        await until("a picture of this run", 30_000, () => edgeTicks(running) > 0);
        const begun = edgeTicks(running);
        const untilKillMs = random() * 6000;
        const frozenMs = isFrozen(round) ? random() * untilKillMs : 0;
        await wait(untilKillMs - frozenMs);
        if (frozenMs > 0) freezeRecorder(running);
        await wait(frozenMs);
        await killAll(running);
        const edge = edgeTicks(running);
        if (losesTmpfs) running.loseTmpfs();
        await running.launch();
        // Without tmpfs the timeline jumps: what lies between two runs is no loss.
        const lostS = (): number => (edge - Math.max(begun, recordedUpTo(running, edge))) / ticksPerSecond;
        await until("the repair", 20_000, () => lostS() <= mostLostS).catch(() => undefined);
        expect(lostS(), `round ${round}: seconds lost`).toBeLessThanOrEqual(mostLostS);
        const beside = await checkRecordings(running);
        const sound = { running: true, problems: [], channelProblems: [] };
        expect(beside, `round ${round}`).toMatchObject({ code: 0, result: sound });
      }
      await expectAllPlay(running);
      await running.stop();
      const after = await checkRecordings(running);
      expect(after).toMatchObject({ code: 0, result: { running: false, problems: [] } });
      // A machine under load may not finish the last file in the time that a stop has.
      expect(after.result.notes.filter(({ code }) => code !== "unfinished")).toEqual([]);
      const rows = finishedRows(running);
      expect(after.result.recordings).toBe(rows.length);
    },
  );
});
