import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { cpuSecondsBetween, cpuTimesOf, OwnProcesses } from "../../../server/guard/resources/own-processes.js";
import type { ProcessInfo } from "../../../server/process/process-table.js";
import { until } from "../../support/until.js";

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

async function start(program: string, ...args: string[]): Promise<number> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  started.push(child);
  await once(child, "spawn");
  if (program === "sh") await once(child.stdout, "data");
  return child.pid ?? 0;
}

const pidsOf = (own: OwnProcesses): number[] => own.list().map(({ pid }) => pid);

test("this process, its children and theirs; nothing else", async () => {
  const parent = await start("sh", "-c", "sleep 60 & echo up; wait");
  const own = new OwnProcesses(process.pid, () => false);
  // The shell has forked, but its child may be a shell for a moment longer.
  const isThere = () => own.list().some(({ parentPid, name }) => parentPid === parent && name === "sleep");
  await until("the shell's child", 5000, isThere);
  const found = own.list();
  expect(found.map(({ pid }) => pid)).toContain(process.pid);
  expect(found.map(({ pid }) => pid)).toContain(parent);
  expect(found.every(({ pid }) => pid !== 1 && pid !== process.ppid)).toBe(true);
});

test("a child that comes later is found, one that went is left out", async () => {
  const own = new OwnProcesses(process.pid, () => false);
  own.list();
  const pid = await start("sleep", "60");
  expect(pidsOf(own)).toContain(pid);
  started[0]?.kill("SIGKILL");
  if (started[0]) await once(started[0], "exit");
  expect(pidsOf(own)).not.toContain(pid);
});

test("what stands apart is left out, with all below it", async () => {
  const apart = await start("sh", "-c", "sleep 60 & echo up; wait");
  const other = await start("sleep", "60");
  const found = new OwnProcesses(process.pid, (pid) => pid === apart).list();
  expect(found.some(({ pid, parentPid }) => pid === apart || parentPid === apart)).toBe(false);
  expect(found.map(({ pid }) => pid)).toContain(other);
});

function used(pid: number, startTicks: number, cpuTicks: number): ProcessInfo {
  const rest = { name: "x", state: "S", parentPid: 1, groupId: 1, sessionId: 1, isKernel: false };
  return { pid, startTicks, cpuTicks, ...rest };
}

test("CPU time between two moments: the old by their difference, the new whole, a reused number as new", () => {
  const before = cpuTimesOf([used(1, 10, 500), used(2, 10, 300), used(3, 10, 900)]);
  const after = cpuTimesOf([used(1, 10, 520), used(2, 99, 30), used(4, 50, 50)]);
  expect(cpuSecondsBetween(before, after)).toBe(1);
  expect(cpuSecondsBetween(after, after)).toBe(0);
});
