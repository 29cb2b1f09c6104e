/** Disks that are full, read-only, gone or hung: the live picture never notices, and recording goes on by itself (E4, I8). */
import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ticksPerSecond } from "../../../server/hls/ticks.js";
import type { IncidentPage } from "../../../server/http/wire-protection.js";
import { FragmentFile } from "../../../server/recording/files/fragment-file.js";
import { checkRecordings } from "../../support/check-recordings.js";
import { FailingDisk } from "../../support/failing-disk.js";
import { Product } from "../../support/product.js";
import { quickCameras } from "../../support/quick-cameras.js";
import { edgeTicks, finishedRows, recorderOf, stripsOf } from "../../support/recordings.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const plans = { 0: { mode: "continuous" } } as const;
const patienceMs = 40_000;
/** Whole: so long that the recorder is ended, which takes until the disk lets go of it. */
const stillS = isWhole ? 20 : 5;
const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function record(directory?: string): Promise<Product> {
  const recording = { plans, fileSeconds: 5, minFreeMb: 0, minFreeHours: 0, ...(directory && { directory }) };
  const product = await Product.start({ settings: { recording, cameras: quickCameras }, readyMs: patienceMs });
  closers.push(() => product.close());
  return product;
}

/** Until so many more files are finished than there are now. */
function moreFiles(product: Product, count: number): Promise<unknown> {
  const before = finishedRows(product).length;
  return until(`${count} more files`, patienceMs, () => finishedRows(product).length >= before + count);
}

/** Until an incident of this code lasts, or has ended. */
async function incident(product: Product, code: RegExp, state: "lasts" | "ended"): Promise<void> {
  await until(`${code.source} ${state}`, patienceMs, async () => {
    const { body } = await product.api<IncidentPage>("/api/incidents?limit=50");
    const found = body.incidents.find((each) => code.test(each.code));
    return found !== undefined && (found.endedAt === null) === (state === "lasts");
  });
}

/** Runs a step, and expects that the live picture had no gap in it. */
async function withoutGap(product: Product, step: () => Promise<unknown>): Promise<void> {
  const count = async (): Promise<number> =>
    (await product.api<{ gaps: object[] }>("/api/gaps?limit=50")).body.gaps.length;
  const before = await count();
  await step();
  expect(await count(), "gaps of the live picture").toBe(before);
}

/** Each file begins with the very tick in which the one before ended. */
function expectNothingMissing(product: Product): void {
  const rows = finishedRows(product);
  rows.slice(1).forEach((row, index) => {
    expect([row.path, row.start_ticks]).toEqual([row.path, rows[index]?.end_ticks]);
  });
}

async function expectSound(product: Product, folder?: string): Promise<void> {
  await product.stop();
  expect(await checkRecordings(product)).toMatchObject({ code: 0, result: { problems: [] } });
  for (const row of finishedRows(product)) await stripsOf(product, row, folder);
}

