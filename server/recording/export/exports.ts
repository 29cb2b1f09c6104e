/**
 * Exports: one MP4 of any range of a camera, with its manifest. Lives in the recorder process; owns the folder `exports`
 * below the recordings and the ffmpeg that makes one. One is made at a time.
 *
 * Invariants: a folder has a manifest if and only if its export is whole; what a crash left without one is removed at the
 * start. A recording that an export needs is held: retention leaves it until the export has ended.
 */
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.js";
import { AppError, toAppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { Catalogue } from "../catalogue/catalogue.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { realFile } from "../real-file.js";
import type { Player } from "../playback/player.js";
import { concat } from "./concat.js";
import { checkSources, concatList, exportName, gapsBetween, keyFrameAt, type Cut } from "./export-plan.js";
import { sha256Of } from "./verify.js";
import { manifestName, manifestSchema, type Manifest } from "./manifest.js";

export type ExportState = "waiting" | "running" | "finished" | "failed" | "cancelled";

/** Times in milliseconds since the Unix epoch. */
export interface ExportView {
  readonly id: number;
  readonly camera: number;
  readonly from: number;
  readonly to: number;
  readonly state: ExportState;
  /** From 0 to 1. */
  readonly progress: number;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly name: string;
  readonly sources: number;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

interface Job {
  view: ExportView;
  readonly rows: readonly RecordingRow[];
  readonly cancel: AbortController;
}

export interface ExportsOptions {
  /** Folder of recordings. */
  readonly root: string;
  readonly catalogue: Catalogue;
  readonly player: Pick<Player, "movie">;
  readonly ffmpegProgram: string;
  readonly clock: Clock;
  readonly log: Log;
}

const keptMs = 24 * 3_600_000;
const mostWaiting = 8;
/** Finished and failed ones that are listed; files go by their age. */
const mostListed = 50;
/** Beside what the export itself needs. */
const spareBytes = 200_000_000;
/** Below the recordings; no folder of a camera has this name. */
export const exportsFolder = "exports";

export class Exports {
  readonly #options: ExportsOptions;
  readonly #jobs = new Map<number, Job>();
  readonly #folder: string;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ExportsOptions) {
    this.#options = options;
    this.#folder = join(options.root, exportsFolder);
  }

  /** Recordings that must stay for now. */
  get held(): ReadonlySet<number> {
    const open = [...this.#jobs.values()].filter(({ view }) => view.state === "waiting" || view.state === "running");
    return new Set(open.flatMap(({ rows }) => rows.map(({ id }) => id)));
  }

  /** Finds the exports of former runs, and removes what is no whole one. A folder that cannot be read has none. */
  async restore(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    // A disk of the user's may have a folder of this name already: only what looks like an export is ours.
    for (const name of names.filter((one) => /^\d{13}$/.test(one))) {
      const id = Number(name);
      const view = await this.#readFinished(id);
      if (view === null) await this.#discard(name);
      else this.#jobs.set(id, { view, rows: [], cancel: new AbortController() });
    }
  }

  /** What cannot be removed now is tried again at the next start. */
  async #discard(name: string): Promise<void> {
    await rm(join(this.#folder, name), { recursive: true, force: true }).catch((error: unknown) => {
      this.#options.log.warn("what is left of an export could not be removed", { name, error: String(error) });
    });
  }

  list(): ExportView[] {
    return [...this.#jobs.values()].map(({ view }) => view).sort((a, b) => b.id - a.id);
  }

  /** Throws `notFound`. */
  get(id: number): ExportView {
    return this.#job(id).view;
  }

  /** Throws `notFound` when nothing was recorded, `exportMixed`, `tooManyClients`. */
  start(camera: number, from: number, to: number): ExportView {
    if (this.#closed) throw new AppError("shuttingDown", "The service is stopping.");
    const rows = this.#options.catalogue.inRange(camera, from, to);
    checkSources(rows);
    const waiting = [...this.#jobs.values()].filter(({ view }) => view.state === "waiting").length;
    if (waiting >= mostWaiting) throw new AppError("tooManyClients", `${waiting} exports wait already.`);
    const createdAt = Math.round(this.#options.clock.epochMs());
    const id = Math.max(createdAt, ...[...this.#jobs.keys()].map((known) => known + 1));
    const [first] = rows;
    const name = exportName(camera, Math.max(from, first?.started_at ?? from), to, first?.tz_offset_min ?? 0);
    const view: ExportView = {
      ...{ id, camera, from, to, state: "waiting", progress: 0, reason: null, createdAt, expiresAt: null, name },
      ...{ sources: rows.length, bytes: null, sha256: null },
    };
    const job: Job = { view, rows, cancel: new AbortController() };
    this.#jobs.set(id, job);
    this.#working = this.#working.then(() => this.#work(job));
    return view;
  }

  /** Ends one that is made, and removes its files. Throws `notFound`. */
  async remove(id: number): Promise<void> {
    const job = this.#job(id);
    job.cancel.abort(new AppError("superseded", "The export was cancelled."));
    if (job.view.state === "running") await this.#working;
    this.#jobs.delete(id);
    await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  /** Path of the finished file or its manifest, relative to the recordings. Throws `notFound`, `exportUnfinished`. */
  async file(id: number, which: "file" | "manifest"): Promise<{ path: string; name: string }> {
    const { state, name } = this.#job(id).view;
    if (state !== "finished") throw new AppError("exportUnfinished", "The export is not finished.");
    const file = which === "file" ? name : manifestName(name);
    const path = join(exportsFolder, String(id), file);
    await realFile(this.#options.root, path);
    return { path, name: file };
  }

  /** Removes what is older than a day. */
  async sweep(): Promise<void> {
    const nowMs = this.#options.clock.epochMs();
    for (const [id, { view }] of this.#jobs)
      if (view.expiresAt !== null && view.expiresAt < nowMs) await this.remove(id);
    for (const { id, state } of this.list().slice(mostListed))
      if (state !== "waiting" && state !== "running") await this.remove(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#jobs.values())
      cancel.abort(new AppError("shuttingDown", "The service is stopping."));
    await this.#working;
  }

  #job(id: number): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw new AppError("notFound", `There is no export ${id}.`);
    return job;
  }

  #folderOf(id: number): string {
    return join(this.#folder, String(id));
  }

  async #work(job: Job): Promise<void> {
    const { signal } = job.cancel;
    const end = (change: Partial<ExportView>) => {
      const expiresAt = Math.round(this.#options.clock.epochMs()) + keptMs;
      job.view = { ...job.view, expiresAt, ...change };
    };
    try {
      signal.throwIfAborted();
      job.view = { ...job.view, state: "running" };
      const manifest = await this.#make(job);
      end({ state: "finished", progress: 1, bytes: manifest.bytes, sha256: manifest.sha256 });
    } catch (thrown) {
      await rm(this.#folderOf(job.view.id), { recursive: true, force: true }).catch(() => undefined);
      if (signal.aborted) {
        end({ state: "cancelled" });
        return;
      }
      const { code, message } = toAppError(thrown);
      this.#options.log.warn("an export failed", { id: job.view.id, reason: message });
      end({ state: "failed", reason: { code, message } });
    }
  }

  async #make(job: Job): Promise<Manifest> {
    const { view, rows, cancel } = job;
    const { root, ffmpegProgram: program, log } = this.#options;
    const folder = this.#folderOf(view.id);
    await this.#checkSpace(rows);
    await mkdir(folder, { recursive: true });
    const files = [];
    for (const { path } of rows) files.push((await realFile(root, path)).path);
    const cut = await this.#cut(job);
    const list = join(folder, "list.txt");
    await writeFile(list, concatList(files, cut));
    const output = join(folder, `${view.name}.part`);
    const startedAt = (rows[0]?.started_at ?? view.from) + Math.round((cut.inPoint ?? 0) * 1000);
    const wholeS = rows.reduce((sum, row) => sum + (row.end_ticks - row.start_ticks) / 90_000, 0) - (cut.inPoint ?? 0);
    await concat({
      ...{ list, output, title: view.name, startedAtMs: startedAt, program, log, signal: cancel.signal },
      onProgress: (seconds) =>
        (job.view = { ...job.view, progress: Math.min(0.99, seconds / Math.max(wholeS, 0.001)) }),
    });
    await rm(list);
    const { bytes } = await realFile(root, join(exportsFolder, String(view.id), `${view.name}.part`));
    const sha256 = await sha256Of(output, cancel.signal);
    const to = Math.min(view.to, rows.at(-1)?.ended_at ?? view.to);
    const manifest = manifestOf({ view, rows, startedAt, to, bytes, sha256 });
    await rename(output, join(folder, view.name));
    await writeFile(join(folder, manifestName(view.name)), JSON.stringify(manifest, null, 2));
    return manifest;
  }

  /** At key frames where it begins; where it ends, any frame will do. */
  async #cut({ view, rows }: Job): Promise<Cut> {
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return { inPoint: null, outPoint: null };
    const inSeconds = (view.from - first.started_at) / 1000;
    const inPoint = inSeconds > 0 ? keyFrameAt(await this.#options.player.movie(first), inSeconds) : 0;
    const outPoint = view.to < last.ended_at ? (view.to - last.started_at) / 1000 : null;
    return { inPoint: inPoint > 0 ? inPoint : null, outPoint };
  }

  async #checkSpace(rows: readonly RecordingRow[]): Promise<void> {
    const needed = rows.reduce((sum, { bytes }) => sum + bytes, 0) + spareBytes;
    const { bavail, bsize } = await statfs(this.#options.root);
    if (bavail * bsize >= needed) return;
    const [free, all] = [bavail * bsize, needed].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
    throw new AppError("spaceLow", `The export needs ${all ?? ""}, and ${free ?? ""} are free. Choose a shorter time.`);
  }

  async #readFinished(id: number): Promise<ExportView | null> {
    try {
      const names = await readdir(this.#folderOf(id));
      const json = names.find((name) => name.endsWith(".json"));
      if (json === undefined) return null;
      const manifest = manifestSchema.parse(JSON.parse(await readFile(join(this.#folderOf(id), json), "utf8")));
      if (!names.includes(manifest.file)) return null;
      const createdAt = Date.parse(manifest.createdAt);
      return {
        ...{ id, camera: manifest.camera, from: Date.parse(manifest.from), to: Date.parse(manifest.to) },
        ...{ state: "finished", progress: 1, reason: null, createdAt, expiresAt: createdAt + keptMs },
        ...{ name: manifest.file, sources: manifest.sources.length, bytes: manifest.bytes, sha256: manifest.sha256 },
      };
    } catch {
      return null;
    }
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
