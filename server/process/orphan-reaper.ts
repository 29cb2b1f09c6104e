/**
 * Removes, at the start, what a killed controller left behind (I5). It kills only what is proven ours: the same boot,
 * and either the recorded group with the recorded start time of its leader, or a process that carries the marker.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "../lib/log.js";
import { ChildRecords, markerVariable, readBootId, type ChildRecord } from "./child-records.js";
import { isGone, listProcesses, readEnvironment, readProcess, readProgram, type ProcessInfo } from "./process-table.js";
import { killWaitMs } from "./stop-ladder.js";

export interface ReapReport {
  readonly killed: readonly ProcessInfo[];
  /** What outlived SIGKILL; its record is kept for the next start. */
  readonly stuck: readonly ProcessInfo[];
}

/** The state of the machine at one moment. */
export interface ProcessView {
  readonly bootId: string;
  readonly table: readonly ProcessInfo[];
  readonly environment: (pid: number) => string[] | null;
  readonly program: (pid: number) => string | null;
}

const pollMs = 10;

/** The processes that are proven to belong to this record, zombies apart. Pure but for what the view asks. */
export function belongingTo(record: ChildRecord, view: ProcessView): ProcessInfo[] {
  if (record.bootId !== view.bootId) return [];
  const living = view.table.filter((one) => !isGone(one) && !one.isKernel);
  const group = living.filter((one) => one.groupId === record.groupId);
  const marked = living.filter((one) => view.environment(one.pid)?.includes(`${markerVariable}=${record.marker}`));
  // A group's number is never given away while it has a member: one proven member proves the group.
  const proven = leaderMatches(record, view) || group.some((one) => marked.includes(one) || isFork(record, one, view));
  return proven ? [...new Set([...group, ...marked])] : marked;
}

function leaderMatches(record: ChildRecord, { table }: ProcessView): boolean {
  const leader = table.find((one) => one.pid === record.groupId);
  return leader !== undefined && leader.groupId === leader.pid && leader.startTicks === record.startTicks;
}

/**
 * NGINX writes its title over its environment, so its workers carry no marker. Where the master is gone, one is known
 * by the session it was born in, its program and its age.
 */
function isFork(record: ChildRecord, one: ProcessInfo, { table, environment, program }: ProcessView): boolean {
  const leaderIsGone = table.every(({ pid }) => pid !== record.groupId);
  const isYounger = record.startTicks !== null && one.startTicks >= record.startTicks;
  const isWiped = (environment(one.pid) ?? []).every((entry) => !entry.includes("="));
  return (
    leaderIsGone && isYounger && isWiped && one.sessionId === record.groupId && program(one.pid) === record.program
  );
}

/** Whether this very process, and not a later one of its number, still lives. */
function stillLives({ pid, startTicks }: ProcessInfo): boolean {
  const now = readProcess(pid);
  return now !== null && now.startTicks === startTicks && !isGone(now);
}

function kill(one: ProcessInfo): void {
  if (one.pid === process.pid || !stillLives(one)) return;
  try {
    process.kill(one.pid, "SIGKILL");
  } catch {
    // It ended at this moment, or belongs to another user: whether it lives is asked next.
  }
}

async function killAll(found: readonly ProcessInfo[]): Promise<ProcessInfo[]> {
  found.forEach(kill);
  const deadlineMs = performance.now() + killWaitMs;
  while (found.some(stillLives) && performance.now() < deadlineMs) await wait(pollMs);
  return found.filter(stillLives);
}

/**
 * Ends every process that the records in this folder prove to be a leftover, and forgets those records. Call it before
 * the first child is spawned, and only while no other controller uses the folder.
 */
export async function reapOrphans(directory: string, log: Log): Promise<ReapReport> {
  const records = new ChildRecords(directory);
  const view = { bootId: readBootId(), table: listProcesses(), environment: readEnvironment, program: readProgram };
  const killed: ProcessInfo[] = [];
  const stuck: ProcessInfo[] = [];
  for (const record of records.all()) {
    const found = belongingTo(record, view).filter(({ pid }) => pid !== process.pid);
    const left = await killAll(found);
    if (left.length === 0) records.forget(record.marker);
    if (found.length > 0) log.warn("ended a leftover of a killed controller", { child: record.name, found, left });
    killed.push(...found.filter((one) => !left.includes(one)));
    stuck.push(...left);
  }
  return { killed, stuck };
}
