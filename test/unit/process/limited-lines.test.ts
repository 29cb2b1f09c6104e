import { describe, expect, it } from "vitest";
import { LimitedLines } from "../../../server/process/limited-lines.js";

describe("lines of a program", () => {
  it("are logged so many times a minute, and what was left out is told", () => {
    const said: string[] = [];
    const clock = { nowMs: 0, monotonicMs: () => clock.nowMs };
    const lines = new LimitedLines({ most: 3, clock, log: { warn: (line: string) => said.push(line) } });
    for (let n = 0; n < 10; n++) lines.warn(`line ${n}`);
    expect(said).toEqual(["line 0", "line 1", "line 2", "further lines of this minute are not logged"]);
    clock.nowMs = 60_001;
    lines.warn("another");
    expect(said.slice(4)).toEqual(["7 lines of the minute before were not logged", "another"]);
    clock.nowMs = 120_002;
    lines.warn("one more");
    expect(said.slice(6)).toEqual(["one more"]);
  });
});
