import { readdirSync, readlinkSync } from "node:fs";
import { isGone, listProcesses, readEnvironment, type ProcessInfo } from "../../server/process/process-table.js";

/** Environment variable that everything a test starts inherits. */
export const testMarker = "SMART_TOGGLE_TEST_MARKER";

/**
 * Living processes that carry the marker, or work in one of the folders or hold a file there: NGINX writes its title
 * over its environment, but holds its logs open.
 */
export function markedProcesses(marker: string, folders: readonly string[]): ProcessInfo[] {
  return listProcesses().filter(
    (one) =>
      !one.isKernel &&
      !isGone(one) &&
      one.pid !== process.pid &&
      (readEnvironment(one.pid)?.includes(`${testMarker}=${marker}`) === true || linksInto(one.pid, folders)),
  );
}

function linksInto(pid: number, folders: readonly string[]): boolean {
  return ["cwd", ...descriptors(pid)].some((link) => {
    const target = readOr(() => readlinkSync(`/proc/${pid}/${link}`), "");
    return folders.some((folder) => target.startsWith(`${folder}/`) || target === folder);
  });
}

function descriptors(pid: number): string[] {
  return readOr(() => readdirSync(`/proc/${pid}/fd`), []).map((name) => `fd/${name}`);
}

/** A process can end while it is looked at. */
function readOr<Value>(read: () => Value, fallback: Value): Value {
  try {
    return read();
  } catch {
    return fallback;
  }
}
