import type { ChildExit } from "./child.js";

/** How a program ended, in words for people: “exit code 1”, “SIGSEGV”, “killed by the kernel, out of memory”. */
export function exitWords({ code, signal, error, outOfMemory }: ChildExit): string {
  if (error !== undefined) return error.message;
  if (outOfMemory === true) return "killed by the kernel, out of memory";
  return signal ?? `exit code ${code ?? "unknown"}`;
}
