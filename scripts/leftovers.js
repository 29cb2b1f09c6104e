/** Processes that outlive the tests: found by the folder of temporary files that all tests share, named and ended. */
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What outlives the tests by three seconds is left over; ends it and returns it. */
export async function endLeftovers(scratch) {
  const untilMs = performance.now() + 3000;
  while (leftovers(scratch).length > 0 && performance.now() < untilMs) await delay(100);
  const found = leftovers(scratch);
  for (const { pid } of found) readOr(() => process.kill(pid, "SIGKILL"), false);
  return found;
}

/** Processes that were started by the tests and live: by their environment, their folder or a file they hold open. */
function leftovers(scratch) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentNames(pid, scratch) || linksInto(pid, scratch))
    .map((pid) => ({ pid: Number(pid), command: commandLine(pid) }));
}

function environmentNames(pid, scratch) {
  return readOr(() => readFileSync(`/proc/${pid}/environ`, "latin1").includes(scratch), false);
}

/** NGINX overwrites its environment, but holds its logs open. */
function linksInto(pid, scratch) {
  const descriptors = readOr(() => readdirSync(`/proc/${pid}/fd`).map((fd) => `fd/${fd}`), []);
  return ["cwd", ...descriptors].some((link) =>
    readOr(() => readlinkSync(`/proc/${pid}/${link}`).startsWith(scratch), false),
  );
}

function commandLine(pid) {
  return readOr(() => readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim(), "");
}

/** A process can end while it is looked at, or belong to someone else. */
function readOr(read, fallback) {
  try {
    return read();
  } catch {
    return fallback;
  }
}
