/** The recorder process runs while somebody needs it, and a start of it costs no frame. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock as clock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { leftWork } from "../../../server/recording/process/left-work.js";
import { RecorderClient } from "../../../server/recording/process/recorder-client.js";
import { RecorderScene } from "../../support/recorder-scene.js";
import { until } from "../../support/until.js";

const patienceMs = 30_000;
const framesOfAPart = 6;
const noon = Date.parse("2026-11-21T12:00:00Z");

let scene: RecorderScene;
let client: RecorderClient | undefined;
beforeEach(async () => {
  scene = await RecorderScene.create();
});
afterEach(async () => {
  await client?.close();
  scene.close();
});

function open(idleMs = 60_000): RecorderClient {
  const { config } = scene;
  return (client = new RecorderClient({
    config,
    journal: scene.journal,
    records: new ChildRecords(config.children),
    clock,
    log: silentLog,
    idleMs,
  }));
}

/** As a channel tells of them. */
function tell(running: RecorderClient, from: number, to: number): void {
  running.start("main");
  for (let number = from; number < to; number++) running.part(scene.part(number, { count: to, startedAtMs: noon }));
}

const hasLeftWork = (nowMs = Date.now()): Promise<boolean> => leftWork(scene.config, nowMs);
const frames = (): number[] => scene.rows().map((row) => row.frames);

describe("E1 the recorder process", () => {
  it("does not run while nothing is recorded, and nobody calls that a fault", async () => {
    const running = open();
    expect(await hasLeftWork()).toBe(false);
    await expect(running.request("totals", {}, { wakes: false })).rejects.toMatchObject({ code: "recorderAway" });
    expect([running.pid, running.away, running.status]).toEqual([undefined, null, null]);
    const totals = await running.request("totals", {}, { timeoutMs: patienceMs });
    expect(totals.cameras).toEqual([]);
    expect(running.pid).toBeGreaterThan(0);
  });

  it("is started by the first part, records from it on, and rests when all is finished", async () => {
    const running = open(1000);
    const gaps: string[] = [];
    running.on("event", (event) => {
      if (event.kind === "gap") gaps.push(event.gap.code);
    });
    tell(running, 0, 12);
    expect(running.away).toBeNull();
    running.stop("main");
    await until("its rest", patienceMs, () => running.pid === undefined && scene.rows().length > 0);
    expect(frames()).toEqual([12 * framesOfAPart]);
    expect(await hasLeftWork()).toBe(false);
    expect(running.away).toBeNull();
    tell(running, 15, 25);
    running.stop("main");
    await until("the second file", patienceMs, () => frames().length === 2 && frames()[1] !== 0);
    expect(frames()[1]).toBe(10 * framesOfAPart);
    // It was stopped, and that the process rested meanwhile is no loss.
    expect(gaps).toEqual(["recordingOff"]);
  });

  it("E5 is started to finish what a killed one left, though nobody asks for anything", async () => {
    const first = open();
    tell(first, 0, 10);
    await until("the parts on the disk", patienceMs, () => first.status?.channels[0]?.recordedMs === 2000);
    process.kill(first.pid ?? 0, "SIGKILL");
    await first.close();
    expect(await hasLeftWork()).toBe(true);
    open(1000);
    await until("the repair", patienceMs, () => frames()[0] === 10 * framesOfAPart);
    await until("its rest", patienceMs, () => client?.pid === undefined);
    expect(await hasLeftWork()).toBe(false);
  });

  it("E5 is told by the next run of the service what the former one's was not quick enough to write", async () => {
    const first = open();
    tell(first, 0, 10);
    await until("the first parts on the disk", patienceMs, () => first.status?.channels[0]?.recordedMs === 2000);
    process.kill(first.pid ?? 0, "SIGSTOP");
    tell(first, 10, 20);
    process.kill(first.pid ?? 0, "SIGKILL");
    await first.close();
    const second = open(1000);
    await until("the file of both runs", patienceMs, () => second.pid === undefined && Number(frames()[0]) > 0);
    expect(frames()).toEqual([20 * framesOfAPart]);
    expect(existsSync(scene.journal)).toBe(true);
    await second.close();
    expect(existsSync(scene.journal)).toBe(false);
  });

  it("is started when a recording becomes too old, and when its catalogue or its folder is another one", async () => {
    const { state } = scene.config;
    const running = open(1000);
    running.configure({ ...scene.config, retention: { ...scene.config.retention, keepDays: 30 } });
    tell(running, 0, 10);
    running.stop("main");
    await until("its rest", patienceMs, () => running.pid === undefined && frames().length > 0);
    const mark = JSON.parse(readFileSync(join(state, "recordings-settled.json"), "utf8")) as { dueAtMs: number };
    expect(mark.dueAtMs).toBeGreaterThan(Date.now());
    const config = { ...scene.config, retention: { ...scene.config.retention, keepDays: 30 } };
    expect(await leftWork(config, Date.now())).toBe(false);
    expect(await leftWork(config, mark.dueAtMs)).toBe(true);
    expect(await hasLeftWork(), "another age").toBe(true);
    expect(await leftWork({ ...config, directory: join(scene.directory, "other") }, 0)).toBe(true);
    scene.loseCatalogue();
    expect(existsSync(join(state, "recordings.sqlite"))).toBe(false);
    expect(await leftWork(config, Date.now())).toBe(true);
  });
});
