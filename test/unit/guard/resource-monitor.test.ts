import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hottest, known } from "../../../server/guard/host-figures.js";
import { ResourceMonitor, type Resources } from "../../../server/guard/resource-monitor.js";
import { SlowFigure } from "../../../server/guard/slow-figure.js";
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

function start(changes: { live?: string; state?: string } = {}): ResourceMonitor {
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
  expect(sample).toMatchObject({ liveBytes: null, freeDiskBytes: null });
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
    expect(known({ success: false }, () => true)).toBeNull();
    expect(known({ success: true, data: 0 }, (value) => value > 0)).toBeNull();
    expect(known({ success: true, data: 5 }, () => true)).toBe(5);
  });

  test("the hottest sensor counts; one that reads 0 or nothing does not", () => {
    expect(hottest({ success: true, data: [41.5, 52.25, 0] })).toBe(52.25);
    expect(hottest({ success: true, data: [0] })).toBeNull();
    expect(hottest({ success: true, data: [] })).toBeNull();
    expect(hottest({ success: true, data: [Number.NaN] })).toBeNull();
    expect(hottest({ success: false })).toBeNull();
    expect(hottest({ success: true, data: [-4] })).toBe(-4);
  });
});

describe("a slow figure", () => {
  test("is never read twice at once, and unknown while a reading is overdue", async () => {
    let reads = 0;
    let finish: (value: number) => void = () => undefined;
    const figure = new SlowFigure(() => {
      reads++;
      return new Promise((resolve) => (finish = resolve));
    });
    figure.refresh();
    finish(7);
    await Promise.resolve();
    await Promise.resolve();
    expect(figure.value).toBe(7);
    figure.refresh();
    expect(figure.value).toBe(7);
    figure.refresh();
    figure.refresh();
    expect(figure.value).toBeNull();
    expect(reads).toBe(2);
  });

  test("is unknown when the reading failed", async () => {
    const figure = new SlowFigure(() => Promise.reject(new Error("no disk")));
    figure.refresh();
    await Promise.resolve();
    await Promise.resolve();
    expect(figure.value).toBeNull();
  });
});
