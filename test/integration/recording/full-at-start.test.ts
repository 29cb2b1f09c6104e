/** A disk that is full when the recorder starts: retention must not wait for a repair that waits for room. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { openCatalogue } from "../../../server/recording/catalogue/open-catalogue.js";
import { RecorderClient } from "../../../server/recording/process/recorder-client.js";
import type { RecorderConfig } from "../../../server/recording/messages.js";
import { RecordingsFolder } from "../../../server/recording/storage/recordings-folder.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { insertRows, recordingRow } from "../../support/recording-rows.js";
import { finishedRows } from "../../support/recordings.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const bytes = 500_000;
const patienceMs = 40_000;

const files = 20;

/** A box that nobody looks into (ISO/IEC 14496-12 8.1.2). */
function free(size: number): Buffer {
  const box = Buffer.alloc(size);
  box.writeUInt32BE(size);
  box.write("free", 4, "latin1");
  return box;
}

function recordingsIn(directory: string): string[] {
  const all = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return all.filter((name) => name.endsWith(".mp4")).map((name) => join(directory, name));
}

describe.runIf(SmallDisk.isPossible())("H5 E4 a disk that is full at the start", () => {
  let disk: SmallDisk;
  let directory: string;
  let client: RecorderClient | undefined;

  beforeEach(() => {
    disk = new SmallDisk(32);
    directory = mkdtempSync(join(tmpdir(), "full-"));
  });

  afterEach(async () => {
    await client?.close();
    disk.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The state lies in the folder `state` of this one. */
  function configOf(stateIn = directory): RecorderConfig {
    const [memoryDirectory, playbackDirectory, children] = ["memory", "playback", "children"].map((name) =>
      join(directory, name),
    ) as [string, string, string];
    const state = join(stateIn, "state");
    for (const folder of [state, memoryDirectory, playbackDirectory, children]) mkdirSync(folder);
    return {
      ...{ directory: disk.directory, state, memoryDirectory, playbackDirectory, children },
      ...{ tier: "disk", memoryMb: 100, fileSeconds: 30, ffmpegProgram: "ffmpeg", playbackMb: 8 },
      retention: { keepDays: null, maxGb: null, minFreeHours: 0, minFreeMb: 12 },
    };
  }

  function start(config: RecorderConfig): RecorderClient {
    const { children } = config;
    const journal = join(directory, "told");
    return new RecorderClient({ config, journal, records: new ChildRecords(children), clock, log: silentLog });
  }

  async function fill({ state }: RecorderConfig): Promise<void> {
    await new RecordingsFolder(disk.directory, state).secure();
    const rows = Array.from({ length: 40 }, (_, index) =>
      recordingRow({ id: index + 1, bytes, path: `cam0/261121/cam0_${index + 1}.mp4`, start_ticks: index * 2_700_000 }),
    );
    for (const { path } of rows) {
      mkdirSync(dirname(join(disk.directory, path)), { recursive: true });
      writeFileSync(join(disk.directory, path), Buffer.alloc(bytes));
    }
    const { connection } = openCatalogue(state);
    insertRows(connection, rows);
    connection.close();
    disk.fill();
  }

  /** Real recordings, made larger by what players pass over. */
  async function fillWithRecordings(config: RecorderConfig): Promise<void> {
    const scene = await RecorderScene.create();
    await scene.run(
      async (recorder) => {
        for (let generation = 1; generation <= files; generation++) {
          const startTicks = generation * 900_000;
          await scene.feed(recorder, { count: 5, generation, startTicks, startedAtMs: Date.now() - 1e6 + generation });
        }
      },
      { config },
    );
    scene.close();
    for (const path of recordingsIn(disk.directory)) appendFileSync(path, free(1_000_000));
    for (const ending of ["", "-wal", "-shm"]) {
      rmSync(join(config.state, `recordings.sqlite${ending}`), { force: true });
    }
    disk.fill();
  }

  it.runIf(isWhole).each([
    ["another disk", () => directory],
    ["this disk", () => disk.directory],
  ] as const)(
    "whose catalogue, on %s, is lost as well gets both back by itself",
    { timeout: 3 * patienceMs },
    async (_, on) => {
      const config = configOf(on());
      await fillWithRecordings(config);
      expect(recordingsIn(disk.directory)).toHaveLength(files);
      client = start(config);
      await until("it is full", patienceMs, () => client?.status?.problem?.code === "diskFull");
      await until("room", 2 * patienceMs, () => client?.status?.problem === null);
      const left = recordingsIn(disk.directory);
      expect(left.length).toBeLessThan(files);
      await until("their rows", patienceMs, () => finishedRows({ directory: on() }).length === left.length);
    },
  );

  it("is made room on by retention, and repaired then", { timeout: 2 * patienceMs }, async () => {
    const config = configOf();
    await fill(config);
    client = start(config);
    await until("it is full", patienceMs, () => client?.status?.problem?.code === "diskFull");
    await until("an answer", patienceMs, () => client?.away === null);
    await until("room", patienceMs, () => client?.status?.problem === null);
    const left = finishedRows({ directory }).map(({ id }) => id);
    expect(left.length).toBeGreaterThan(10);
    expect(left.at(-1)).toBe(40);
    expect(left[0]).toBe(41 - left.length);
  });
});
