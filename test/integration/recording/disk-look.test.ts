/** A disk that is gone, full or read-only while nothing is recorded: a person is told before the next recording fails. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { groupIsGone } from "../../../server/process/process-table.js";
import type { RecorderConfig, RecorderEvent } from "../../../server/recording/messages.js";
import { DiskLook } from "../../../server/recording/process/disk-look.js";
import { RecorderClient } from "../../../server/recording/process/recorder-client.js";
import { folderMemory } from "../../../server/recording/storage/recordings-folder.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { SmallDisk } from "../../support/small-disk.js";
import { until } from "../../support/until.js";

const patienceMs = 60_000;

let scene: RecorderScene;
let client: RecorderClient | undefined;
let events: RecorderEvent[];
beforeEach(async () => {
  scene = await RecorderScene.create();
  events = [];
});
afterEach(async () => {
  await client?.close();
  scene.close();
});

/** One whose process has recorded a file, and rests. */
async function resting(directory = scene.config.directory): Promise<RecorderClient> {
  const config: RecorderConfig = { ...scene.config, directory };
  const records = new ChildRecords(config.children);
  const running = (client = new RecorderClient({
    config,
    journal: scene.journal,
    records,
    clock,
    log: silentLog,
    idleMs: 500,
  }));
  running.on("event", (event) => events.push(event));
  running.start("main");
  for (let number = 0; number < 5; number++) running.part(scene.part(number, { count: 5 }));
  running.stop("main");
  await until("its rest", patienceMs, () => running.pid === undefined && scene.rows()[0]?.state === "finished");
  events = [];
  return running;
}

/** Until a process that was started for it says so. */
async function told(kind: RecorderEvent["kind"]): Promise<void> {
  await until(kind, patienceMs, () => events.some((event) => event.kind === kind));
}

describe("E4 the disk of the recordings while no recorder runs", { timeout: 3 * patienceMs }, () => {
  it("is found well without a process, and its room is known", async () => {
    const running = await resting();
    await running.look();
    expect(running.space?.freeBytes).toBeGreaterThan(0);
    expect(running.space?.totalBytes).toBeGreaterThan(running.space?.freeBytes ?? 0);
    expect([running.pid, running.away, events]).toEqual([undefined, null, []]);
  });

  it("and that is not mounted is told of, until it is back", async () => {
    const running = await resting();
    const { directory, state } = scene.config;
    const memory = join(state, folderMemory);
    const known = readFileSync(memory, "utf8");
    const { device, ...rest } = JSON.parse(known) as { device: number };
    renameSync(directory, `${directory}-away`);
    mkdirSync(directory);
    writeFileSync(memory, JSON.stringify({ ...rest, device: device + 1 }));
    await running.look();
    await told("paused");
    await until("the status", patienceMs, () => running.status?.problem?.code === "mountMissing");
    expect(running.space?.freeBytes ?? null).not.toBe(0);
    renameSync(directory, `${directory}-empty`);
    renameSync(`${directory}-away`, directory);
    await told("resumed");
    await until("its rest", patienceMs, () => running.pid === undefined);
  });

  it("and that hangs is not waited for, and asked by one program alone", async () => {
    const program = join(scene.directory, "hangs.mjs");
    const pids = join(scene.directory, "pids");
    writeFileSync(
      program,
      `import { appendFileSync } from "node:fs";
       appendFileSync(${JSON.stringify(pids)}, process.pid + "\\n");
       setInterval(() => undefined, 1000);`,
    );
    const look = new DiskLook(scene.config, { program, limitMs: 2000 });
    const first = look.look();
    expect(await look.look()).toBeNull();
    expect(await first).toBeNull();
    const asked = readFileSync(pids, { encoding: "utf8", flag: "a+" }).split("\n").filter(Boolean).map(Number);
    expect(asked.length).toBeLessThanOrEqual(1);
    for (const pid of asked) expect(groupIsGone(pid)).toBe(true);
  });
});

describe.runIf(SmallDisk.isPossible())("E4 a small disk while no recorder runs", { timeout: 3 * patienceMs }, () => {
  let disk: SmallDisk;
  afterEach(async () => {
    await client?.close();
    disk.close();
  });

  it("is told of where there is little room left on it", async () => {
    disk = new SmallDisk(2000);
    const running = await resting(disk.directory);
    disk.resize(500);
    await running.look();
    await told("spaceLow");
    disk.resize(2000);
    await told("spaceEnough");
  });

  it("is told of where it has become read-only", async () => {
    disk = new SmallDisk(2000);
    const running = await resting(disk.directory);
    disk.writable(false);
    await running.look();
    await told("paused");
    await until("the status", patienceMs, () => running.status?.problem?.code === "diskReadOnly");
    disk.writable(true);
    await told("resumed");
  });
});
