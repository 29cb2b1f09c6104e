/** What a start meets that cannot be put right: recording goes on all the same, and no file is taken for another one. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { condemnCatalogue, openCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { folderMemory } from "../../../server/recording/storage/recordings-folder.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const noon = Date.parse("2026-11-21T12:00:00Z");
const hourMs = 3_600_000;
const framesOfAPart = 6;
const patienceMs = 30_000;

let scene: RecorderScene;
beforeEach(async () => {
  scene = await RecorderScene.create();
});
afterEach(() => {
  scene.close();
});

const inFolder = (...names: string[]): string => join(scene.config.directory, "cam0", "261121", ...names);
const leftover = (): string => inFolder(".cam0_20261121_110000_0.partial");
const finished = () => scene.rows().filter(({ state }) => state === "finished");
const setAside = () => scene.events().filter(({ kind }) => kind === "setAside");

/** Records two seconds, and expects them in the catalogue. */
async function expectRecording(options = {}): Promise<void> {
  await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }), options);
  expect(finished()).toMatchObject([{ frames: 10 * framesOfAPart }]);
}

describe("E4 E5 a leftover", () => {
  it("that cannot be read is set aside with the reason, and holds up nothing", async () => {
    // Reading a folder fails as a bad block does.
    mkdirSync(leftover(), { recursive: true });
    await expectRecording();
    expect(setAside()).toMatchObject([{ reason: expect.stringContaining("EISDIR") as string }]);
    expect(readdirSync(join(scene.config.directory, ".set-aside"))).toHaveLength(1);
    await scene.run();
    expect(setAside()).toHaveLength(1);
  });

  it.runIf(SmallDisk.isPossible())("that cannot be moved either stays where it is, and holds up nothing", async () => {
    mkdirSync(leftover(), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "tmpfs", leftover()]);
    try {
      await expectRecording();
      expect(setAside()).toMatchObject([{ path: leftover() }]);
    } finally {
      execFileSync("umount", [leftover()]);
    }
  });

  it("whose disk never answers is waited for no longer than there is time", async () => {
    mkdirSync(inFolder(), { recursive: true });
    execFileSync("mkfifo", [leftover()]);
    try {
      await expectRecording({ repairPatienceMs: 500 });
    } finally {
      closeSync(openSync(leftover(), constants.O_RDWR)); // Whoever waits for a writer goes on.
    }
  });

  it("that can never be finished costs no other recording, and none of its parts is recorded again", async () => {
    const { path, data } = await scene.leftAfter({ count: 12, startedAtMs: noon });
    rmSync(scene.config.directory, { recursive: true });
    scene.loseCatalogue();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
    const config = { ...scene.config, ffmpegProgram: "no-such-program" };
    const again = { count: 20, first: 8, startedAtMs: noon };
    await scene.run((recorder) => scene.feed(recorder, again), { config, repairPatienceMs: 500 });
    await scene.run();
    const stretches = finished().map(({ start_ticks, end_ticks }) => [start_ticks / 18_000, end_ticks / 18_000]);
    expect(stretches.sort(([a = 0], [b = 0]) => a - b)).toEqual([
      [0, 12],
      [15, 20],
    ]);
  });

  it("that is finished late takes its time out of the gap that was noted before", async () => {
    const { path, data } = await scene.leftAfter({ count: 20, first: 15, startedAtMs: noon });
    rmSync(scene.config.directory, { recursive: true });
    scene.loseCatalogue();
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    writeFileSync(path, data);
    // Of the day before: it is looked into first.
    const hangs = join(scene.config.directory, "cam0", "261120", ".cam0_20261120_110000_0.partial");
    mkdirSync(dirname(hangs));
    execFileSync("mkfifo", [hangs]);
    const { connection } = openCatalogue(scene.config.state);
    const recorder = scene.recorder(connection, { repairPatienceMs: 500 });
    await recorder.repaired;
    await scene.feed(recorder, { count: 30, first: 25, startedAtMs: noon });
    const gaps = () => scene.gaps().map(({ from_ticks, to_ticks }) => [from_ticks / 18_000, to_ticks / 18_000]);
    expect(gaps()).toEqual([[10, 25]]);
    closeSync(openSync(hangs, constants.O_RDWR)); // Whoever waits for a writer goes on.
    await until("the late file", patienceMs, () => finished().length === 2);
    expect(gaps()).toEqual([
      [10, 15],
      [20, 25],
    ]);
    await recorder.close();
    connection.close();
  });

  it("is gone on with by the parts after it, however long the look at all other files takes", async () => {
    const { path, data } = await scene.leftAfter({ count: 12, startedAtMs: noon });
    rmSync(scene.config.directory, { recursive: true });
    scene.loseCatalogue();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
    const { connection } = openCatalogue(scene.config.state);
    const recorder = scene.recorder(connection);
    recorder.start("main");
    await scene.feed(recorder, { count: 20, first: 10, startedAtMs: noon });
    await recorder.close();
    connection.close();
    expect(finished()).toMatchObject([{ start_ticks: 0, frames: 20 * framesOfAPart }]);
  });
});

