import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LostFrames } from "../../../server/stream/lost-frames.js";

/** One part of six frames each: what was written by then, given the pipeline's depth, what it lost, and noise. */
function feed(lost: LostFrames, parts: number, lagOf: (part: number) => number, backlogBytes = 0): number {
  let told = 0;
  for (let part = 1; part <= parts; part++) {
    const framesPublished = part * 6;
    told += lost.onPart({ framesWritten: framesPublished + lagOf(part), framesPublished, backlogBytes });
  }
  return told;
}

describe("LostFrames", () => {
  it("says nothing of a steady pipeline, whatever its depth and its slow moments", () => {
    const noise = fc.array(fc.nat(20), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(fc.nat(10), noise, (depth, late) => {
        // Within five seconds there is always a part that came without delay.
        const lag = (part: number): number => depth + (part % 20 === 0 ? 0 : (late[part] ?? 0));
        expect(feed(new LostFrames(), 100, lag)).toBe(0);
      }),
    );
  });

  it("tells each lost frame once", () => {
    const lost = new LostFrames();
    expect(feed(lost, 90, (part) => 2 + (part > 30 ? 1 : 0) + (part > 45 ? 4 : 0))).toBe(5);
  });

  it("tells it within five seconds", () => {
    const lost = new LostFrames();
    expect(feed(lost, 50, () => 2)).toBe(0);
    expect(feed(lost, 25, () => 5)).toBe(3);
  });

  it("takes back what only was late", () => {
    const lost = new LostFrames();
    expect(feed(lost, 30, (part) => (part > 3 ? 9 : 2))).toBe(7);
    expect(feed(lost, 30, () => 2)).toBe(-7);
  });

  it("judges nothing while the encoder does not keep up", () => {
    expect(feed(new LostFrames(), 40, (part) => part, 1)).toBe(0);
  });
});
