import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { silentLog } from "../../../server/lib/log.js";
import { ChildRecords } from "../../../server/process/child-records.js";
import { Child, type ChildOptions } from "../../../server/process/child.js";
import {
  groupMembers,
  listProcesses,
  readEnvironment,
  readProcess,
  signalGroup,
} from "../../../server/process/process-table.js";
import type { StopLadder } from "../../../server/process/stop-ladder.js";
import { spawnController } from "./controller.js";
import { lives, nextLine, tinyProgram, until } from "./tiny-program.js";

const ladder: StopLadder = [
  { signal: "SIGINT", waitMs: 400 },
  { signal: "SIGTERM", waitMs: 400 },
];
const endless = { name: "long", program: "sh", args: ["-c", "trap '' INT; echo up >&2; while :; do sleep 1; done"] };
const children: Child[] = [];

function start(script: string, options: Partial<ChildOptions> = {}): Child {
  const child = tinyProgram(script, options);
  children.push(child);
  return child;
}

function pidOf(child: Child): number {
  if (child.pid === undefined) throw new Error("It was not spawned.");
  return child.pid;
}

let records: ChildRecords;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "child-"));
  records = new ChildRecords(folder);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    await child.stop("end of the test", []);
    expect(child.pid === undefined ? [] : groupMembers(child.pid)).toEqual([]);
  }
  rmSync(folder, { recursive: true });
});

test("input, output, error lines, code: nothing is lost, also of a program that ends at once", async () => {
  const child = start("echo one >&2; cat; printf two >&2; exit 3", { stdin: "pipe", stdout: "pipe" });
  const lines: string[] = [];
  child.on("line", (line) => lines.push(line));
  child.stdin.end("hello");
  let output = "";
  for await (const piece of child.stdout) output += String(piece);
  expect(await child.exited).toEqual({ code: 3, signal: null, reason: null });
  expect(output).toBe("hello");
  expect(lines).toEqual(["one", "two"]);
  expect(child.recentLines).toEqual(["one", "two"]);
});

test("the process number is the program's own, in a group and session of its own", async () => {
  const child = start("echo up >&2; exec sleep 60");
  await nextLine(child);
  await until(() => readProcess(pidOf(child))?.name === "sleep", "setpriv and the shell have become sleep");
  expect(readProcess(pidOf(child))).toMatchObject({ groupId: child.pid, sessionId: child.pid, parentPid: process.pid });
});

test("I6 a gentle stop: the first reason stands, all callers get the same report", async () => {
  const child = start("trap 'exit 0' INT; echo up >&2; while :; do sleep 0.01; done");
  await nextLine(child);
  const [first, second] = await Promise.all([child.stop("switch", ladder), child.stop("shutdown", [])]);
  expect(first).toMatchObject({ gone: true, lastSignal: "SIGINT", stuck: [] });
  expect(second).toBe(first);
  expect(await child.exited).toEqual({ code: 0, signal: null, reason: "switch" });
  expect(child.groupIsGone()).toBe(true);
});

test("ignores SIGINT: SIGTERM ends it", async () => {
  const child = start("trap '' INT; echo up >&2; while :; do sleep 0.01; done");
  await nextLine(child);
  const report = await child.stop("test", ladder);
  expect(report).toMatchObject({ gone: true, lastSignal: "SIGTERM" });
  expect(report.ms).toBeGreaterThanOrEqual(400);
});

test("ignores SIGINT and SIGTERM: SIGKILL ends it, though the ladder does not name it", async () => {
  const child = start("trap '' INT TERM; echo up >&2; while :; do sleep 0.01; done");
  await nextLine(child);
  expect(await child.stop("test", ladder)).toMatchObject({ gone: true, lastSignal: "SIGKILL" });
  expect(await child.exited).toMatchObject({ signal: "SIGKILL", reason: "test" });
});

test("a stopped (suspended) program is ended too", async () => {
  const child = start("echo up >&2; kill -STOP $$; sleep 60");
  await nextLine(child);
  await until(() => readProcess(pidOf(child))?.state === "T", "it is suspended");
  expect(await child.stop("test", [{ signal: "SIGINT", waitMs: 100 }])).toMatchObject({ gone: true });
});

test("a grandchild that ignores SIGINT goes with the group, after its leader", async () => {
  const child = start("(trap '' INT; echo $$ >&2; exec sleep 60) & trap 'exit 0' INT; wait");
  await nextLine(child);
  await until(() => groupMembers(pidOf(child)).some(({ name }) => name === "sleep"), "the grandchild runs");
  const report = await child.stop("test", ladder);
  expect(report).toMatchObject({ gone: true, lastSignal: "SIGTERM" });
  expect(groupMembers(pidOf(child))).toEqual([]);
});

test("a leader that ends by itself takes the rest of its group along", async () => {
  const child = start("sleep 60 & echo up >&2; exit 7");
  expect(await child.exited).toEqual({ code: 7, signal: null, reason: null });
  expect(groupMembers(pidOf(child))).toEqual([]);
  expect(await child.stop("late", ladder)).toMatchObject({ gone: true });
  expect((await child.exited).reason).toBeNull();
});

