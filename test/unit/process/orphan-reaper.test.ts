import { describe, expect, test } from "vitest";
import { markerVariable, type ChildRecord } from "../../../server/process/child-records.js";
import { belongingTo, type ProcessView } from "../../../server/process/orphan-reaper.js";
import type { ProcessInfo } from "../../../server/process/process-table.js";

const marker = "5f0c6f43-5c0f-4c55-a1b5-d1e0c2f0c7a1";
const record: ChildRecord = {
  marker,
  name: "nginx",
  program: "/usr/sbin/nginx",
  bootId: "boot",
  controllerPid: 50,
  groupId: 100,
  startTicks: 1000,
};

function one(pid: number, changes: Partial<ProcessInfo> = {}): ProcessInfo {
  const base = { name: "nginx", state: "S", parentPid: 1, groupId: 100, sessionId: 100, startTicks: 1000, cpuTicks: 0 };
  return { ...base, isKernel: false, pid, ...changes };
}

interface Machine {
  readonly table: readonly ProcessInfo[];
  readonly bootId?: string;
  readonly environments?: Readonly<Record<number, string[]>>;
  readonly programs?: Readonly<Record<number, string>>;
}

function found(machine: Machine, changes: Partial<ChildRecord> = {}): number[] {
  const view: ProcessView = {
    bootId: machine.bootId ?? "boot",
    table: machine.table,
    environment: (pid) => machine.environments?.[pid] ?? null,
    program: (pid) => machine.programs?.[pid] ?? null,
  };
  return belongingTo({ ...record, ...changes }, view).map(({ pid }) => pid);
}

const marked = [`PATH=/bin`, `${markerVariable}=${marker}`];
const foreign = ["PATH=/bin"];

describe("what is ours", () => {
  test("the leader with the recorded start, and its whole group", () => {
    expect(found({ table: [one(100), one(101, { startTicks: 1001 }), one(102, { groupId: 102 })] })).toEqual([
      100, 101,
    ]);
  });

  test("the group of a leader that is a zombie, but not the zombie", () => {
    expect(found({ table: [one(100, { state: "Z" }), one(101)] })).toEqual([101]);
  });

  test("a group without leader, by a member that carries the marker", () => {
    const environments = { 101: marked, 102: foreign };
    expect(found({ table: [one(101), one(102)], environments })).toEqual([101, 102]);
  });

  test("a group without leader, by a fork that wiped its environment", () => {
    const programs = { 101: "/usr/sbin/nginx" };
    expect(found({ table: [one(101)], environments: { 101: ["nginx: worker process"] }, programs })).toEqual([101]);
  });

  test("a process that left the group but carries the marker", () => {
    expect(found({ table: [one(300, { groupId: 300, sessionId: 300 })], environments: { 300: marked } })).toEqual([
      300,
    ]);
  });

  test("a process of a controller that died before it knew the number", () => {
    const machine = { table: [one(100)], environments: { 100: marked } };
    expect(found(machine, { groupId: null, startTicks: null })).toEqual([100]);
  });
});

describe("what is not", () => {
  test("anything of another boot", () => {
    expect(found({ table: [one(100)], bootId: "other", environments: { 100: marked } })).toEqual([]);
  });

  test("a later process of the same number, and its group", () => {
    const environments = { 100: foreign, 101: foreign };
    expect(found({ table: [one(100, { startTicks: 2000 }), one(101)], environments })).toEqual([]);
  });

  test("a process of that number and start that belongs to a group of another", () => {
    expect(found({ table: [one(100, { groupId: 99 })], environments: { 100: foreign } })).toEqual([]);
  });

  test.each<[string, Partial<ProcessInfo>, string[], string]>([
    ["of another program", {}, [], "/usr/bin/other"],
    ["of another session", { sessionId: 7 }, [], "/usr/sbin/nginx"],
    ["older than the record", { startTicks: 999 }, [], "/usr/sbin/nginx"],
    ["with an environment of its own", {}, foreign, "/usr/sbin/nginx"],
  ])("a member of a group without leader %s", (_, changes, environment, program) => {
    const machine = { table: [one(101, changes)], environments: { 101: environment }, programs: { 101: program } };
    expect(found(machine)).toEqual([]);
  });

  test("a marker of another child", () => {
    const other = [`${markerVariable}=00000000-0000-4000-8000-000000000000`];
    expect(found({ table: [one(101)], environments: { 101: other } })).toEqual([]);
  });
});
