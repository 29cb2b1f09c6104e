import { readFileSync } from "node:fs";

/**
 * How many processes the kernel has killed since its start because memory ran out, those of a memory limit (cgroup)
 * among them; null where it does not say (proc_vmstat, Linux 4.13 and later).
 */
export function oomKills(): number | null {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "latin1")) ?? [];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
