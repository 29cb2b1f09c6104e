/**
 * Exports: one MP4 of any range of a camera, with its manifest. Lives in the recorder process; owns the folder `exports`
 * below the recordings and the ffmpeg that makes one. One is made at a time.
 *
 * Invariants: a folder has a manifest if and only if its export is whole; what a crash left without one is removed at the
 * start. A recording that an export needs is held: retention leaves it until the export has ended.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.js";
import { AppError, toAppError } from "../../lib/errors.js";
import type { Catalogue } from "../catalogue/catalogue.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { realFile } from "../real-file.js";
import { clockIsTrusted } from "../retention/clock-trust.js";
import { pauseCodeOf } from "../storage/disk-errors.js";
import { isAbsent } from "../storage/recordings-folder.js";
import { DamagedSource } from "./damaged-source.js";
import { checkSources, exportName, mostSources } from "./export-plan.js";
import { exportKeptMs, type ExportReason, type ExportView } from "./export-view.js";
import { exportsFolder, restoreExports } from "./exports-folder.js";
import { makeExport, type ExportTools } from "./make-export.js";
import { manifestName } from "./manifest.js";

interface Job {
  view: ExportView;
  /** What it is made of; none any more when it has ended, for a day's are some megabytes. */
  rows: readonly RecordingRow[];
  readonly cancel: AbortController;
  /** Resolves when nothing is made of it any more; never rejects. */
  done: Promise<void>;
}

export interface ExportsOptions extends ExportTools {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  /** Default: `clockIsTrusted`. */
  readonly trusted?: () => Promise<boolean>;
}

const mostWaiting = 8;
/** The oldest beyond these go before their day is over. */
const mostListed = 50;

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

  /** One is being made or waits, or failed, which nobody else knows. */
  get isBusy(): boolean {
    return [...this.#jobs.values()].some(({ view }) => view.state !== "finished" && view.state !== "cancelled");
  }

  /** When the first of them is to be removed, in milliseconds since the Unix epoch; null: there is none. */
  get dueAtMs(): number | null {
    const times = [...this.#jobs.values()].map(({ view }) => view.expiresAt).filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Finds the exports of former runs, and removes what is no whole one. */
  async restore(): Promise<void> {
    for (const view of await restoreExports(this.#folder, this.#options.log)) {
      this.#jobs.set(view.id, { view, rows: [], cancel: new AbortController(), done: Promise.resolve() });
    }
  }

  list(): ExportView[] {
    return [...this.#jobs.values()].map(({ view }) => view).sort((a, b) => b.id - a.id);
  }

  /** Throws `notFound`. */
  get(id: number): ExportView {
    return this.#job(id).view;
  }

  /** Throws `nothingRecorded`, `exportTooLong`, `exportMixed`, `tooManyClients`. */
  start(camera: number, from: number, to: number): ExportView {
    if (this.#closed) throw new AppError("shuttingDown", "The service is stopping.");
    const rows = this.#options.catalogue.inRange(camera, from, to, mostSources + 1);
    checkSources(rows);
    const waiting = [...this.#jobs.values()].filter(({ view }) => view.state === "waiting").length;
    if (waiting >= mostWaiting) throw new AppError("tooManyClients", `${waiting} exports wait already.`);
    const createdAt = Math.round(this.#options.clock.epochMs());
    const id = Math.max(createdAt, ...[...this.#jobs.keys()].map((known) => known + 1));
    const name = nameOf(camera, from, to, rows);
    const view: ExportView = {
      ...{ id, camera, from, to, state: "waiting", progress: 0, reason: null, createdAt, expiresAt: null, name },
      ...{ sources: rows.length, bytes: null, sha256: null },
    };
    const job: Job = { view, rows, cancel: new AbortController(), done: Promise.resolve() };
    this.#jobs.set(id, job);
    this.#working = job.done = this.#working.then(() => this.#work(job));
    return view;
  }

  /** Ends one that is made, and removes its files. Throws `notFound`. */
  async remove(id: number): Promise<void> {
    const job = this.#job(id);
    job.cancel.abort(new AppError("superseded", "The export was cancelled."));
    if (job.view.state === "running") await job.done;
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

  /** Removes what is older than a day, by a clock that was set. */
  async sweep(): Promise<void> {
    const nowMs = this.#options.clock.epochMs();
    const isOld = ({ view }: Job): boolean => view.expiresAt !== null && view.expiresAt < nowMs;
    const old = [...this.#jobs].filter(([, job]) => isOld(job));
    const mayRemove = old.length > 0 && (await (this.#options.trusted ?? clockIsTrusted)());
    for (const [id] of mayRemove ? old : []) await this.remove(id);
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
    const folder = this.#folderOf(job.view.id);
    const end = (change: Partial<ExportView>) => {
      const expiresAt = Math.round(this.#options.clock.epochMs()) + exportKeptMs;
      job.view = { ...job.view, expiresAt, ...change };
      job.rows = [];
    };
    try {
      signal.throwIfAborted();
      job.view = { ...job.view, state: "running" };
      const onProgress = (progress: number) => (job.view = { ...job.view, progress });
      const { view, rows } = job;
      const manifest = await makeExport({ view, rows, folder, onProgress, signal }, this.#options);
      end({ state: "finished", progress: 1, bytes: manifest.bytes, sha256: manifest.sha256 });
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      if (signal.aborted) {
        end({ state: "cancelled" });
        return;
      }
      const reason = reasonOf(thrown);
      this.#options.log.warn("an export failed", { id: job.view.id, reason: reason.message });
      end({ state: "failed", reason });
    }
  }
}

/** Of what it will hold. */
function nameOf(camera: number, from: number, to: number, rows: readonly RecordingRow[]): string {
  const [first, last] = [rows[0], rows.at(-1)];
  const begin = { atMs: Math.max(from, first?.started_at ?? from), tzOffsetMinutes: first?.tz_offset_min ?? 0 };
  const end = { atMs: Math.min(to, last?.ended_at ?? to), tzOffsetMinutes: last?.tz_offset_min ?? 0 };
  return exportName(camera, begin, end);
}

/** For a person: what the disk says has codes of its own. */
function reasonOf(thrown: unknown): ExportReason {
  const { code, message } = toAppError(thrown);
  const disk = isAbsent(thrown) ? "mountMissing" : pauseCodeOf(thrown);
  const known = disk === "diskFull" ? "spaceLow" : disk === null ? code : "recordingsUnreadable";
  return { code: known, message, recording: thrown instanceof DamagedSource ? thrown.recording : null };
}
