/**
 * What the kernel says about processes, read from /proc. It owns nothing; every answer is of the moment it was asked.
 * The reads are synchronous: /proc lies in memory and never hangs the way a disk does.
 */
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";

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
  /** A thread of the kernel: it has no memory, environment or files of its own. */
  readonly isKernel: boolean;
}

/** PF_KTHREAD of the kernel's include/linux/sched.h. */
const kernelThreadFlag = 0x00200000;

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
    isKernel: (number(9) & kernelThreadFlag) !== 0,
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

/** Numbers of all processes of the machine. */
export function listPids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

/** Every process of the machine, zombies too. */
export function listProcesses(): ProcessInfo[] {
  return listPids().flatMap((pid) => readProcess(pid) ?? []);
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

/** The processes below this one, at any depth, zombies too; the process itself is not among them. */
export function descendantsOf(pid: number, processes: readonly ProcessInfo[]): ProcessInfo[] {
  const children = new Map<number, ProcessInfo[]>();
  for (const process of processes) {
    const siblings = children.get(process.parentPid);
    if (siblings === undefined) children.set(process.parentPid, [process]);
    else siblings.push(process);
  }
  const found: ProcessInfo[] = [];
  const pending = [pid];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const below = children.get(next) ?? [];
    children.delete(next); // A table read while numbers change hands may hold a circle.
    found.push(...below);
    pending.push(...below.map((child) => child.pid));
  }
  return found;
}

/** Its environment as it was at its start, one NAME=value each; null when it may not be read or has none any more. */
export function readEnvironment(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").filter(Boolean);
  } catch {
    return null;
  }
}

/** Path of the program it runs; null when it may not be read. */
export function readProgram(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

/**
 * Proportional set size of all of them together, in bytes: shared pages count once. A process that has ended counts 0;
 * null when one of them may not be read. Read beside the loop, because the kernel walks over all their pages.
 */
export async function pssBytes(pids: readonly number[]): Promise<number | null> {
  let total = 0;
  for (const pid of pids) {
    try {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "latin1");
      total += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
    } catch (error) {
      if (!hasEnded(error)) return null;
    }
  }
  return total;
}

export interface Holders {
  /** Processes that hold one of the files open. */
  readonly holders: readonly ProcessInfo[];
  /** Whether some process could not be looked into, so that an empty list proves nothing. */
  readonly unreadable: boolean;
}

/** Processes looked into before the loop has its turn again: a look at all takes about 10 ms. */
const looksAtOnce = 8;

/**
 * Who holds these files or devices open. Only the links in /proc are read, the files never touched: the status of a
 * file on a dead NAS would hang. Without root, the processes of other users cannot be looked into.
 */
export async function holdersOf(paths: readonly string[]): Promise<Holders> {
  const wanted = new Set(paths.map(resolved));
  const processes = wanted.size === 0 ? [] : listProcesses().filter((one) => !one.isKernel && !isGone(one));
  const holders: ProcessInfo[] = [];
  let unreadable = false;
  for (const [index, process] of processes.entries()) {
    if (index % looksAtOnce === looksAtOnce - 1) await setImmediate();
    const files = openFiles(process.pid);
    if (files === null) unreadable = true;
    else if (files.some((file) => wanted.has(file))) holders.push(process);
  }
  return { holders, unreadable };
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Targets of a process's descriptors; none when it ended meanwhile; null when they may not be read. */
function openFiles(pid: number): string[] | null {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((descriptor) => {
      try {
        return [readlinkSync(`${folder}/${descriptor}`)];
      } catch {
        return []; // Closed since the folder was read.
      }
    });
  } catch (error) {
    return hasEnded(error) ? [] : null;
  }
}

function hasEnded(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ESRCH";
}
