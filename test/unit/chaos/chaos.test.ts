import { describe, expect, it } from "vitest";
import { blows, nextBlow } from "../../chaos/blows.js";
import { failuresOf, summaryOf, type ChaosFacts } from "../../chaos/findings.js";
import { planFrom } from "../../chaos/plan.js";
import { exampleReceipt } from "../../support/fake-service.js";
import { randomNumbers } from "../../support/random.js";

const sound: ChaosFacts = {
  struck: [{ name: "kill the camera", pictureMs: 1200 }],
  receipts: [exampleReceipt],
  sources: [],
  playlist: [],
  badge: [],
  page: [],
  frames: [],
  leftovers: [],
};

describe("planFrom", () => {
  it("takes a seed and minutes", () => {
    expect(planFrom({})).toEqual({ seed: 1, minutes: 30 });
    expect(planFrom({ SEED: "7", MINUTES: "0.5" })).toEqual({ seed: 7, minutes: 0.5 });
    expect(() => planFrom({ MINUTES: "soon" })).toThrow("MINUTES must be a number above 0, not soon.");
  });
});

describe("nextBlow", () => {
  it("gives the same blows for the same seed, and every blow in time", () => {
    const draw = (seed: number) => {
      const random = randomNumbers(seed);
      return Array.from({ length: 500 }, () => nextBlow({ random }).name);
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(new Set(draw(3))).toEqual(new Set(blows.map(({ name }) => name)));
  });
});

describe("failuresOf", () => {
  it("finds nothing in a sound run", () => {
    expect(failuresOf(sound)).toEqual([]);
    expect(summaryOf(sound)).toContain("| kill the camera | 1 | 1200 | 1200 |");
  });

  it.each<[string, Partial<ChaosFacts>, RegExp]>([
    ["no picture", { struck: [{ name: "reboot", pictureMs: null }] }, /no picture came back after: reboot/],
    ["an open receipt", { receipts: [{ ...exampleReceipt, outcome: null }] }, /I6: switch 7 has no outcome/],
    ["a number given twice", { receipts: [exampleReceipt, exampleReceipt] }, /I6: two receipts/],
    ["two sources", { sources: ["a | b"] }, /I1/],
    ["a playlist that is not true", { playlist: ["part_1.m4s is named and does not exist"] }, /I3, I4/],
    ["a lie", { badge: ["LIVE is said of a picture drawn 9000 ms ago"] }, /I7/],
    ["a reload", { page: ["loaded 2 times"] }, /the page: loaded 2 times/],
    ["a mixed picture", { frames: ["frame 3 goes back"] }, /I2/],
    ["a leftover", { leftovers: ["Left running: 7 ffmpeg S"] }, /I5/],
  ])("tells of %s", (_what, part, told) => {
    const failures = failuresOf({ ...sound, ...part });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(told);
  });
});
