/**
 * What the kernel says about processes, read from /proc. It owns nothing; every answer is of the moment it was asked.
 * The reads are synchronous: /proc lies in memory and never hangs the way a disk does.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Ticks of the CPU times in /proc: USER_HZ, which is 100 on every Linux that Node runs on (proc(5)). */
export const cpuTicksPerSecond = 100;

export interface ProcessInfo {
  readonly pid: number;
  /** Program name as the kernel keeps it: at most 15 characters, anything may stand in it. */
  readonly name: string;
  /** R running, S sleeping, D in the kernel and not to be killed, Z zombie, X dead, T stopped … (proc(5)). */
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  readonly sessionId: number;
  /** Start time in ticks since boot: with the boot id, it tells a process from a later one of the same number. */
  readonly startTicks: number;
  /** User and system time so far, in ticks. */
  readonly cpuTicks: number;
}

/** Reads one line of /proc/PID/stat; null when it is not one. */
export function parseStat(line: string): ProcessInfo | null {
  // The name stands in parentheses and may itself hold spaces and parentheses: only the last one closes it.
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  if (open < 1 || close < open) return null;
  const fields = line
    .slice(close + 2)
    .trim()
    .split(" ");
  const number = (field: number): number => Number(fields[field - 3]);
  const info: ProcessInfo = {
    pid: Number(line.slice(0, open)),
    name: line.slice(open + 1, close),
    state: fields[0] ?? "",
    parentPid: number(4),
    groupId: number(5),
    sessionId: number(6),
    startTicks: number(22),
    cpuTicks: number(14) + number(15),
  };
  return Number.isNaN(info.startTicks + info.cpuTicks + info.pid) ? null : info;
}

/** The process of that number, zombies too; null when there is none. */
export function readProcess(pid: number): ProcessInfo | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return null;
  }
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

/** Every process of the machine, zombies too. */
export function listProcesses(): ProcessInfo[] {
  return allPids().flatMap((pid) => readProcess(pid) ?? []);
}

/** A zombie holds no memory, file or device: it is gone, and only waits for its parent to look. */
export function isGone(process: ProcessInfo): boolean {
  return process.state === "Z" || process.state === "X" || process.state === "x";
}

/** The living members of a process group. */
export function groupMembers(groupId: number): ProcessInfo[] {
  return listProcesses().filter((process) => process.groupId === groupId && !isGone(process));
}

/** Whether the group has no living member. The usual case costs one system call; zombies need a look at the table. */
export function groupIsGone(groupId: number): boolean {
  try {
    process.kill(-groupId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return groupMembers(groupId).length === 0;
}

/** Sends a signal to every member of a group. That there is none, or none we may signal, shows in the table after it. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
