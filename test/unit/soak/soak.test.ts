import { describe, expect, it } from "vitest";
import type { Gap } from "../../../server/http/wire-protection.js";
import type { Receipt } from "../../../server/http/wire.js";
import { failuresOf, summaryOf, type SoakFacts } from "../../soak/findings.js";
import { planFrom } from "../../soak/plan.js";

const receipt: Receipt = {
  id: 1,
  trigger: "user",
  from: 0,
  to: 1,
  requestedAt: 0,
  outcome: "committed",
  live: 1,
  reason: null,
  totalMs: 1100,
  steps: [{ step: "start", direction: "forward", camera: 1, ms: 510, ok: true }],
};

const footprint = { processes: { ffmpeg: 1, node: 2 }, descriptors: 40, controllerMb: 90, wholeMb: 120 };

const span = { percent: 99.95, observedMs: 3_600_000, missingMs: 0, plannedMs: 40_000, gaps: 30 };
const gap: Gap = {
  ...{ id: 1, channel: "main", camera: 1, from: 0, to: 1100, ms: 1100 },
  ...{ code: "switch", message: "The rotation asked for camera 1.", planned: true },
};

const good: SoakFacts = {
  receipts: [receipt],
  lost: [],
  sources: { samples: 1000, most: 1, violations: [], longestGapMs: 12 },
  before: footprint,
  after: footprint,
  viewerFailures: [],
  ledger: { availability: { hour: span, day: span, month: span, cameras: [] }, gaps: [gap] },
  errorLines: [],
};

describe("the findings of a soak", () => {
  it("are clean when all was", () => {
    expect(failuresOf(good, false)).toEqual([]);
    expect(summaryOf(good)).toContain("| start | 510 | 510 | 510 | 510 |");
  });

  it.each([
    ["a switch that went back", { receipts: [{ ...receipt, outcome: "rolledBack" as const }] }],
    ["a request without an answer", { lost: ["ECONNRESET"] }],
    ["two sources at once", { sources: { ...good.sources, most: 2, violations: ["a | b"] } }],
    ["a process left over", { after: { ...footprint, processes: { ffmpeg: 2, node: 2 } } }],
    ["descriptors that grow", { after: { ...footprint, descriptors: 90 } }],
    ["memory that grows", { after: { ...footprint, wholeMb: 200 } }],
    ["a viewer whose requests fail", { viewerFailures: ["502"] }],
    ["a gap that nobody asked for", { ledger: { ...good.ledger, gaps: [{ ...gap, planned: false }] } }],
    [
      "too little of a picture",
      { ledger: { ...good.ledger, availability: { ...good.ledger.availability, hour: { ...span, percent: 98 } } } },
    ],
  ])("name %s", (_what, change) => {
    expect(failuresOf({ ...good, ...change }, false)).toHaveLength(1);
  });

  it("leave memory out of a short run", () => {
    expect(failuresOf({ ...good, after: { ...footprint, wholeMb: 200 } }, true)).toEqual([]);
  });
});

describe("planFrom", () => {
  it("takes a number of switches or of hours", () => {
    expect(planFrom({})).toMatchObject({ switches: 1000, hours: Infinity, short: false });
    expect(planFrom({ SWITCHES: "50" })).toMatchObject({ switches: 50 });
    expect(planFrom({ HOURS: "72" })).toMatchObject({ switches: Infinity, hours: 72 });
    expect(planFrom({ HOURS: "1", ROTATION: "5" })).toMatchObject({ hours: 1, rotationSeconds: 5 });
    expect(planFrom({ SHORT: "1" })).toMatchObject({ switches: 20, short: true });
  });

  it("refuses what is no number", () => {
    expect(() => planFrom({ SWITCHES: "many" })).toThrow("SWITCHES must be a number above 0");
    expect(() => planFrom({ ROTATION: "5" })).toThrow("ROTATION needs HOURS");
  });
});