describe("E4 a file", () => {
  it("that nobody can read when it is to be finished is set aside, and recording does not pause for it", async () => {
    await scene.run(async (recorder) => {
      await scene.feed(recorder, { count: 10, startedAtMs: noon });
      const [name] = readdirSync(inFolder()).filter((each) => each.endsWith(".partial"));
      const path = inFolder(name ?? "none");
      rmSync(path);
      mkdirSync(path);
      const after = { generation: 2, startTicks: 10 * 18_000, startedAtMs: noon + 2000 };
      await scene.feed(recorder, { count: 10, ...after });
      recorder.stop("main", "off");
      await until("the second file", patienceMs, () => finished().length === 1);
    });
    expect(scene.events().filter(({ kind }) => kind === "paused")).toEqual([]);
    expect(setAside()).toMatchObject([{ reason: expect.stringContaining("EISDIR") as string }]);
    expect(finished()).toMatchObject([{ generation: 2 }]);
  });

  it("is finished when no part has come for long, and the next part begins another", async () => {
    await scene.run(
      async (recorder) => {
        await scene.feed(recorder, { count: 10, startedAtMs: noon });
        await until("the file", patienceMs, () => finished().length === 1);
        await scene.feed(recorder, { count: 20, first: 15, startedAtMs: noon });
      },
      { quietMs: 300 },
    );
    expect(finished().map(({ frames }) => frames)).toEqual([10 * framesOfAPart, 5 * framesOfAPart]);
    expect(scene.events()).toContainEqual(
      expect.objectContaining({ kind: "gap", gap: expect.objectContaining({ code: "noPicture" }) as unknown }),
    );
  });
});

describe("E5 the catalogue", () => {
  const overwrite = (): void => {
    const path = join(scene.config.state, "recordings.sqlite");
    const data = readFileSync(path);
    // Every page but the first: it opens, and is of no use.
    data.fill(0x5a, 4096);
    writeFileSync(path, data);
  };

  it("that is damaged in its midst is set aside with the reason, and made anew of the files", async () => {
    await expectRecording();
    const before = scene.rows();
    overwrite();
    const { connection, setAside: aside } = openCatalogue(scene.config.state);
    connection.close();
    expect(aside?.reason).toMatch(/./);
    expect(readFileSync(aside?.path ?? "").length).toBeGreaterThan(4096);
    await scene.run();
    expect(scene.rows()).toEqual(before);
  });

  it("that a query found to be damaged is set aside by the next start", async () => {
    await expectRecording();
    condemnCatalogue(scene.config.state, "malformed");
    const first = openCatalogue(scene.config.state, true);
    expect(first.setAside).toMatchObject({ reason: "malformed" });
    first.connection.close();
    const second = openCatalogue(scene.config.state, true);
    expect(second.setAside).toBeNull();
    second.connection.close();
  });
});

describe("E1 after the state was lost", () => {
  const loseState = (): void => {
    scene.loseCatalogue();
    rmSync(join(scene.config.state, folderMemory));
  };

  it("ticks that begin anew are other recordings than those of the same ticks before", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    loseState();
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon + hourMs }));
    expect(finished().map(({ started_at }) => started_at)).toEqual([noon, noon + hourMs]);
  });

  it("fragments of the same ticks are finished, and not taken for what is finished already", async () => {
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }));
    const before = finished()[0]?.path ?? "none";
    const kept = readFileSync(join(scene.config.directory, before));
    const { path, data } = await scene.leftAfter({ count: 10, startedAtMs: noon + hourMs });
    rmSync(scene.config.directory, { recursive: true });
    loseState();
    for (const [name, content] of [[join(scene.config.directory, before), kept] as const, [path, data] as const]) {
      mkdirSync(dirname(name), { recursive: true });
      writeFileSync(name, content);
    }
    await scene.run();
    const starts = finished().map(({ started_at }) => started_at);
    expect(starts.sort()).toEqual([noon, noon + hourMs]);
  });
});

describe("H5 what is recorded before the clock was set", () => {
  it("is known to be uncertain, also after the catalogue was lost", async () => {
    const [isSet, isNot] = [() => Promise.resolve(true), () => Promise.resolve(false)];
    await scene.run((recorder) => scene.feed(recorder, { count: 10, startedAtMs: noon }), { isClockSet: isNot });
    const later = { generation: 2, startTicks: 10 * 18_000, startedAtMs: noon + hourMs };
    await scene.run((recorder) => scene.feed(recorder, { count: 10, ...later }), { isClockSet: isSet });
    scene.loseCatalogue();
    await scene.run();
    expect(finished().map(({ dated }) => dated)).toEqual([0, 1]);
  });
});
