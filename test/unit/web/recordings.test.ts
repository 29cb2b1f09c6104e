import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retentionSchema } from "../../../server/config/recording-schema.js";
import type { RecordingSpan } from "../../../server/http/wire-recording.js";
import {
  dayBeside,
  dayNamed,
  dayOf,
  fieldEnd,
  fieldTime,
  minutesAhead,
  monthOf,
  shareOf,
  timeField,
} from "../../../web/src/recordings/day.js";
import { missingBetween, nextMissing, playableFrom } from "../../../web/src/recordings/holes.js";
import { rateBeside } from "../../../web/src/recordings/playback.js";
import {
  isStricter,
  readRetention,
  retentionDraft,
  retentionFields,
  retentionNames,
} from "../../../web/src/recordings/retention-draft.js";
import { recordingsKeyAction } from "../../../web/src/recordings/recordings-keys.js";
import { placeOf, recordedAt, type PlacedSegment } from "../../../web/src/recordings/time-map.js";

const span = (from: number, to: number): RecordingSpan => ({ camera: 0, from, to, recordings: 1, bytes: 1, pinned: 0 });

describe("days", () => {
  it("begin and end with the clock on the wall, and follow each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
        const day = dayOf(at);
        expect(at >= day.from && at < day.to).toBe(true);
        expect(dayNamed(day.name)).toEqual(day);
        expect(dayBeside(dayBeside(day, 1), -1)).toEqual(day);
        const seconds = Math.floor(at / 1000) * 1000;
        expect(Math.abs((fieldTime(day, timeField(seconds)) ?? 0) - seconds) % 3_600_000).toBe(0);
        expect(shareOf(day, day.from)).toBe(0);
      }),
    );
  });

  it("have their end at the midnight after them", () => {
    const day = dayOf(Date.parse("2026-11-21T12:00:00Z"));
    expect([fieldEnd(day, "00:00:00"), fieldEnd(day, "00:00:01"), fieldEnd(day, "")]).toEqual([
      day.to,
      day.from + 1000,
      null,
    ]);
    expect(timeField(day.to)).toBe("00:00:00");
  });

  it("of a month are all of them", () => {
    const february = dayNamed("2028-02-10");
    expect(
      february === null
        ? []
        : monthOf(february)
            .map(({ name }) => name.slice(8))
            .at(-1),
    ).toBe("29");
    expect(dayNamed("2026-02-30")).toBeNull();
    expect(dayNamed("today")).toBeNull();
  });
});

describe("a camera whose clock is in another zone", () => {
  it("is so far ahead of whoever looks, and not at all in the same zone", () => {
    const atMs = Date.UTC(2026, 10, 22, 3);
    const here = -new Date(atMs).getTimezoneOffset();
    expect(minutesAhead(here, atMs)).toBe(0);
    expect(minutesAhead(here + 540, atMs)).toBe(540);
    expect(minutesAhead(here - 90, atMs)).toBe(-90);
  });
});

describe("what is missing", () => {
  const spans = [span(0, 10_000), span(10_100, 20_000), span(50_000, 60_000), span(70_000, 80_000)];
  const day = { from: 0, to: 100_000 };

  it("has the reason that covers most of it; what nobody knows of has none", () => {
    const gaps = [
      { camera: 0, from: 20_000, to: 22_000, code: "partsLost", message: "" },
      { camera: 0, from: 20_000, to: 45_000, code: "diskFull", message: "full" },
    ];
    expect(missingBetween({ day, spans, gaps, pictureGaps: [] })).toEqual([
      { from: 20_000, to: 50_000, code: "diskFull", message: "full" },
      { from: 60_000, to: 70_000, code: null, message: "" },
    ]);
  });

  it("is not explained by what took a small part of it", () => {
    const gaps = [{ from: 21_000, to: 22_000, camera: 0, code: "controllerBlocked", message: "blocked" }];
    expect(missingBetween({ day, spans, gaps, pictureGaps: [] })[0]).toEqual({
      ...{ from: 20_000, to: 50_000 },
      code: null,
      message: "",
    });
  });

  it.each([
    [
      "mountMissing",
      [
        { from: 5000, to: 10_000 },
        { from: 80_000, to: 90_000 },
      ],
    ],
    // Nobody wanted it.
    ["recordingOff", []],
  ])("reaches over the borders of a day, and is told on both: %s", (code, borders) => {
    const gaps = [
      { camera: 0, from: -60_000, to: 10_000, code, message: "" },
      { camera: 0, from: 80_000, to: 120_000, code, message: "" },
      // Of another channel, on which the camera was not recorded meanwhile.
      { camera: 0, from: -60_000, to: 50_000, code: "noPicture", message: "" },
    ];
    const facts = { day: { from: 5000, to: 90_000 }, spans: [span(10_000, 80_000)], gaps, pictureGaps: [] };
    expect(missingBetween(facts)).toEqual(borders.map((border) => ({ ...border, code, message: "" })));
    expect(missingBetween({ ...facts, spans: [] })).toEqual([]);
    expect(missingBetween({ ...facts, spans: [span(0, 95_000)] })).toEqual([]);
  });

  it("is gone to and fro", () => {
    const missing = missingBetween({ day, spans, gaps: [], pictureGaps: [] });
    expect(nextMissing(missing, 0, 1)?.from).toBe(20_000);
    expect(nextMissing(missing, 51_000, 1)?.from).toBe(60_000);
    expect(nextMissing(missing, 75_000, -1)?.from).toBe(60_000);
    // Just landed behind it.
    expect(nextMissing(missing, 70_500, -1)?.from).toBe(20_000);
    expect(nextMissing(missing, 75_000, 1)).toBeNull();
  });

  it("is passed over by the player", () => {
    expect([5000, 30_000, 90_000].map((at) => playableFrom(spans, at))).toEqual([5000, 50_000, null]);
  });
});

