import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  descendantsOf,
  holdersOf,
  isGone,
  parseStat,
  pssBytes,
  readEnvironment,
  readProcess,
  type ProcessInfo,
} from "../../../server/process/process-table.js";

const fields =
  "S 24071 24070 24069 0 -1 4194304 101 0 0 0 7 5 0 0 20 0 1 0 155569 3133440 394 18446744073709551615 94124402794496";

function info(pid: number, parentPid: number): ProcessInfo {
  const rest = { name: "x", state: "S", groupId: pid, sessionId: pid, startTicks: 1, cpuTicks: 0, isKernel: false };
  return { pid, parentPid, ...rest };
}

describe("parseStat", () => {
  test("a plain line", () => {
    expect(parseStat(`24077 (cat) ${fields}\n`)).toEqual({
      pid: 24077,
      name: "cat",
      state: "S",
      parentPid: 24071,
      groupId: 24070,
      sessionId: 24069,
      startTicks: 155569,
      cpuTicks: 12,
      isKernel: false,
    });
  });

  test.each(["a b", "a) S 1 1 1", "(()", ")", "tmux: server (1", ""])("the name %j does not confuse it", (name) => {
    const parsed = parseStat(`7 (${name}) ${fields}`);
    expect(parsed).toMatchObject({ pid: 7, name, state: "S", startTicks: 155569 });
  });

  test("any name of the kernel's length is read back, and never shifts the fields", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), (name) => {
        expect(parseStat(`7 (${name}) ${fields}`)).toMatchObject({ name, parentPid: 24071, startTicks: 155569 });
      }),
    );
  });

  test("a thread of the kernel is told by its flag", () => {
    expect(parseStat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 0")?.isKernel).toBe(true);
  });

  test.each(["", "7", "7 (x", "7 (x) S", "garbage"])("%j is no such line", (line) => {
    expect(parseStat(line)).toBeNull();
  });
});

describe("descendantsOf", () => {
  test("finds all below at any depth, and nothing beside", () => {
    const table = [info(2, 1), info(3, 2), info(4, 3), info(5, 1), info(6, 4), info(7, 5)];
    const below = descendantsOf(2, table).map(({ pid }) => pid);
    expect(below.sort()).toEqual([3, 4, 6]);
  });

  test("ends, and names nobody twice, whatever the parents are", () => {
    const parents = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parents, (list) => {
        const below = descendantsOf(
          0,
          list.map((parent, index) => info(index, parent)),
        );
        expect(new Set(below).size).toBe(below.length);
      }),
    );
  });
});

test("a zombie is gone, a process in the kernel is not", () => {
  expect(isGone({ ...info(1, 1), state: "Z" })).toBe(true);
  expect(isGone({ ...info(1, 1), state: "D" })).toBe(false);
});

test("this very process: its numbers, memory, environment and open files", async () => {
  expect(readProcess(process.pid)).toMatchObject({ pid: process.pid, parentPid: process.ppid, isKernel: false });
  expect(await pssBytes([process.pid])).toBeGreaterThan(10_000_000);
  expect(readEnvironment(process.pid)?.some((entry) => entry.startsWith("PATH="))).toBe(true);
  const { holders } = await holdersOf(["/dev/null"]);
  expect(holders.map(({ pid }) => pid)).toContain(process.pid);
});

test("nobody holds a file that is not there, and no files have no holders", async () => {
  expect((await holdersOf(["/nowhere/at/all"])).holders).toEqual([]);
  expect(await holdersOf([])).toEqual({ holders: [], unreadable: false });
});

test("a process that has ended has no memory, and no number", async () => {
  expect(readProcess(2 ** 30)).toBeNull();
  expect(await pssBytes([2 ** 30])).toBe(0);
});
