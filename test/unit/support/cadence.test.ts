import { describe, expect, it } from "vitest";
import { cadenceFaults, type Arrival } from "../../support/cadence.js";

const fps = 10;
/** Frames 1 to 100, ten a second; from `late` on so many milliseconds later. */
const arrivals = (late = Infinity, ms = 0): Arrival[] =>
  Array.from({ length: 100 }, (_, index) => ({ number: index + 1, atMs: index * 100 + (index + 1 >= late ? ms : 0) }));
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
    const late = arrivals().map((one) => (one.number === 20 ? { ...one, atMs: one.atMs + 60 } : one));
    expect(cadenceFaults([18, 19, 19, 20, 22], late, fps)).toEqual([]);
    expect(cadenceFaults([18, 19, 20, 21, 30], late, fps)).toHaveLength(6);
    expect(cadenceFaults(numbers(10), late, fps)).toEqual(["frame 10 is lost"]);
  });

  it("excuses what is next to a stop of the camera, after which it goes on at other moments", () => {
    const stopped = arrivals(20, 530);
    expect(cadenceFaults([...numbers(21, 22, 23, 24, 25)], stopped, fps)).toEqual([]);
    expect(cadenceFaults(numbers(8, 90), stopped, fps)).toEqual(["frame 8 is lost", "frame 90 is lost"]);
  });

  it("adds up small delays", () => {
    const behindMs = (number: number): number => (number < 60 ? Math.max(0, number - 20) * 5 : 0);
    const slower = arrivals().map(({ number, atMs }) => ({ number, atMs: atMs + behindMs(number) }));
    expect(cadenceFaults([40, 41, 41, 42], slower, fps)).toEqual([]);
    expect(cadenceFaults([57, 58, 59, 62, 63], slower, fps)).toEqual([]);
    expect(cadenceFaults([20, 20, 70, 70], slower, fps)).not.toEqual([]);
  });

  it("counts by the numbers where an arrival is not known", () => {
    const known = arrivals().filter(({ number }) => number % 3 === 0);
    expect(cadenceFaults(numbers(12), known, fps)).toEqual(["frame 12 is lost"]);
  });
});
