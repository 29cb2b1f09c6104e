/** What a disk without room leaves behind, and what it must not. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { catalogueMigrations } from "../../../server/recording/catalogue/migrations.js";
import { FragmentFile } from "../../../server/recording/files/fragment-file.js";
import { Library } from "../../../server/recording/library/library.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const noon = Date.parse("2026-11-21T12:00:00Z");

describe.runIf(SmallDisk.isPossible())("E4 a file that could not be begun", () => {
  let scene: RecorderScene;
  let disk: SmallDisk;
  beforeEach(async () => {
    scene = await RecorderScene.create();
    disk = new SmallDisk(1);
  });
  afterEach(() => {
    disk.close();
    scene.close();
  });

  it("leaves nothing in the way of the next try", async () => {
    const { startedAtMs, init: initName, ...part } = scene.part(0, { count: 1, startedAtMs: noon });
    const facts = { ...part, startedAtMs, zoneOffsetMin: 0, dated: true };
    const path = join(disk.directory, "cam0", ".cam0_20261121_120000_0.partial");
    const options = { path, facts, init: readFileSync(initName), initName, cutTicks: 2_700_000 };
    disk.fill();
    await expect(FragmentFile.create(options)).rejects.toMatchObject({ code: "ENOSPC" });
    expect(readdirSync(join(disk.directory, "cam0"))).toEqual([]);
    disk.free();
    const file = await FragmentFile.create(options);
    await file.close();
  });
});

it("F1 the library is opened as soon as its folder on tmpfs can be made", async () => {
  const root = mkdtempSync(join(tmpdir(), "library-"));
  const connection = new Sqlite(":memory:");
  for (const step of catalogueMigrations) connection.exec(step);
  writeFileSync(join(root, "live"), "no folder");
  const retention = { keepDays: null, maxGb: null, minFreeHours: 0, minFreeMb: 0 };
  let opened: Library | null = null;
  let failures = 0;
  const log = { ...silentLog, error: () => void (failures += 1) };
  const opening = Library.open({
    ...{ connection, root, isOurs: () => Promise.resolve(true), playbackDirectory: join(root, "live", "playback") },
    ...{ playbackMb: 8, ffmpegProgram: "ffmpeg", retention, clock, log, retryMs: 50 },
  }).then((library) => (opened = library));
  await until("the first try", 20_000, () => failures > 0);
  expect(opened).toBeNull();
  rmSync(join(root, "live"));
  await until("the library", 20_000, () => opened !== null);
  await (await opening).close();
  connection.close();
  rmSync(root, { recursive: true });
});