describe("the time of the player and the time of the day", () => {
  const segments: PlacedSegment[] = [
    { startS: 0, durationS: 5, atMs: 100_000 },
    { startS: 5, durationS: 3, atMs: 105_000 },
    { startS: 8, durationS: 5, atMs: 200_000 },
  ];

  it("lead to each other where something was recorded", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 12.99, noNaN: true }), (place) => {
        const at = recordedAt(segments, place);
        expect(placeOf(segments, at ?? 0)).toBeCloseTo(place, 3);
      }),
    );
  });

  it("in a gap lead to what comes after it, and after the end nowhere", () => {
    expect(placeOf(segments, 150_000)).toBe(8);
    expect(placeOf(segments, 0)).toBe(0);
    expect(placeOf(segments, 300_000)).toBeNull();
    expect(recordedAt([], 1)).toBeNull();
  });
});

describe("keys and rates of the player", () => {
  it("do what the list of keys says", () => {
    expect(recordingsKeyAction("K")).toEqual({ kind: "toggle" });
    expect(recordingsKeyAction("j")).toEqual({ kind: "step", ms: -10_000 });
    expect(recordingsKeyAction("n")).toEqual({ kind: "missing", step: 1 });
    expect(recordingsKeyAction("1")).toBeNull();
  });

  it("rates end at both ends", () => {
    expect([rateBeside(1, 1), rateBeside(8, 1), rateBeside(0.5, -1)]).toEqual([2, 8, 0.5]);
  });
});

describe("the limits of what is kept", () => {
  const limits = { keepDays: 30, maxGb: null, minFreeHours: 1, minFreeMb: 1000 };
  const draft = retentionDraft(limits);

  it("are read as they were typed; empty is no limit where there may be none", () => {
    expect(readRetention(draft)).toEqual({ kind: "limits", limits });
    expect(readRetention({ ...draft, keepDays: "", maxGb: "0.5" })).toEqual({
      kind: "limits",
      limits: { ...limits, keepDays: null, maxGb: 0.5 },
    });
  });

  it("are refused by field", () => {
    const wrong = { keepDays: "4000", maxGb: "much", minFreeHours: "", minFreeMb: "-1" };
    expect(readRetention(wrong)).toEqual({
      kind: "errors",
      errors: {
        keepDays: { kind: "range", min: 0.01, max: 3650 },
        maxGb: { kind: "number" },
        minFreeHours: { kind: "number" },
        minFreeMb: { kind: "range", min: 0, max: 1_000_000 },
      },
    });
  });

  it("have the ranges of the service", () => {
    for (const name of retentionNames) {
      const { min, max } = retentionFields[name];
      for (const [value, isTaken] of [
        [min, true],
        [max, true],
        [max * 1.01, false],
      ] as const) {
        expect([name, value, retentionSchema.safeParse({ [name]: value }).success]).toEqual([name, value, isTaken]);
      }
    }
  });

  it("warn before something is deleted that may stay now", () => {
    expect(isStricter(limits, limits)).toBe(false);
    expect(isStricter({ ...limits, keepDays: null, minFreeHours: 0, minFreeMb: 0 }, limits)).toBe(false);
    const changes = [{ keepDays: 29 }, { maxGb: 1000 }, { minFreeHours: 2 }, { minFreeMb: 1001 }];
    for (const change of changes) expect(isStricter({ ...limits, ...change }, limits)).toBe(true);
  });
});
