/**
 * From fragments to an ordinary MP4 file, in an order that a kill or a power cut at any moment leaves repairable: made
 * under a hidden name, verified, synced, given its name, entered in the catalogue; only then do the fragments go.
 */
import { createHash } from "node:crypto";
import { link, open, rename, rm, truncate, type FileHandle } from "node:fs/promises";
import { join, relative } from "node:path";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { Child } from "../../process/child.js";
import type { ChildRecords } from "../../process/child-records.js";
import { exitWords } from "../../process/exit-words.js";
import { killLadder } from "../../process/stop-ladder.js";
import { ticksPerMs } from "../../hls/ticks.js";
import { finishArguments } from "../../stream/ffmpeg-arguments.js";
import type { RecordingRows } from "../catalogue/recording-rows.js";
import { syncFolder } from "../storage/recordings-folder.js";
import { factsComment, isSameFile, parseFacts, type FileFacts } from "./file-facts.js";
import { finishedName, finishingEnding, folderFor, stemFor } from "./file-name.js";
import { readFinishedFile } from "./finished-file.js";
import { makeFolder, openIfThere } from "./fragment-file.js";
import { scanFragments, type ScannedFragments } from "./fragments.js";

export interface FinishOptions {
  /** Folder of the recordings. */
  readonly directory: string;
  readonly rows: RecordingRows;
  readonly ffmpegProgram: string;
  readonly records?: ChildRecords;
  readonly log: Log;
}

/** Fragments that can be finished: at least one is whole, and they say where they come from. */
export interface Fragments {
  readonly path: string;
  readonly facts: FileFacts;
  readonly frames: number;
  readonly endTicks: number;
}

export type FinishOutcome =
  | { readonly kind: "finished"; readonly id: number }
  /** Finished before, and only the fragments were left. */
  | { readonly kind: "known"; readonly id: number };

/** A copy takes some milliseconds; a slow card some seconds. */
const copyMs = 60_000;
/** Names of one second that are tried. */
const mostAttempts = 1000;

/** Rejects `mediaInvalid` where the finished file is not what the fragments are; else what the file system says. */
export async function finishFragments(fragments: Fragments, options: FinishOptions): Promise<FinishOutcome> {
  const { facts, path } = fragments;
  const { directory, rows } = options;
  const known = rows.finishedOf(facts);
  if (known !== null) {
    await rm(path, { force: true });
    return { kind: "known", id: known.id };
  }
  const stem = stemFor(facts.camera, facts.startedAtMs, facts.zoneOffsetMin);
  const folder = join(directory, folderFor(facts.camera, facts.startedAtMs, facts.zoneOffsetMin));
  const hidden = join(folder, `.${stem}_${facts.startTicks}${finishingEnding}`);
  await makeFolder(folder);
  try {
    await copyInto(hidden, fragments, options);
    const { sha256, bytes } = await proveAndSync(hidden, fragments);
    const name = await giveName(hidden, folder, stem, fragments, options);
    await syncFolder(folder);
    const final = relative(directory, join(folder, name));
    const id = rows.finish({ ...rowOf(fragments), path: final, bytes, sha256 });
    await rm(path, { force: true });
    return { kind: "finished", id };
  } finally {
    await rm(hidden, { force: true });
  }
}

/** The row of finished fragments, but for what only the file tells. */
export function rowOf({ facts, endTicks, frames }: Pick<Fragments, "facts" | "endTicks" | "frames">) {
  const endedAtMs = Math.round(facts.startedAtMs + (endTicks - facts.startTicks) / ticksPerMs);
  return { facts, endTicks, endedAtMs, frames };
}

/** What a file of fragments holds; null where there is none, or no whole fragment in it. Cuts off what stands behind. */
export async function readFragments(path: string): Promise<ScannedFragments | null> {
  const file = await openIfThere(path, "r");
  if (file === null) return null;
  try {
    const scanned = await scanFragments(file);
    if (scanned !== null && scanned.wholeBytes < (await file.stat()).size) await truncate(path, scanned.wholeBytes);
    return scanned;
  } finally {
    await file.close();
  }
}

async function copyInto(output: string, { path, facts }: Fragments, options: FinishOptions): Promise<void> {
  const { ffmpegProgram, records, log } = options;
  const args = finishArguments({
    ...{ input: path, output, startedAtMs: facts.startedAtMs },
    title: facts.label,
    comment: factsComment(facts),
  });
  const child = new Child({ name: "finisher", program: ffmpegProgram, args, ...(records && { records }), log });
  const late = setTimeout(() => void child.stop("took too long", killLadder), copyMs);
  const exit = await child.exited;
  clearTimeout(late);
  if (exit.error !== undefined) throw exit.error;
  if (exit.code === 0) return;
  const said = child.recentLines.join(" ");
  // A signal has nothing to do with the file: somebody killed it, or memory was short.
  throw new AppError(
    exit.code === null ? "internal" : "mediaInvalid",
    `ffmpeg could not copy it (${exitWords(exit)}): ${said}`,
  );
}

/** Proves that nothing was lost, and that it survives a power cut. */
async function proveAndSync(path: string, fragments: Fragments): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, "r");
  try {
    const { frames, ticks, sizeBytes } = await readFinishedFile(file);
    const expected = { frames: fragments.frames, ticks: fragments.endTicks - fragments.facts.startTicks };
    if (frames !== expected.frames || ticks !== expected.ticks) {
      const found = `${frames} frames in ${ticks} ticks`;
      throw new AppError("mediaInvalid", `It has ${found} instead of ${expected.frames} in ${expected.ticks}.`);
    }
    await file.sync();
    return { sha256: await hashOf(file), bytes: sizeBytes };
  } finally {
    await file.close();
  }
}

/** SHA-256 of a whole file, in hexadecimal. */
export async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Gives it the first name that is free; answers that name. A twin that a kill left without a row keeps its own. */
async function giveName(
  hidden: string,
  folder: string,
  stem: string,
  fragments: Fragments,
  { directory, rows }: FinishOptions,
): Promise<string> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const name = finishedName(stem, attempt);
    const path = join(folder, name);
    if (await takeName(hidden, path)) return name;
    if (!rows.hasPath(relative(directory, path)) && (await isTwin(path, fragments))) {
      await rename(hidden, path); // The same picture; but only this one is proven to be on the disk.
      return name;
    }
  }
  throw new AppError("internal", `There is no free name for ${stem}.`);
}

/** False: the name is taken. Never replaces what stands there. */
async function takeName(hidden: string, path: string): Promise<boolean> {
  try {
    await link(hidden, path);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw error;
    return takeNameWithoutLinks(hidden, path);
  }
}

/** For file systems without hard links (FAT, exFAT): an empty file holds the name until the real one takes its place. */
async function takeNameWithoutLinks(hidden: string, path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await rename(hidden, path);
  return true;
}

async function isTwin(path: string, { facts, frames }: Fragments): Promise<boolean> {
  const file = await openIfThere(path, "r");
  if (file === null) return false;
  try {
    const found = await readFinishedFile(file);
    const theirs = found.comment === null ? null : parseFacts(found.comment);
    return theirs !== null && isSameFile(theirs, facts) && found.frames === frames;
  } catch (error) {
    if (error instanceof AppError) return (await file.stat()).size === 0;
    throw error;
  } finally {
    await file.close();
  }
}
