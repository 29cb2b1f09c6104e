/**
 * Makes one export: proves that its recordings are what the catalogue says, puts them together, proves that nothing is
 * missing, and writes the manifest last, when all else is safe on the disk. Whatever fails on the way leaves no manifest.
 */
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { checkFile } from "../check/check-file.js";
import { readFinishedFile } from "../files/finished-file.js";
import type { Player } from "../playback/player.js";
import { realFile } from "../real-file.js";
import { syncFolder } from "../storage/recordings-folder.js";
import { spaceOf } from "../storage/space.js";
import { concat } from "./concat.js";
import { DamagedSource } from "./damaged-source.js";
import { concatList, framesOf, gapsBetween, keyFrameAt, type Cut } from "./export-plan.js";
import type { ExportView } from "./export-view.js";
import { manifestName, type Manifest } from "./manifest.js";
import { sha256Of } from "./verify.js";

export interface ExportTools {
  /** Folder of recordings. */
  readonly root: string;
  /** Whether that folder is the one it should be: false while its disk is not mounted. */
  readonly isOurs: () => Promise<boolean>;
  readonly player: Pick<Player, "movie">;
  readonly ffmpegProgram: string;
  readonly log: Log;
}

export interface ExportTask {
  readonly view: ExportView;
  /** The recordings, oldest first; at least one. */
  readonly rows: readonly RecordingRow[];
  /** Absolute; made, and removed by whoever asked where it fails. */
  readonly folder: string;
  readonly onProgress: (progress: number) => void;
  readonly signal: AbortSignal;
}

/** Beside what the export itself needs. */
const spareBytes = 200_000_000;
/** With less than this, ffmpeg failed for want of room, whatever it says. */
const fullBytes = 1_000_000;
/** Of the progress: reading the recordings takes about as long as copying them. */
const provingShare = 0.4;

/**
 * Rejects `spaceLow`, `recordingsUnreadable` while the disk is not mounted, `exportDamaged` with the name of the recording,
 * `exportFailed`, or the reason of the signal.
 */
export async function makeExport(task: ExportTask, tools: ExportTools): Promise<Manifest> {
  const { view, rows, folder, signal } = task;
  await checkSpace(rows, tools.root);
  const files = await proveSources(task, tools);
  await checkFolder(tools);
  await mkdir(folder, { recursive: true });
  const cut = await cutOf(task, tools);
  const output = join(folder, `${view.name}.part`);
  const startedAt = (rows[0]?.started_at ?? view.from) + Math.round((cut.inPoint ?? 0) * 1000);
  await putTogether(task, tools, { files, cut, output, startedAt });
  const bytes = await proveWhole(output, await expectedFrames(rows, cut, tools), cut);
  const sha256 = await sha256Of(output, signal);
  const to = Math.min(view.to, rows.at(-1)?.ended_at ?? view.to);
  const manifest = manifestOf({ view, rows, startedAt, to, bytes, sha256 });
  await rename(output, join(folder, view.name));
  await syncFolder(folder);
  await writeFile(join(folder, manifestName(view.name)), JSON.stringify(manifest, null, 2), { flush: true });
  return manifest;
}

/** What is missing in a folder that is not ours is not gone, and nothing is ever written there. */
async function checkFolder({ isOurs }: ExportTools): Promise<void> {
  if (await isOurs()) return;
  throw new AppError("recordingsUnreadable", "The disk of the recordings is not mounted.");
}

async function checkSpace(rows: readonly RecordingRow[], root: string): Promise<void> {
  const needed = rows.reduce((sum, { bytes }) => sum + bytes, 0) + spareBytes;
  const { freeBytes } = await spaceOf(root);
  if (freeBytes >= needed) return;
  const [free, all] = [freeBytes, needed].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
  throw new AppError("spaceLow", `The export needs ${all ?? ""}, and ${free ?? ""} are free. Choose a shorter time.`);
}

/** Answers their paths. The manifest states the catalogue's hashes: so they are looked at, one recording after the other. */
async function proveSources({ rows, signal, onProgress }: ExportTask, tools: ExportTools): Promise<string[]> {
  const files: string[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    files.push(await proveSource(row, tools));
    onProgress((files.length / rows.length) * provingShare);
  }
  return files;
}

