/**
 * Makes catalogue and disk agree: a file without a row gets one from what it says of itself; a row without a file goes,
 * and leaves a gap. Retention and a person may delete recordings meanwhile: each is looked at once more.
 */
import { lstat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { KnownPath, RecordingRows } from "../catalogue/recording-rows.js";
import { parseFacts } from "../files/file-facts.js";
import { readFinishedFile } from "../files/finished-file.js";
import { hashOf, rowOf } from "../files/finish.js";
import { openIfThere } from "../files/fragment-file.js";
import { isAbsent } from "../storage/recordings-folder.js";
import { FolderWalk, type FolderWalkOptions } from "./folder-walk.js";

/** The recordings in a folder, as far as it could be read. */
interface FoundRecordings {
  /** Relative to the recordings folder. */
  readonly files: readonly string[];
  /** Whether a path, relative as well, lies where nothing could be seen. */
  readonly isUnreadable: (path: string) => boolean;
}

export interface Disagreement {
  /** Relative to the recordings folder. */
  readonly filesWithoutRow: readonly string[];
  readonly rowsWithoutFile: readonly KnownPath[];
}

/** Pure. Of what lies where nothing could be seen, nobody knows whether it is there. */
function disagreement({ files, isUnreadable }: FoundRecordings, rows: readonly KnownPath[]): Disagreement {
  const onDisk = new Set(files);
  const known = new Set(rows.map(({ path }) => path));
  return {
    filesWithoutRow: files.filter((path) => !known.has(path)),
    rowsWithoutFile: rows.filter(({ path, state }) => state === "finished" && !onDisk.has(path) && !isUnreadable(path)),
  };
}

/**
 * Compares folder by folder: of a million recordings, those of one day at a time are in memory. Rows are read before
 * their folder, so that what is finished meanwhile has its file. Errors of a disk that does not work are passed on.
 */
export async function compareFolders(
  directory: string,
  rows: Pick<RecordingRows, "folders" | "pathsIn">,
  options: FolderWalkOptions,
): Promise<Disagreement> {
  const walk = new FolderWalk(options);
  const onDisk = (await walk.dayFolders(directory)).map((folder) => relative(directory, folder));
  const filesWithoutRow: string[] = [];
  const rowsWithoutFile: KnownPath[] = [];
  for (const folder of new Set([...onDisk, ...rows.folders()])) {
    const known = rows.pathsIn(folder);
    const files = recordingsOf(await walk.pathsIn(join(directory, folder)), directory);
    const isUnreadable = (path: string): boolean => walk.isUnreadable(join(directory, path));
    const found = disagreement({ files, isUnreadable }, known);
    filesWithoutRow.push(...found.filesWithoutRow);
    rowsWithoutFile.push(...found.rowsWithoutFile);
  }
  return { filesWithoutRow, rowsWithoutFile };
}

function recordingsOf(paths: readonly string[], directory: string): string[] {
  const isRecording = (path: string): boolean => !basename(path).startsWith(".") && path.endsWith(".mp4");
  return paths.filter(isRecording).map((path) => relative(directory, path));
}

/** False: the file does not say where it comes from, or is none of ours, and is left alone; or it went meanwhile. */
export async function adoptFile(directory: string, path: string, rows: RecordingRows): Promise<boolean> {
  const file = await openIfThere(join(directory, path), "r");
  if (file === null) return false;
  try {
    const { comment, frames, ticks, sizeBytes } = await readFinishedFile(file);
    const facts = comment === null ? null : parseFacts(comment);
    if (facts === null || rows.finishedOf(facts) !== null) return false;
    const row = rowOf({ facts, frames, endTicks: facts.startTicks + ticks });
    const sha256 = await hashOf(file);
    if ((await file.stat()).nlink === 0) return false;
    rows.finish({ ...row, path, bytes: sizeBytes, sha256 });
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  } finally {
    await file.close();
  }
}

/** Its file is gone: so is the row, and the time becomes a gap. Not so where the row went too, or the file came. */
export async function dropRow(directory: string, id: number, rows: RecordingRows, log: Log): Promise<void> {
  const path = rows.get(id)?.path;
  if (path === undefined || (await isThere(join(directory, path)))) return;
  const row = rows.get(id);
  if (row === null) return;
  const { channel, camera, started_at: fromMs, ended_at: toMs, start_ticks, end_ticks } = row;
  const gap = { channel, camera, fromMs, toMs, code: "fileDeleted", message: "Somebody deleted the recording's file." };
  rows.addGap(gap, start_ticks, end_ticks);
  rows.remove(id);
  log.warn("a recording's file is gone", { path: row.path });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
