/**
 * A memory limit of the kernel (cgroup, version 1 or 2) around some processes. Needs root and a machine that lets us make
 * one. Whoever makes it closes it, when nothing of it runs any more.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

const roots = [
  { folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes" },
  { folder: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current" },
];

export class MemoryLimit {
  readonly #folder: string;
  readonly #limit: string;
  readonly #usage: string;

  /** Null where this machine does not let us. */
  static open(): MemoryLimit | null {
    for (const { folder, limit, usage } of roots) {
      const own = join(folder, `smart-toggle-test-${randomUUID().slice(0, 8)}`);
      try {
        mkdirSync(own);
        if (existsSync(join(own, limit))) return new MemoryLimit(own, limit, usage);
        rmdirSync(own);
      } catch {
        // Not here; perhaps at the next one.
      }
    }
    return null;
  }

  private constructor(folder: string, limit: string, usage: string) {
    this.#folder = folder;
    this.#limit = limit;
    this.#usage = usage;
  }

  /** Takes this process in, and all that it starts from now on. */
  add(pid: number): void {
    writeFileSync(join(this.#folder, "cgroup.procs"), pid.toString());
  }

  get usageBytes(): number {
    return Number(readFileSync(join(this.#folder, this.#usage), "latin1"));
  }

  set limitBytes(bytes: number) {
    writeFileSync(join(this.#folder, this.#limit), bytes.toString());
  }

  close(): void {
    rmdirSync(this.#folder);
  }
}

/** Makes it the one that the kernel kills first when memory runs out (proc_pid_oom_score_adj). */
export function killFirst(pid: number): void {
  writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
}
