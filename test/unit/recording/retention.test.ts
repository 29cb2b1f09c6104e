import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseDeletion,
  floorBytesOf,
  type Candidate,
  type RetentionLimits,
} from "../../../server/recording/retention/choose.js";

interface File extends Candidate {
  readonly bytes: number;
  readonly pinned: boolean;
  readonly dated: boolean;
}

const files = fc
  .array(
    fc.record({
      camera: fc.integer({ min: 0, max: 1 }),
      endedAt: fc.integer({ min: 0, max: 100_000 }),
      bytes: fc.integer({ min: 1, max: 1000 }),
      pinned: fc.boolean(),
      dated: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((file, id): File => ({ id, ...file })));
const limits: fc.Arbitrary<RetentionLimits> = fc.record({
  maxAgeMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
  maxBytes: fc.option(fc.integer({ min: 0, max: 20_000 })),
  floorBytes: fc.integer({ min: 0, max: 20_000 }),
});

const diskBytes = 20_000;
const nowMs = 100_000;

function factsOf(list: readonly File[], trusted = true) {
  const oldestOf = (camera: number, among = list) =>
    among.filter((file) => file.camera === camera && !file.pinned).sort((a, b) => a.endedAt - b.endedAt)[0];
  const dated = list.filter((file) => file.dated);
  const bytesOf = (camera: number) =>
    list.filter((file) => file.camera === camera).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    oldest: [0, 1].flatMap((camera) => oldestOf(camera) ?? []),
    oldestDated: [0, 1].flatMap((camera) => oldestOf(camera, dated) ?? []),
    bytes: new Map([0, 1].map((camera) => [camera, bytesOf(camera)])),
    freeBytes: diskBytes - bytesOf(0) - bytesOf(1),
    nowMs: trusted ? nowMs : null,
  };
}

/** What stays, and the order in which the others went. */
function runDown(rules: RetentionLimits, list: readonly File[], trusted = true) {
  let left = list;
  const gone: File[] = [];
  for (;;) {
    const deletion = chooseDeletion(rules, factsOf(left, trusted));
    if (deletion === null) return { left, gone };
    gone.push(...left.filter(({ id }) => id === deletion.id));
    left = left.filter(({ id }) => id !== deletion.id);
  }
}

describe("retention (F1, H5)", () => {
  it("never takes a pinned one, and of each camera always the oldest first", () => {
    fc.assert(
      fc.property(limits, files, (rules, some) => {
        const list = some.map((file) => ({ ...file, dated: true }));
        const { left, gone } = runDown(rules, list);
        expect(gone.filter(({ pinned }) => pinned)).toEqual([]);
        for (const camera of [0, 1]) {
          const newestGone = Math.max(-1, ...gone.filter((file) => file.camera === camera).map((file) => file.endedAt));
          const kept = left.filter((file) => file.camera === camera && !file.pinned);
          expect(kept.every(({ endedAt }) => endedAt >= newestGone)).toBe(true);
        }
      }),
    );
  });

  it("ends within all limits, or with nothing left but pinned ones, and takes no more than it must", () => {
    fc.assert(
      fc.property(limits, files, (rules, list) => {
        const { left, gone } = runDown(rules, list);
        const { oldest, oldestDated, bytes, freeBytes } = factsOf(left);
        if (oldest.length > 0) expect(freeBytes).toBeGreaterThanOrEqual(rules.floorBytes);
        for (const { camera } of oldest) expect(bytes.get(camera)).toBeLessThanOrEqual(rules.maxBytes ?? Infinity);
        for (const { endedAt } of oldestDated) {
          expect(nowMs - endedAt).toBeLessThanOrEqual(rules.maxAgeMs ?? Infinity);
        }
        const last = gone.at(-1);
        // With the last one back, some limit is broken again.
        if (last !== undefined) expect(chooseDeletion(rules, factsOf([...left, last]))).not.toBeNull();
      }),
    );
  });

  it("takes nothing for its age while the clock is not to be believed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), files, (maxAgeMs, list) => {
        const rules = { maxAgeMs, maxBytes: null, floorBytes: 0 };
        expect(runDown({ ...rules, floorBytes: -Infinity }, list, false).gone).toEqual([]);
      }),
    );
  });

  it("H5 takes nothing for its age that was recorded before the clock was set, and does for its bytes", () => {
    fc.assert(
      fc.property(limits, files, (rules, list) => {
        const { gone } = runDown({ ...rules, maxBytes: null, floorBytes: -Infinity }, list);
        expect(gone.filter(({ dated }) => !dated)).toEqual([]);
      }),
    );
    const facts = factsOf([{ id: 3, camera: 0, endedAt: 0, bytes: 50, pinned: false, dated: false }]);
    const rules = { maxAgeMs: 1, maxBytes: 10, floorBytes: 0 };
    expect(chooseDeletion({ ...rules, maxBytes: null }, facts)).toBeNull();
    expect(chooseDeletion(rules, facts)).toEqual({ id: 3, reason: "bytes" });
  });

  it("takes nothing for space that nobody could measure", () => {
    const facts = {
      ...factsOf([{ id: 1, camera: 0, endedAt: 0, bytes: 1, pinned: false, dated: true }]),
      freeBytes: null,
    };
    expect(chooseDeletion({ maxAgeMs: null, maxBytes: null, floorBytes: 1e12 }, facts)).toBeNull();
  });

  it("says for which reason", () => {
    const facts = { ...factsOf([{ id: 7, camera: 0, endedAt: 0, bytes: 50, pinned: false, dated: true }]) };
    const none = { maxAgeMs: null, maxBytes: null, floorBytes: 0 };
    expect(chooseDeletion({ ...none, maxAgeMs: 10 }, facts)).toEqual({ id: 7, reason: "age" });
    expect(chooseDeletion({ ...none, maxBytes: 10 }, facts)).toEqual({ id: 7, reason: "bytes" });
    expect(chooseDeletion({ ...none, floorBytes: diskBytes }, facts)).toEqual({ id: 7, reason: "space" });
  });

  it("asks for room for so many hours at the rate of late, and never for less than the least", () => {
    expect(floorBytesOf(2, 3e9, 1e9)).toBe(6e9);
    expect(floorBytesOf(2, 3e8, 1e9)).toBe(1e9);
    expect(floorBytesOf(2, null, 1e9)).toBe(1e9);
  });
});
