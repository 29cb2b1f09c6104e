import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { silentLog } from "../../../server/lib/log.js";
import { Child, type ChildOptions } from "../../../server/process/child.js";
import { isGone, readProcess } from "../../../server/process/process-table.js";

/** A child that runs a few lines of shell, as a tiny real program; the tests end it. */
export function tinyProgram(script: string, options: Partial<ChildOptions> = {}): Child {
  return new Child({ name: "tiny", program: "sh", args: ["-c", script], log: silentLog, ...options });
}

/** The next line that the program writes to its standard error. */
export async function nextLine(child: Child): Promise<string> {
  const [line] = (await once(child, "line")) as [string];
  return line;
}

/** Whether the operating system knows a process of that number that is no zombie. */
export function lives(pid: number): boolean {
  const process = readProcess(pid);
  return process !== null && !isGone(process);
}

/** Resolves when the condition holds; rejects when it does not within five seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`It did not happen: ${what}`);
    await wait(5);
  }
}