describe.skipIf(!SmallDisk.isPossible())("E4 I8 a small disk", () => {
  function smallDisk(): SmallDisk {
    const disk = new SmallDisk(48);
    closers.push(() => {
      disk.close();
    });
    return disk;
  }

  it("pauses with the reason where it is full, and goes on when there is room", async () => {
    const disk = smallDisk();
    const product = await record(join(disk.directory, "recordings"));
    await moreFiles(product, 1);
    await withoutGap(product, async () => {
      disk.fill();
      await incident(product, /^diskFull$/, "lasts");
      disk.free();
      await incident(product, /^diskFull$/, "ended");
      await moreFiles(product, 2);
    });
  });

  it("pauses where it is not mounted, and never fills the folder it was mounted on", async () => {
    const disk = smallDisk();
    const product = await record(disk.directory);
    await moreFiles(product, 1);
    await withoutGap(product, async () => {
      disk.unmount();
      await incident(product, /^mountMissing$/, "lasts");
      await until("an empty folder", patienceMs, () => readdirSync(disk.directory).length === 0);
    });
  });

  it("takes back the file that was begun while it went away", async () => {
    const disk = smallDisk();
    const scene = await RecorderScene.create();
    closers.push(() => {
      scene.close();
    });
    const create = FragmentFile.create.bind(FragmentFile);
    const creating = vi.spyOn(FragmentFile, "create").mockImplementationOnce((options) => {
      disk.unmount();
      return create(options);
    });
    const codes = (): string[] =>
      scene.events().flatMap((event) => (event.kind === "paused" ? [event.problem.code] : []));
    const config = { ...scene.config, directory: disk.directory };
    await scene.run(
      async (recorder) => {
        recorder.start("main");
        recorder.part(scene.part(0, { count: 1 }));
        await until("a pause for it", patienceMs, () => codes().includes("mountMissing"));
        expect(creating).toHaveBeenCalledOnce();
        expect(readdirSync(disk.directory)).toEqual([]);
        disk.mountAgain();
        await recorder.written("main");
      },
      { config },
    );
  });
});

describe.skipIf(!FailingDisk.isPossible())("E4 I8 a card that fails", () => {
  async function recordOnCard(): Promise<{ readonly disk: FailingDisk; readonly product: Product }> {
    const disk = new FailingDisk();
    closers.push(() => {
      disk.close();
    });
    const product = await record(join(disk.directory, "recordings"));
    await moreFiles(product, 1);
    return { disk, product };
  }

  it("and becomes read-only costs no live picture, and recording pauses with the reason", async () => {
    const { disk, product } = await recordOnCard();
    await withoutGap(product, async () => {
      disk.fail();
      await incident(product, /^disk(ReadOnly|Failed)$/, "lasts");
    });
  });

  it("and refuses to write (EIO) costs no live picture, and recording pauses with the reason", async () => {
    const { disk, product } = await recordOnCard();
    await withoutGap(product, async () => {
      disk.refuse();
      // Where it is the journal that is refused, the kernel makes the disk read-only at once.
      await incident(product, /^disk(ReadOnly|Failed)$/, "lasts");
    });
  });

  it.runIf(isWhole)(
    `and stands still for ${stillS} s costs neither live picture nor a frame of the recording`,
    async () => {
      const { disk, product } = await recordOnCard();
      await withoutGap(product, async () => {
        disk.freeze();
        const from = edgeTicks(product);
        try {
          await until("so much more picture", patienceMs, () => edgeTicks(product) >= from + stillS * ticksPerSecond);
        } finally {
          disk.thaw();
        }
        await moreFiles(product, stillS / 5 + 2);
      });
      expectNothingMissing(product);
      await expectSound(product, join(disk.directory, "recordings"));
    },
  );
});

describe("E4 I8 the folder and the process", () => {
  it.runIf(isWhole)("a deleted folder is made again on the same disk, and costs what was in it", async () => {
    const product = await record();
    await moreFiles(product, 1);
    const folder = join(product.directory, "recordings");
    await withoutGap(product, async () => {
      renameSync(folder, `${folder}-gone`);
      await until("the folder", patienceMs, () => existsSync(folder));
      await until("a file in it", patienceMs, () => {
        const made = readdirSync(folder, { recursive: true, encoding: "utf8" });
        return made.some((name) => name.endsWith(".mp4"));
      });
    });
  });

  it("a recorder that hangs is replaced, and what it missed is caught up with: no frame is lost", async () => {
    const product = await record();
    await moreFiles(product, 1);
    const recorder = recorderOf(product);
    if (recorder === undefined) throw new Error("There is no recorder.");
    await withoutGap(product, async () => {
      process.kill(recorder, "SIGSTOP");
      await incident(product, /^recorderAway$/, "ended");
      await moreFiles(product, 2);
    });
    expectNothingMissing(product);
    await expectSound(product);
  });
});
