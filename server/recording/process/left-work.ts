/**
 * Whether the recorder process has something to do that nobody asks for: cheap looks, for which no process is started.
 * They are asked of the state folder. The recordings' own folder is looked into only where the state says nothing at all,
 * once in a run and not for long: its disk may hang.
 */
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { catalogueFile } from "../catalogue/open-catalogue.js";
import type { RecorderConfig } from "../messages.js";
import { folderMemory } from "../storage/recordings-folder.js";
import { readSettledMark } from "../storage/settled-mark.js";

const patienceMs = 1000;

/** At the start of the service: a former run did not finish all, something is due, or nobody knows. Never rejects. */
export async function leftWork(config: RecorderConfig, nowMs: number): Promise<boolean> {
  const { state, directory, memoryDirectory, retention } = config;
  const mark = await readSettledMark(state);
  const hasCatalogue = await isThere(join(state, catalogueFile));
  const isSame = mark?.directory === directory && mark.keepDays === retention.keepDays;
  if (isSame && hasCatalogue) return mark.dueAtMs !== null && mark.dueAtMs <= nowMs;
  if (mark !== null || hasCatalogue || (await isThere(join(state, folderMemory)))) return true;
  const late = wait(patienceMs, true, { ref: false });
  return (await hasAny(memoryDirectory, /./)) || Promise.race([hasAny(directory, /^cam\d$/), late]);
}

/** While no process runs: a recording or an export has become too old. Never rejects. */
export async function isDue(state: string, nowMs: number): Promise<boolean> {
  const dueAtMs = (await readSettledMark(state))?.dueAtMs ?? null;
  return dueAtMs !== null && dueAtMs <= nowMs;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** What cannot be looked into is the process's to tell of. */
async function hasAny(folder: string, name: RegExp): Promise<boolean> {
  try {
    return (await readdir(folder)).some((each) => name.test(each));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
