import { describe, expect, it } from "vitest";
import { cadenceFaults, type Arrival } from "../../support/cadence.js";

const fps = 10;
/** Frames 1 to 40, ten a second; from `late` on so many milliseconds later. */
const arrivals = (late = Infinity, ms = 0): Arrival[] =>
  Array.from({ length: 40 }, (_, index) => ({ number: index + 1, atMs: index * 100 + (index + 1 >= late ? ms : 0) }));
const numbers = (...left: number[]): number[] =>
  arrivals()
    .map(({ number }) => number)
    .filter((number) => !left.includes(number));

describe("the rule of the cadence", () => {
  it("takes each frame once, and names what is lost, doubled or shown again", () => {
    expect(cadenceFaults(numbers(), arrivals(), fps)).toEqual([]);
    expect(cadenceFaults(numbers(7, 8), arrivals(), fps)).toEqual(["frame 7 is lost", "frame 8 is lost"]);
    expect(cadenceFaults([4, 5, 5, 6], arrivals(), fps)).toEqual(["frame 5 is doubled"]);
    expect(cadenceFaults([4, 5, 3], arrivals(), fps)).toEqual(["frame 3 comes after frame 5"]);
  });

  it("excuses what is next to a frame that came late, and nothing further away", () => {
    const late = arrivals(20, 300);
    expect(cadenceFaults([18, 19, 19, 19, 20, 24, 25], late, fps)).toEqual([]);
    expect(cadenceFaults([18, 19, 20, 21, 30], late, fps)).toHaveLength(4);
    expect(cadenceFaults(numbers(10), late, fps)).toEqual(["frame 10 is lost"]);
  });

  it("counts by the numbers where an arrival is not known", () => {
    const known = arrivals().filter(({ number }) => number % 3 === 0);
    expect(cadenceFaults(numbers(12), known, fps)).toEqual(["frame 12 is lost"]);
  });
});
