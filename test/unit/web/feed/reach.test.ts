import { describe, expect, it } from "vitest";
import { check, reachAfter, unknownReach, type Reach } from "../../../../web/src/feed/reach.js";

describe("reach", () => {
  it("asks only when nothing came by itself since the last check", () => {
    const heard = reachAfter(unknownReach, "heard");
    const first = check(heard);
    expect(first.ask).toBe(false);
    expect(check(first.reach).ask).toBe(true);
  });

  it("counts misses in a row, and forgets them with the first answer (C2)", () => {
    let reach: Reach = unknownReach;
    for (let i = 1; i <= 3; i++) {
      reach = reachAfter(check(reach).reach, "unanswered");
      expect(reach.misses).toBe(i);
    }
    expect(reachAfter(reach, "heard")).toEqual({ heard: true, misses: 0 });
    expect(reachAfter(reach, "restarted")).toEqual(unknownReach);
  });
});
