import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../../server/config/database.js";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { catalogueMigrations } from "../../../server/recording/catalogue/migrations.js";
import { Library } from "../../../server/recording/library/library.js";
import type { RetentionSettings } from "../../../server/recording/retention/retention.js";
import { RecordingsFolder } from "../../../server/recording/storage/recordings-folder.js";
import { insertRows, recordingRow } from "../../support/recording-rows.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const bytes = 500_000;
const fileMs = 30_000;
const none: RetentionSettings = { keepDays: null, maxGb: null, minFreeHours: 0, minFreeMb: 0 };

describe.runIf(SmallDisk.isPossible())("retention on a real disk (F1, H5)", () => {
  let disk: SmallDisk;
  let playbackDirectory: string;
  let state: string;
  let folder: RecordingsFolder;
  let asked: number;
  let connection: Connection;
  let library: Library | undefined;

  beforeEach(() => {
    disk = new SmallDisk(20);
    playbackDirectory = mkdtempSync(join(tmpdir(), "playback-"));
    state = mkdtempSync(join(tmpdir(), "state-"));
    asked = 0;
    folder = new RecordingsFolder(disk.directory, state);
    connection = new Sqlite(":memory:");
    for (const step of catalogueMigrations) connection.exec(step);
  });

  afterEach(async () => {
    await library?.close();
    library = undefined;
    connection.close();
    disk.close();
    for (const made of [playbackDirectory, state]) rmSync(made, { recursive: true, force: true });
  });

  const isOurs = () => {
    asked++;
    return folder.secure();
  };

  const free = () => {
    const { bavail, bsize } = statfsSync(disk.directory);
    return bavail * bsize;
  };

  /** So many files of a camera, the newest of which ended just now. */
  function record(count: number, pinned: readonly number[] = []) {
    const rows = Array.from({ length: count }, (_, index) =>
      recordingRow({
        ...{ id: index + 1, bytes, pinned: pinned.includes(index + 1) ? 1 : 0 },
        started_at: Date.now() - (count - index) * fileMs,
        ...{ start_ticks: index * 2_700_000, end_ticks: (index + 1) * 2_700_000 },
        path: `cam0/261121/cam0_${index + 1}.mp4`,
      }),
    );
    for (const { path } of rows) {
      mkdirSync(dirname(join(disk.directory, path)), { recursive: true });
      writeFileSync(join(disk.directory, path), Buffer.alloc(bytes));
    }
    insertRows(connection, rows);
  }

  async function look(retention: RetentionSettings): Promise<void> {
    library = await Library.open({
      ...{ connection, root: disk.directory, isOurs, playbackDirectory, playbackMb: 8, ffmpegProgram: "ffmpeg" },
      ...{ retention, clock, log: silentLog },
    });
    library.changed();
  }

  const ids = () =>
    (connection.prepare("SELECT id FROM recordings ORDER BY id").all() as { id: number }[]).map(({ id }) => id);

  it("makes room by the oldest, keeps what is pinned, and stops as soon as there is enough", async () => {
    record(30, [1, 3]);
    expect(free()).toBeLessThan(8e6);
    await look({ ...none, minFreeMb: 10 });
    await until("room", 20_000, () => free() >= 10e6);
    await library?.retention.close();
    expect(free()).toBeLessThan(10e6 + 2 * bytes);
    const left = ids();
    expect(left.slice(0, 2)).toEqual([1, 3]);
    expect(left.slice(2)).toEqual(left.slice(2).map((_, index) => 30 - left.length + 3 + index));
    for (let id = 1; id <= 30; id++) {
      expect([id, existsSync(join(disk.directory, `cam0/261121/cam0_${id}.mp4`))]).toEqual([id, left.includes(id)]);
    }
  });

  it("keeps a camera within its bytes", async () => {
    record(10);
    await look({ ...none, maxGb: 0.0031 });
    await until("six files", 20_000, () => ids().length <= 6);
    await library?.retention.close();
    expect(ids()).toEqual([5, 6, 7, 8, 9, 10]);
  });

  it("takes away what is too old", async () => {
    record(10);
    await look({ ...none, keepDays: (4.5 * fileMs) / 86_400_000 });
    await until("the newest", 20_000, () => ids().length <= 5);
    expect(ids()).toEqual([6, 7, 8, 9, 10]);
  });

  it("is not held up by one that cannot be removed", async () => {
    record(10);
    const busy = join(disk.directory, "cam0/261121/cam0_1.mp4");
    execFileSync("mount", ["--bind", busy, busy]);
    try {
      await look({ ...none, maxGb: 0.0031 });
      await until("six files", 20_000, () => ids().length <= 6);
      await library?.retention.close();
      expect(ids()).toEqual([1, 6, 7, 8, 9, 10]);
    } finally {
      execFileSync("umount", [busy]);
    }
  });

  it("F1 removes no row while the disk is not mounted, be it too old or told by hand", async () => {
    record(10);
    await folder.secure();
    disk.close();
    mkdirSync(disk.directory);
    try {
      await look({ keepDays: fileMs / 86_400_000, maxGb: 0.001, minFreeHours: 0, minFreeMb: 1e9 });
      await until("a look", 20_000, () => asked > 0 || ids().length < 10);
      await library?.retention.close();
      expect(ids()).toHaveLength(10);
      const byHand = Promise.resolve(library?.handlers.deleteRecording({ id: 1 }));
      await expect(byHand).rejects.toMatchObject({ code: "recordingsUnreadable" });
      expect(ids()).toHaveLength(10);
    } finally {
      await library?.close();
      library = undefined;
      rmSync(disk.directory, { recursive: true });
      disk = new SmallDisk(1);
    }
  });
});
