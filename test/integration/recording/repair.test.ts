/** What a crash, a power cut or a person leaves on the disk, and what the next start makes of it. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { openCatalogue, readCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { RecordingRows } from "../../../server/recording/catalogue/recording-rows.js";
import { finishFragments, readFragments } from "../../../server/recording/files/finish.js";
import { checkRecordings } from "../../../server/recording/check/checker.js";
import { Intervals } from "../../../server/recording/check/intervals.js";
import { repairRecordings } from "../../../server/recording/check/repair-recordings.js";
import { Recorder } from "../../../server/recording/recorder.js";
import { decodeFrames } from "../../support/decode-frames.js";
import { randomNumbers } from "../../support/random.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

let scene: RecorderScene;
beforeEach(async () => {
  scene = await RecorderScene.create();
});
afterEach(() => {
  scene.close();
});

const noon = Date.parse("2026-11-21T12:00:00Z");
const pathOf = (row: { readonly path: string } | undefined): string =>
  join(scene.config.directory, row?.path ?? "none");

async function check(): Promise<{ problems: string[]; notes: string[] }> {
  const catalogue = readCatalogue(scene.config.state);
  const { directory } = scene.config;
  const { problems, notes } = await checkRecordings({
    directory,
    catalogue,
    explained: new Intervals([]),
    running: false,
  });
  catalogue?.close();
  return { problems: problems.map(({ code }) => code), notes: notes.map(({ code }) => code) };
}

const sound = { problems: [], notes: [] };

/** As a power cut leaves it: these bytes under the name of fragments, and nothing else of them. */
function leave(path: string, data: Buffer): void {
  rmSync(scene.config.directory, { recursive: true, force: true });
  scene.loseCatalogue();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
}

async function leftFacts(path: string) {
  const scanned = await readFragments(path);
  if (scanned === null || scanned.facts === null) throw new Error("There are no fragments.");
  return { facts: scanned.facts, frames: scanned.frames, endTicks: scanned.endTicks };
}

describe("E5 start-up repair", () => {
  it("makes a playable file of fragments cut off anywhere, up to the last whole one", { timeout: 90_000 }, async () => {
    const { path, data } = await scene.leftAfter({ count: 12, startedAtMs: noon });
    const random = randomNumbers(5);
    for (let round = 0; round < 6; round++) {
      const cut = Math.floor(random() * data.length);
      const tail = round % 2 === 0 ? Buffer.alloc(0) : Buffer.alloc(5000);
      leave(path, Buffer.concat([data.subarray(0, cut), tail]));
      await scene.run();
      const [row] = scene.rows();
      expect(await check()).toEqual(sound);
      if (row === undefined) continue; // Cut before the first fragment was whole.
      expect(row.frames % 6, "whole parts").toBe(0);
      expect(decodeFrames(pathOf(row)), `cut at ${cut} of ${data.length}`).toBe(row.frames);
    }
  });

  it("sets aside what nobody can read, and never deletes it", async () => {
    const { path } = await scene.leftAfter({ count: 6, startedAtMs: noon });
    leave(path, Buffer.alloc(100_000, 7));
    await scene.run();
    expect(scene.names()).toEqual([expect.stringMatching(/^\d+_cam0_.*\.partial$/)]);
    expect(scene.told).toContainEqual({
      type: "event",
      event: expect.objectContaining({ kind: "setAside" }) as unknown,
    });
  });

  it("finds the finished file of a crash between its name and its row, and makes no second one", async () => {
    const { path, data } = await scene.leftAfter({ count: 10, startedAtMs: noon });
    const before = scene.names();
    scene.loseCatalogue();
    writeFileSync(path, data);
    await scene.run();
    expect(scene.names()).toEqual(before);
    expect(scene.rows()).toHaveLength(1);
    expect(await check()).toEqual(sound);
  });

  it("removes fragments whose file is in the catalogue already", async () => {
    const { path, data } = await scene.leftAfter({ count: 10, startedAtMs: noon });
    const before = scene.names();
    writeFileSync(path, data);
    await scene.run();
    expect(scene.names()).toEqual(before);
    expect(scene.rows()).toHaveLength(1);
  });
});

