import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { figureOf, hottest } from "../../../server/guard/resources/host-figures.js";
import { known, type Measured } from "../../../server/lib/measured.js";
import { ResourceMonitor, type ResourceMonitorOptions } from "../../../server/guard/resources/resource-monitor.js";
import type { Resources } from "../../../server/guard/resources/resources.js";
import { SlowFigure } from "../../../server/guard/resources/slow-figure.js";
import { resourcesSchema } from "../../../server/http/wire-protection.js";
import { systemClock } from "../../../server/lib/clock.js";
import { silentLog } from "../../../server/lib/log.js";

let folder: string;
let monitor: ResourceMonitor | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "monitor-"));
});

afterEach(() => {
  monitor?.close();
  monitor = undefined;
  rmSync(folder, { recursive: true });
});

function start(changes: Partial<ResourceMonitorOptions> = {}): ResourceMonitor {
  const options = { live: folder, state: folder, clock: systemClock, log: silentLog, intervalMs: 50, ...changes };
  monitor = new ResourceMonitor(options);
  return monitor;
}

async function nextSample(of: ResourceMonitor): Promise<Resources> {
  const [sample] = (await once(of, "sample")) as [Resources];
  return sample;
}

test("B1 a sample tells of the machine and of ourselves, in the form of the API", async () => {
  mkdirSync(join(folder, "gen", "1"), { recursive: true });
  writeFileSync(join(folder, "gen", "1", "part"), Buffer.alloc(70_000));
  writeFileSync(join(folder, "playlist"), Buffer.alloc(2_000));
  const own = start();
  expect(own.latest).toBeNull();
  await nextSample(own);
  const sample = await nextSample(own);
  expect(resourcesSchema.parse(sample)).toEqual(sample);
  expect(own.latest).toBe(sample);
  expect(sample.liveBytes).toBe(72_000);
  expect(sample.ownMemoryBytes).toBeGreaterThan(10_000_000);
  expect(sample.freeDiskBytes).toBeGreaterThan(0);
  expect(sample.memoryPercent).toBeGreaterThan(0);
  expect(sample.cpuPercent).toBeGreaterThanOrEqual(0);
  expect(sample.memoryBytes).toBe(totalmem());
  expect(sample.freeLiveBytes).toBeGreaterThan(0);
  expect(sample.loopDelayMs).toBeGreaterThanOrEqual(0);
  expect(sample.simulated).toEqual([]);
});

test("every figure that is null has its reason, and only those", async () => {
  const sample = await nextSample(start({ sysfs: folder }));
  const nulls = Object.entries(sample).filter(([, value]) => value === null);
  expect(Object.keys(sample.unknown).sort()).toEqual(nulls.map(([name]) => name).sort());
  expect(sample.unknown).toHaveProperty("temperatureC", "This machine has no temperature sensor.");
});

test("a drill's figures stand above the machine's, are named, and end", async () => {
  const own = start({ sysfs: folder });
  own.simulate({ temperatureC: 90, cpuPercent: null });
  expect(await nextSample(own)).toMatchObject({
    temperatureC: 90,
    cpuPercent: null,
    simulated: ["temperatureC", "cpuPercent"],
    unknown: { cpuPercent: "A drill takes it away." },
  });
  expect(own.latest?.unknown).not.toHaveProperty("temperatureC");
  own.simulate(null);
  const sample = await nextSample(own);
  expect(sample).toMatchObject({ temperatureC: null, simulated: [] });
  expect(sample.cpuPercent).not.toBeNull();
});

test("a loop that stood still for more than a second is told, with its time", async () => {
  const own = start();
  await nextSample(own);
  const untilMs = performance.now() + 1300;
  while (performance.now() < untilMs);
  const [blockedMs] = (await once(own, "loopBlocked")) as [number];
  expect(blockedMs).toBeGreaterThan(1100);
  expect(blockedMs).toBeLessThan(3000);
  let told = 0;
  own.on("loopBlocked", () => told++);
  await nextSample(own);
  await nextSample(own);
  expect(told).toBe(0);
});

test("our own share of the CPU is unknown at first, then follows what we burn", async () => {
  const own = start();
  expect((await nextSample(own)).ownCpuPercent).toBeNull();
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  expect((await nextSample(own)).ownCpuPercent).toBeGreaterThan(0);
});

test("what cannot be read is null, never 0, and stops nothing else", async () => {
  const sample = await nextSample(start({ live: join(folder, "none"), state: join(folder, "none") }));
  expect(sample).toMatchObject({ liveBytes: null, freeLiveBytes: null, freeDiskBytes: null });
  expect(sample.unknown).toMatchObject({
    liveBytes: "The folder of live media cannot be read (ENOENT).",
    freeLiveBytes: "It could not be read (ENOENT).",
    freeDiskBytes: "It could not be read (ENOENT).",
  });
  expect(sample.memoryPercent).not.toBeNull();
});

test("after close there are no more samples", async () => {
  const own = start();
  await nextSample(own);
  own.close();
  const before = own.latest;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(own.latest).toBe(before);
});

describe("figures of node-os-utils", () => {
  test("a failure and an impossible value are unknown", () => {
    expect(figureOf({ success: false }, () => true).known).toBe(false);
    expect(figureOf({ success: true, data: 0 }, (value) => value > 0)).toEqual({
      known: false,
      why: "0 cannot be true.",
    });
    expect(figureOf({ success: true, data: 5 }, () => true)).toEqual(known(5));
  });

  test("the hottest sensor counts; one that reads 0 or nothing does not", () => {
    expect(hottest({ success: true, data: [41.5, 52.25, 0] })).toEqual(known(52.25));
    expect(hottest({ success: true, data: [0] }).known).toBe(false);
    expect(hottest({ success: true, data: [] }).known).toBe(false);
    expect(hottest({ success: true, data: [Number.NaN] }).known).toBe(false);
    expect(hottest({ success: false }).known).toBe(false);
    expect(hottest({ success: true, data: [-4] })).toEqual(known(-4));
  });
});

describe("a slow figure", () => {
  test("is never read twice at once, and unknown while a reading is overdue", async () => {
    let reads = 0;
    let finish: (value: Measured<number>) => void = () => undefined;
    const figure = new SlowFigure<number>(() => {
      reads++;
      return new Promise((resolve) => (finish = resolve));
    });
    expect(figure.latest).toEqual({ known: false, why: "It was not read yet." });
    const first = figure.refresh();
    finish(known(7));
    await first;
    expect(figure.latest).toEqual(known(7));
    const second = figure.refresh();
    expect(figure.latest).toEqual(known(7));
    await figure.refresh();
    await figure.refresh();
    expect(figure.latest).toEqual({ known: false, why: "Reading it takes too long." });
    expect(reads).toBe(2);
    finish(known(8));
    await second;
    expect(figure.latest).toEqual(known(8));
  });

  test("is unknown when the reading failed", async () => {
    const figure = new SlowFigure<number>(() => Promise.reject(new Error("no disk")));
    await figure.refresh();
    expect(figure.latest).toEqual({ known: false, why: "It could not be read (no disk)." });
  });
});