test("a zombie kept in the group by a parent outside of it counts as gone", async () => {
  // The short `sleep` ends in the group; its parent has left it by `setsid` before, lives on and never asks for it.
  const child = start("(sleep 0.5 & sh -c 'echo $PPID' >&2; exec setsid sleep 60) & exec sleep 60");
  const keeper = Number(await nextLine(child));
  const isZombieThere = (): boolean =>
    listProcesses().some(
      ({ groupId, parentPid, state }) => groupId === child.pid && parentPid === keeper && state === "Z",
    );
  try {
    await until(() => readProcess(keeper)?.sessionId === keeper && isZombieThere(), "only the zombie is left behind");
    expect(await child.stop("test", ladder)).toMatchObject({ gone: true, lastSignal: "SIGINT" });
    expect(isZombieThere()).toBe(true);
    // The keeper holds standard error open as well: that does not keep the end from being told.
    expect(await child.exited).toMatchObject({ signal: "SIGINT" });
  } finally {
    process.kill(keeper, "SIGKILL");
  }
});

test("blocked on an output that nobody reads, it cannot hear SIGINT: the output is read and discarded", async () => {
  const script = `
    process.on("SIGINT", () => process.exit(5));
    setInterval(() => require("node:fs").writeSync(1, Buffer.alloc(1_000_000)), 1);
    console.error("up");`;
  const child = start("", { program: process.execPath, args: ["-e", script], stdout: "pipe" });
  await nextLine(child);
  await until(() => child.stdout.readableLength > 0, "it has written");
  expect(await child.stop("test", [{ signal: "SIGINT", waitMs: 3000 }])).toMatchObject({ lastSignal: "SIGINT" });
  expect(await child.exited).toMatchObject({ code: 5 });
});

test("standard error is read without any listener: a program that fills it is not held up", async () => {
  const child = start("head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; exit 4");
  expect(await child.exited).toMatchObject({ code: 4 });
});

test("writing to a program that has ended raises nothing", async () => {
  const child = start("exit 0", { stdin: "pipe" });
  await child.exited;
  child.stdin.write("late");
  child.stdin.end();
  await once(child.stdin, "close");
});

test("it can be stopped at the moment it is spawned", async () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const child = start("sleep 60");
    expect(await child.stop("at once", ladder)).toMatchObject({ gone: true });
    expect(await child.exited).toMatchObject({ reason: "at once" });
  }
});

test("a missing program is told, nothing is thrown, and stop finds nothing to do", async () => {
  const child = new Child({ name: "none", program: "no-such-program", args: [], records, log: silentLog });
  expect(child.pid).toBeUndefined();
  expect(await child.stop("test", ladder)).toMatchObject({ gone: true, lastSignal: null, stuck: [] });
  expect(await child.exited).toMatchObject({ code: null, reason: null, error: { code: "programMissing" } });
  for await (const piece of child.stdout) expect.unreachable(String(piece));
  child.stdin.end("ignored");
  expect(records.all()).toEqual([]);
});

test("a folder that does not exist is told too", async () => {
  const child = start("true", { cwd: "/nowhere/at/all", records });
  expect(await child.exited).toMatchObject({ code: null, error: { code: "internal" } });
  expect(records.all()).toEqual([]);
});

test("I5 it is on record while it lives, marked in its environment, and forgotten when gone", async () => {
  const child = start("echo up >&2; exec sleep 60", { records });
  await nextLine(child);
  const [record] = records.all();
  expect(record).toMatchObject({ name: "tiny", groupId: child.pid, controllerPid: process.pid });
  expect(record?.startTicks).toBe(readProcess(pidOf(child))?.startTicks);
  expect(readEnvironment(pidOf(child))).toContain(`SMART_TOGGLE_CHILD=${record?.marker ?? ""}`);
  await child.stop("test", ladder);
  await child.exited;
  expect(readdirSync(folder)).toEqual([]);
});

test("I5 kill -9 of the controller ends its children: none lives afterwards", async () => {
  const controller = spawnController(
    ["SIGKILL", "SIGKILL", "SIGTERM"].map((deathSignal) => ({ ...endless, deathSignal })),
  );
  const pids = await controller.pids;
  try {
    expect(pids.every(lives)).toBe(true);
    controller.kill();
    await until(() => !pids.some(lives), "the kernel has ended them");
  } finally {
    for (const pid of pids) signalGroup(pid, "SIGKILL");
  }
});

test("I5 a child whose number cannot be recorded, for want of room, is ours all the same", async () => {
  vi.spyOn(records, "spawned").mockImplementation(() => {
    throw new Error("ENOSPC: no space left on device");
  });
  const child = start("echo up >&2; exec sleep 60", { records });
  await nextLine(child);
  expect(lives(pidOf(child))).toBe(true);
  expect(records.all()).toMatchObject([{ groupId: null }]);
  expect(await child.stop("test", ladder)).toMatchObject({ gone: true });
  await child.exited;
  expect(records.all()).toEqual([]);
});
