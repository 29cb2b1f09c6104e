import { markerVariable } from "./child-records.js";
import { holdersOf, readEnvironment, readProcess, type Holders } from "./process-table.js";

/** A program that has a device open. */
export interface DeviceHolder {
  readonly pid: number;
  readonly name: string;
  /** A controller of Smart Toggle started it. */
  readonly isOurs: boolean;
}

export interface DeviceHolders {
  readonly holders: readonly DeviceHolder[];
  /** Whether some process could not be looked into, so that an empty list proves nothing. */
  readonly unreadable: boolean;
}

/** Who has these devices open. Without root, the processes of other users cannot be looked into. */
export async function deviceHolders(paths: readonly string[]): Promise<DeviceHolders> {
  const { holders, unreadable } = await holdersOf(paths);
  return { holders: holders.map(({ pid, name }) => ({ pid, name, isOurs: isOurs(pid) })), unreadable };
}

/** The same without the programs that this very process has started. */
export async function otherHolders(paths: readonly string[]): Promise<Holders> {
  const { holders, unreadable } = await holdersOf(paths);
  return { holders: holders.filter(({ pid }) => !isBelow(pid, process.pid)), unreadable };
}

function isOurs(pid: number): boolean {
  return readEnvironment(pid)?.some((variable) => variable.startsWith(`${markerVariable}=`)) === true;
}

/** Whether a process descends from another one, or is it. */
function isBelow(pid: number, ancestor: number): boolean {
  for (let next = pid; next > 0; next = readProcess(next)?.parentPid ?? 0) if (next === ancestor) return true;
  return false;
}
