/**
 * Finishes files of fragments, one after the other, and again until it succeeds or is proven impossible. Owned by the
 * recorder. What is not finished when the process ends is found by repair at the next start.
 */
import { EventEmitter } from "node:events";
import { copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AppError, toAppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { pauseCodeOf } from "../storage/disk-errors.js";
import type { OngoingCalls } from "../storage/ongoing-calls.js";
import { isAbsent } from "../storage/recordings-folder.js";
import type { Storage } from "../storage/storage.js";
import type { FileFacts } from "./file-facts.js";
import { setAsideFolder, stemOf } from "./file-name.js";
import { finishFragments, readFragments, type FinishOptions, type Fragments } from "./finish.js";

/** A file of fragments that nobody writes to any more. */
export interface FinishTask {
  readonly path: string;
  readonly facts: FileFacts;
  readonly bytes: number;
  /** What was written; null: unknown, it is to be read. */
  readonly written: Pick<Fragments, "frames" | "endTicks"> | null;
}

export interface FinisherEvents {
  finished: [{ readonly id: number; readonly task: FinishTask }];
  setAside: [{ readonly path: string; readonly reason: string; readonly task: FinishTask }];
  /** A try failed; another one follows. */
  failed: [{ readonly path: string; readonly reason: string }];
  /** Somebody removed the fragments. */
  lost: [FinishTask];
}

export interface FinisherOptions extends FinishOptions {
  readonly storage: Storage;
  readonly calls: OngoingCalls;
  /** A try failed, and is logged. */
  readonly onError?: (error: unknown) => void;
}

/** A failure that is not the disk's doing is as a rule the file's own: it is not tried for ever. */
const mostTries = 4;
const retryMs = 2000;

export class Finisher extends EventEmitter<FinisherEvents> {
  readonly #o: FinisherOptions;
  readonly #log: Log;
  readonly #tasks: FinishTask[] = [];
  #working: Promise<void> | null = null;
  #isClosing = false;

  constructor(options: FinisherOptions) {
    super();
    this.#o = options;
    this.#log = options.log;
  }

  /** Tasks that are not done. */
  get unfinished(): number {
    return this.#tasks.length;
  }

  /** Whether the file of this stem waits here, or is being finished. */
  has(stem: string): boolean {
    return this.#tasks.some(({ path }) => stemOf(path) === stem);
  }

  /** Bytes of fragments that are not finished. */
  get unfinishedBytes(): number {
    return this.#tasks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  add(task: FinishTask): void {
    this.#tasks.push(task);
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** From now on what fails is not tried again, but left to the next start. */
  close(): void {
    this.#isClosing = true;
  }

  /** Resolves when nothing is left to do. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  async #work(): Promise<void> {
    for (let task = this.#tasks[0]; task; task = this.#tasks[0]) {
      const isDone = await this.#finish(task);
      this.#tasks.shift();
      if (isDone) continue;
      this.#tasks.push(task);
      await wait(retryMs);
    }
  }

  /** False: something else than the file or the disk is at fault, and others may fare better meanwhile. */
  async #finish(task: FinishTask): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      // A file that is missing with its disk comes back with it.
      this.#o.storage.review();
      await this.#o.storage.available();
      try {
        await this.#try(task);
        return true;
      } catch (error) {
        this.#o.onError?.(error);
        this.#say(task, error);
        if (this.#isClosing) return true;
        if ((await this.#isDisk(error)) && !isOfOnePlace(error)) tries -= 1;
        else if (tries < mostTries) await wait(retryMs);
        else return this.#giveUp(task, error);
      }
    }
  }

  /** Only a file that is at fault itself is set aside: not where ffmpeg is missing, or the catalogue cannot be written. */
  async #giveUp(task: FinishTask, error: unknown): Promise<boolean> {
    const { code, message } = toAppError(error);
    if (code !== "mediaInvalid" && pauseCodeOf(error) !== "diskFailed") return false;
    await this.#setAside(task, message);
    return true;
  }

  async #try(task: FinishTask): Promise<void> {
    const fragments = await this.#o.calls
      .run(() => this.#read(task))
      .catch((error: unknown) => this.#unreadable(error));
    if (fragments === null) return;
    const { id } = await finishFragments(fragments, this.#o);
    this.emit("finished", { id, task });
  }

  /** Null: there is nothing to finish. */
  async #read(task: FinishTask): Promise<Fragments | null> {
    const { path, facts, written } = task;
    const size = await sizeOf(path);
    if (size !== null && written !== null && size === task.bytes) return { path, facts, ...written };
    const scanned = size === null ? null : await readFragments(path);
    if (scanned !== null) return { path, facts, frames: scanned.frames, endTicks: scanned.endTicks };
    if (size === null) this.emit("lost", task);
    else await this.#setAside(task, "It holds no whole fragment.");
    return null;
  }

  /** Fragments that cannot be read from a disk that works: nobody else suffers from it. */
  async #unreadable(error: unknown): Promise<never> {
    if (pauseCodeOf(error) === null || !(await this.#o.storage.isSound())) throw error;
    throw new AppError("mediaInvalid", `It cannot be read: ${String(error)}`, { cause: error });
  }

  async #isDisk(error: unknown): Promise<boolean> {
    const { storage } = this.#o;
    if (storage.failed(error)) return true;
    storage.doubt();
    await Promise.race([storage.available(), wait(1000)]);
    return storage.problem !== null;
  }

  #say({ path }: FinishTask, error: unknown): void {
    const reason = toAppError(error).message;
    this.#log.warn("a recording could not be finished; it is tried again", { path, reason });
    this.emit("failed", { path, reason });
  }

  /** Moved out of the way, and kept. Where even that fails, it stays where it is, and the catalogue says so. */
  async #setAside(task: FinishTask, reason: string): Promise<void> {
    const { path, facts } = task;
    const { directory, rows } = this.#o;
    const target = await moveAside(path, directory).catch((error: unknown) => {
      this.#log.error("a recording could not be moved out of the way", { path, reason: String(error) });
      return path;
    });
    try {
      rows.removeOpen(relative(directory, path));
      rows.setAside(relative(directory, target), facts, reason);
    } catch (error) {
      this.#log.error("a recording that was set aside has no row", { path: target, reason: String(error) });
    }
    this.#log.error("a recording was set aside", { path: target, reason });
    this.emit("setAside", { path: target, reason, task });
  }
}

/** A disk may say so of one file, and take all else: then it has paused for a moment, and is tried again, but not for ever. */
function isOfOnePlace(error: unknown): boolean {
  const code = pauseCodeOf(error);
  return code === "diskFailed" || code === "folderUnusable";
}

/** Moves a file into the folder of what cannot be played; answers where it lies now. */
export async function moveAside(path: string, directory: string): Promise<string> {
  const folder = join(directory, setAsideFolder);
  await mkdir(folder, { recursive: true });
  const target = join(folder, `${Date.now()}_${basename(path).replace(/^\./, "")}`);
  try {
    await rename(path, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(path, target); // From the RAM tier.
    await rm(path);
  }
  return target;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
