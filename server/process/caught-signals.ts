import { readFileSync } from "node:fs";
import { constants } from "node:os";

/**
 * Whether a process has a handler for a signal at this moment, as the kernel says: one that has none is killed by most
 * signals. False when it is gone or may not be looked at.
 */
export function catchesSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}
