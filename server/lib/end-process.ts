import { setTimeout as wait } from "node:timers/promises";

/** How long file calls that are under way may take; one that hangs (a dead network disk, a driver) never ends. */
const patienceMs = 300;

function fileCalls(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));
}

/**
 * Ends this process, also while a file call hangs: `process.exit` waits for Node's threads for ever then, and no timer
 * runs any more (libuv joins its pool). Such a process ends by a signal instead, which waits for nothing: by SIGTERM in
 * place of exit code 0, for that counts as an end in order, else by SIGKILL.
 */
export async function endProcess(code: number): Promise<never> {
  const deadlineMs = performance.now() + patienceMs;
  while (fileCalls() && performance.now() < deadlineMs) await wait(10);
  if (fileCalls()) {
    process.removeAllListeners("SIGTERM");
    process.kill(process.pid, code === 0 ? "SIGTERM" : "SIGKILL");
  }
  process.exit(code);
}