async function proveSource(row: RecordingRow, tools: ExportTools): Promise<string> {
  const file = await realFile(tools.root, row.path).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "notFound") return null;
    throw error;
  });
  const verdict = file === null ? null : await checkFile(file.path, row);
  if (file !== null && verdict?.kind === "sound") return file.path;
  await checkFolder(tools);
  throw new DamagedSource(row.path, verdict?.kind === "damaged" ? verdict.why : "not there");
}

/** At key frames where it begins; where it ends, any frame will do. */
async function cutOf({ view, rows }: ExportTask, { player }: ExportTools): Promise<Cut> {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return { inPoint: null, outPoint: null };
  const inSeconds = (view.from - first.started_at) / 1000;
  const inPoint = inSeconds > 0 ? keyFrameAt(await player.movie(first), inSeconds) : 0;
  const outPoint = view.to < last.ended_at ? (view.to - last.started_at) / 1000 : null;
  return { inPoint: inPoint > 0 ? inPoint : null, outPoint };
}

interface Putting {
  readonly files: readonly string[];
  readonly cut: Cut;
  readonly output: string;
  readonly startedAt: number;
}

async function putTogether(task: ExportTask, tools: ExportTools, { files, cut, output, startedAt }: Putting) {
  const { view, rows, folder, signal, onProgress } = task;
  const list = join(folder, "list.txt");
  await writeFile(list, concatList(files, cut));
  const allTicks = rows.reduce((sum, row) => sum + (row.end_ticks - row.start_ticks), 0);
  const wholeS = Math.max(allTicks / 90_000 - (cut.inPoint ?? 0), 0.001);
  const run = concat({
    ...{ list, output, title: view.name, startedAtMs: startedAt, program: tools.ffmpegProgram, log: tools.log, signal },
    onProgress: (seconds) => {
      onProgress(provingShare + (1 - provingShare) * Math.min(0.99, seconds / wholeS));
    },
  });
  await run.catch((error: unknown) => whyFailed(error, tools.root));
  await rm(list);
}

/** ffmpeg says in words alone that the disk is full. */
async function whyFailed(error: unknown, root: string): Promise<never> {
  const isOurs = error instanceof AppError && error.code === "exportFailed";
  if (!isOurs || (await spaceOf(root)).freeBytes >= fullBytes) throw error;
  throw new AppError("spaceLow", "The disk became full while the export was made.", { cause: error });
}

async function expectedFrames(rows: readonly RecordingRow[], cut: Cut, { player }: ExportTools): Promise<number> {
  const frames = await Promise.all(
    rows.map(async (row, index) => {
      const inPoint = index === 0 ? cut.inPoint : null;
      const outPoint = index === rows.length - 1 ? cut.outPoint : null;
      if (inPoint === null && outPoint === null) return row.frames;
      return framesOf(await player.movie(row), { inPoint, outPoint });
    }),
  );
  return frames.reduce((sum, count) => sum + count, 0);
}

/** Answers its bytes, which are safe on the disk. ffmpeg ends early and content where it cannot read a recording to its end. */
async function proveWhole(path: string, expected: number, { outPoint }: Cut): Promise<number> {
  const file = await open(path, "r");
  try {
    const { frames, sizeBytes } = await readFinishedFile(file);
    await file.sync();
    // The last frame lies at the very cut, or does not, as the microseconds of ffmpeg's list round.
    if (expected - frames <= (outPoint === null ? 0 : 1)) return sizeBytes;
    throw new AppError(
      "exportFailed",
      `It has ${frames} frames instead of ${expected}: a recording could not be read.`,
    );
  } finally {
    await file.close();
  }
}

interface Finished {
  readonly view: ExportView;
  readonly rows: readonly RecordingRow[];
  readonly startedAt: number;
  readonly to: number;
  readonly bytes: number;
  readonly sha256: string;
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

function manifestOf({ view, rows, startedAt, to, bytes, sha256 }: Finished): Manifest {
  return {
    format: "smart-toggle export 1",
    ...{ file: view.name, camera: view.camera, createdAt: iso(view.createdAt), from: iso(startedAt), to: iso(to) },
    ...{ bytes, sha256 },
    sources: rows.map((row) => ({
      ...{ id: row.id, path: row.path, from: iso(row.started_at), to: iso(row.ended_at) },
      ...{ bytes: row.bytes, frames: row.frames, sha256: row.sha256 },
    })),
    gaps: gapsBetween(rows).map((gap) => ({ from: iso(gap.from), to: iso(gap.to) })),
  };
}
