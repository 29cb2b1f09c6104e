import { expect, test } from "vitest";
import { endingInKill, killLadder } from "../../../server/process/stop-ladder.js";

test("every ladder ends in SIGKILL, exactly once", () => {
  const gentle = [{ signal: "SIGINT", waitMs: 5 } as const];
  expect(endingInKill(gentle)).toEqual([...gentle, ...killLadder]);
  expect(endingInKill([])).toEqual(killLadder);
  expect(endingInKill(killLadder)).toBe(killLadder);
});
