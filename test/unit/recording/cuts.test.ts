import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anchorFor,
  cutAfter,
  decidePart,
  epochAt,
  planCuts,
  type OpenFile,
} from "../../../server/recording/files/cuts.js";
import type { RecordedPart } from "../../../server/recording/messages.js";

const second = 90_000;
const noon = Date.parse("2026-11-21T12:00:00Z");

function part(given: Partial<RecordedPart> = {}): RecordedPart {
  return {
    ...{ channel: "main", generation: 1, camera: 0, label: "Camera 0", path: "part_1.m4s", init: "init.mp4" },
    ...{ profile: { width: 640, height: 480, fps: 30 }, startTicks: 0, ticks: second / 5, independent: true },
    ...{ startedAtMs: noon, ...given },
  };
}

const file: OpenFile = { generation: 1, camera: 0, init: "init.mp4", endTicks: 0, cutTicks: 30 * second };

describe("I2 what becomes of a part", () => {
  it("begins a file with a key frame, and with nothing else", () => {
    expect(decidePart(null, part())).toEqual({ kind: "begin" });
    expect(decidePart(null, part({ independent: false }))).toEqual({ kind: "skip", why: "noKeyFrame" });
  });

  it("goes on where the file ends; what is known already is passed over", () => {
    expect(decidePart(file, part({ independent: false }))).toEqual({ kind: "append" });
    expect(decidePart({ ...file, endTicks: second }, part())).toEqual({ kind: "skip", why: "known" });
  });

  it.each([
    ["another generation", { generation: 2 }, "generation"],
    ["another camera", { camera: 1 }, "generation"],
    ["another init segment", { init: "other.mp4" }, "generation"],
    ["a part that is missing", { startTicks: second / 5 }, "gap"],
  ] as const)("ends the file before %s", (_, given, why) => {
    expect(decidePart(file, part(given))).toEqual({ kind: "end", why });
  });

  it("ends it at the first key frame from the boundary on", () => {
    const full = { ...file, endTicks: 30 * second };
    expect(decidePart(full, part({ startTicks: 30 * second }))).toEqual({ kind: "end", why: "boundary" });
    expect(decidePart(full, part({ startTicks: 30 * second, independent: false }))).toEqual({ kind: "append" });
  });
});

describe("E1 where files end", () => {
  it("brings the beginnings nearest to whole multiples on the clock, once, by whole segments", () => {
    const plan = planCuts(part({ startTicks: 7 * second, startedAtMs: noon + 12_300 }), 30);
    expect(plan.firstTicks).toBe((7 + 18) * second);
    expect(cutAfter(plan, 7 * second)).toBe(25 * second);
    expect(cutAfter(plan, 25 * second)).toBe(55 * second);
  });

  it.each([
    [0, 30],
    [400, 30],
    [29_700, 30],
    [29_400, 1],
  ])("a generation that begins %d ms after a boundary has a first file of %d s", (ms, seconds) => {
    expect(planCuts(part({ startedAtMs: noon + ms }), 30).firstTicks).toBe(seconds * second);
  });

  it("whatever the moment and the length, no file is longer than the setting and all but the first are as long", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.integer({ min: 5, max: 600 }), fc.nat(10 ** 6), (ms, fileSeconds, segments) => {
        const startTicks = segments * second;
        const plan = planCuts(part({ startTicks, startedAtMs: noon + ms }), fileSeconds);
        const first = cutAfter(plan, startTicks);
        expect(first - startTicks).toBeGreaterThan(0);
        expect(first - startTicks).toBeLessThanOrEqual(fileSeconds * second);
        expect(cutAfter(plan, first) - first).toBe(fileSeconds * second);
        const offMs = (noon + ms + (first - startTicks) / 90) % (fileSeconds * 1000);
        expect(Math.min(offMs, fileSeconds * 1000 - offMs)).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe("E2 when a file starts on the wall clock", () => {
  const anchor = { ticks: 0, epochMs: noon };

  it("is counted in ticks, so that files adjoin whatever the jitter of the parts", () => {
    const late = part({ startTicks: 30 * second, startedAtMs: noon + 30_090 });
    expect(epochAt(anchorFor(anchor, late), late.startTicks)).toBe(noon + 30_000);
  });

  it.each([
    ["back", -3600_000],
    ["forth", 90_000],
  ])("follows a clock that is set %s", (_, byMs) => {
    const after = part({ startTicks: 30 * second, startedAtMs: noon + 30_000 + byMs });
    expect(epochAt(anchorFor(anchor, after), after.startTicks)).toBe(noon + 30_000 + byMs);
  });
});
