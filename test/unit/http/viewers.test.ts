import { describe, expect, it } from "vitest";
import { ViewerCounter } from "../../../server/http/viewers.js";

describe("the count of viewers", () => {
  it("knows each once, for five seconds", () => {
    let nowMs = 0;
    const viewers = new ViewerCounter({ monotonicMs: () => nowMs });
    viewers.saw("a");
    viewers.saw("a");
    nowMs = 3000;
    viewers.saw("b");
    nowMs = 5000;
    expect(viewers.count).toBe(2);
    nowMs = 5001;
    expect(viewers.count).toBe(1);
  });

  it("includes those whom others know of", () => {
    const viewers = new ViewerCounter({ monotonicMs: () => 0 });
    let others = 2;
    viewers.alsoCount(() => others);
    viewers.saw("a");
    expect(viewers.count).toBe(3);
    others = 0;
    expect(viewers.count).toBe(1);
  });

  it("is bounded, and counts on when room is made", () => {
    let nowMs = 0;
    const viewers = new ViewerCounter({ monotonicMs: () => nowMs });
    for (let n = 0; n < 5000; n++) viewers.saw(`viewer ${n}`);
    expect(viewers.count).toBe(2000);
    nowMs = 6000;
    viewers.saw("late");
    expect(viewers.count).toBe(1);
  });
});