describe("catalogue and disk", () => {
  it("agree again when the catalogue is lost: the files say all that it knew", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    const before = scene.rows();
    scene.loseCatalogue();
    await scene.run();
    expect(scene.rows()).toEqual(before);
    expect(await check()).toEqual(sound);
  });

  it("agree again when somebody deleted a file: its time is a gap", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    rmSync(pathOf(scene.rows()[0]));
    expect(await check()).toEqual({ problems: ["fileMissing"], notes: [] });
    await scene.run();
    expect(scene.rows()).toEqual([]);
    expect(await check()).toEqual(sound);
  });

  it.runIf(SmallDisk.isPossible())("keep all rows when the disk goes away while they are compared", async () => {
    const disk = new SmallDisk(16);
    symlinkSync(disk.directory, scene.config.directory);
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    const before = scene.rows();
    expect(before).toHaveLength(1);
    const { connection } = openCatalogue(scene.config.state);
    const recorder = new Recorder({ config: scene.config, connection, tell: () => undefined, clock, log: silentLog });
    await recorder.storage.available();
    disk.close();
    mkdirSync(disk.directory);
    const paused = until("the pause", 10_000, () => recorder.storage.problem?.code === "mountMissing");
    await Promise.race([recorder.repaired, paused]);
    expect(scene.rows()).toEqual(before);
    await recorder.close();
    await recorder.repaired;
    expect(scene.rows()).toEqual(before);
    connection.close();
    rmSync(disk.directory, { recursive: true });
  });

  it("are told apart where a file was changed, to the byte", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    const path = pathOf(scene.rows()[0]);
    const data = readFileSync(path);
    data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1);
    writeFileSync(path, data);
    expect(await check()).toEqual({ problems: ["fileDamaged"], notes: [] });
    await repairRecordings(scene.config, silentLog);
    expect(await check()).toEqual({ problems: [], notes: ["setAside"] });
    expect(readFileSync(pathOf(scene.rows()[0]))).toEqual(data);
  });
});

describe("E2 names that are taken", () => {
  it("are never given twice, whoever has them: a repeated hour, a clock set back", { timeout: 90_000 }, async () => {
    const generations = [1, 2, 3];
    for (const generation of generations) {
      const startTicks = generation * 900_000;
      await scene.run((recorder) => scene.feed(recorder, { count: 5, startedAtMs: noon, generation, startTicks }));
    }
    const [first, second, third] = scene.rows().map(({ path }) => path);
    expect(second).toBe(first?.replace(".mp4", "_2.mp4"));
    expect(third).toBe(first?.replace(".mp4", "_3.mp4"));
    expect((await check()).problems).toEqual([]);
  });

  it("by a file of somebody else are left alone", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 5, startedAtMs: noon }));
    const path = pathOf(scene.rows()[0]);
    rmSync(path);
    scene.loseCatalogue();
    writeFileSync(path, "not ours");
    await scene.run((recorder) => scene.feed(recorder, { count: 5, startedAtMs: noon }));
    expect(readFileSync(path, "utf8")).toBe("not ours");
    expect(scene.rows()[0]?.path).toMatch(/_2\.mp4$/);
  });
});

describe("E4 a recording that could not be finished", () => {
  it("is kept, never set aside, where ffmpeg itself is at fault, and finished by the next start", async () => {
    const { path, data } = await scene.leftAfter({ count: 10, startedAtMs: noon });
    leave(path, data);
    const { connection } = openCatalogue(scene.config.state);
    const rows = new RecordingRows(connection);
    const { directory } = scene.config;
    const options = { directory, rows, ffmpegProgram: "no-such-program", log: silentLog };
    const facts = await leftFacts(path);
    await expect(finishFragments({ path, ...facts }, options)).rejects.toMatchObject({ code: "programMissing" });
    connection.close();
    expect(readFileSync(path)).toEqual(data);
    await scene.run();
    expect(scene.rows()).toMatchObject([{ state: "finished", frames: facts.frames }]);
  });
});
