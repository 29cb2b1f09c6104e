/**
 * A small file in the state folder that says: the last recorder process finished all it had begun, and when something
 * will be due again. It is there only while no process runs, so a crash, a kill or a power cut is told by its absence.
 * Written by the process, read by the controller: it costs nobody a look at the disk of the recordings.
 */
import { closeSync, existsSync, fsyncSync, openSync, rmSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { syncFolder } from "./recordings-folder.js";

const markSchema = z.object({
  /** Folder of the recordings that are settled. */
  directory: z.string(),
  /** The age at which recordings go, as it was then. */
  keepDays: z.number().nullable(),
  /** When a recording or an export becomes too old, in milliseconds since the Unix epoch; null: none will. */
  dueAtMs: z.number().nullable(),
});

export type SettledMark = z.infer<typeof markSchema>;

const pathOf = (state: string): string => join(state, "recordings-settled.json");

export function hasSettledMark(state: string): boolean {
  return existsSync(pathOf(state));
}

/** Null: there is none, or none that can be read. */
export async function readSettledMark(state: string): Promise<SettledMark | null> {
  try {
    return markSchema.parse(JSON.parse(await readFile(pathOf(state), "utf8")));
  } catch {
    return null;
  }
}

/** Survives a power cut. Errors of the file system are passed on. */
export async function writeSettledMark(state: string, mark: SettledMark): Promise<void> {
  const temporary = `${pathOf(state)}.new`;
  await writeFile(temporary, JSON.stringify(mark), { flush: true });
  await rename(temporary, pathOf(state));
  await syncFolder(state);
}

/** Before anything is begun, and so that it does not come back after a power cut. Errors are passed on. */
export function removeSettledMark(state: string): void {
  rmSync(pathOf(state), { force: true });
  const folder = openSync(state, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
