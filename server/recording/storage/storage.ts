/**
 * Whether recordings can be written now, and why not. One problem at a time: it stands until a try shows that all is well
 * again, or that it is another one. Owned by the recorder.
 *
 * Invariants: nothing is written while the folder is not proven ours; a disk is tried again each 2 s for ever.
 */
import { EventEmitter } from "node:events";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { PauseCode, RecorderProblem } from "../messages.js";
import { pauseCodeOf, pauseTexts } from "./disk-errors.js";
import type { OngoingCalls } from "./ongoing-calls.js";
import type { RecordingsFolder } from "./recordings-folder.js";
import { spaceOf, type Space } from "./space.js";

export interface StorageOptions {
  readonly folder: RecordingsFolder;
  /** Bytes that are needed to finish what has been begun. */
  readonly owedBytes: () => number;
  readonly calls: OngoingCalls;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StorageEvents {
  paused: [RecorderProblem];
  resumed: [];
}

const retryMs = 2000;
/** Beside what is owed, so much must be free before another file begins: some seconds of any profile, and the catalogue. */
const spareBytes = 8 * 1024 * 1024;

export class Storage extends EventEmitter<StorageEvents> {
  readonly #o: StorageOptions;
  #problem: RecorderProblem | null = null;
  /** The folder and its space were looked at since the last `review`. */
  #reviewed = false;
  /** The next look includes a write; so does the first: a card that wore out while nobody recorded is read-only now. */
  #doubted = true;
  #trying: Promise<void> | null = null;
  #probing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: StorageOptions) {
    super();
    this.#o = options;
  }

  get problem(): RecorderProblem | null {
    return this.#problem;
  }

  get directory(): string {
    return this.#o.folder.directory;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Whether the folder is there and ours. What is missing in a folder that is not says nothing: it is to be asked after
   * a look that found something missing, and before anything is made of it. False as well where nothing can be read.
   */
  async isOurs(): Promise<boolean> {
    try {
      return await this.#o.calls.run(() => this.#o.folder.secure());
    } catch {
      return false;
    }
  }

  /**
   * Whether the disk can be written to now, so that an error is one file's own. Recording does not pause for this look,
   * whatever it finds. Never rejects.
   */
  async isSound(): Promise<boolean> {
    try {
      return await this.#o.calls.run(async () => {
        if (!(await this.#o.folder.secure())) return false;
        await this.#probe();
        return true;
      });
    } catch {
      return false;
    }
  }

  /** Resolves when the folder is there and ours, be it full or read-only, or after `close`; never rejects. */
  async proven(): Promise<void> {
    while (!this.#closed && !(await this.isOurs())) await wait(retryMs, undefined, { ref: false });
  }

  /** Another file is to begin: folder and space are looked at again by the next `available`. */
  review(): void {
    this.#reviewed = false;
  }

  /** Something did not work, and did not say why: the next `available` tries whether the disk can be written to. */
  doubt(): void {
    this.#reviewed = false;
    this.#doubted = true;
  }

  /** Resolves when the disk can be written to, or after `close`; never rejects. */
  async available(): Promise<void> {
    while (!this.#closed && (this.#problem !== null || !this.#reviewed)) {
      this.#trying ??= this.#try().finally(() => (this.#trying = null));
      await this.#trying;
    }
  }

  /** Something failed: where that is the disk's doing, recording pauses. False: it is not. */
  failed(error: unknown): boolean {
    const code = pauseCodeOf(error);
    // What fails while there is a problem is a consequence of it, or found by the next try.
    if (code !== null && this.#problem === null) this.#pause(code, error);
    return code !== null;
  }

  /** Of the disk; null where it cannot be read. */
  async space(): Promise<Space | null> {
    try {
      return await this.#o.calls.run(() => spaceOf(this.directory));
    } catch {
      return null;
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #try(): Promise<void> {
    if (this.#problem !== null) await wait(retryMs);
    try {
      const code = await this.#o.calls.run(() => this.#obstacle());
      if (code === null) this.#resume();
      else this.#pause(code);
    } catch (error) {
      this.#pause(pauseCodeOf(error) ?? "folderUnusable", error);
    }
  }

  async #obstacle(): Promise<PauseCode | null> {
    if (!(await this.#o.folder.secure())) return "mountMissing";
    const { freeBytes } = await spaceOf(this.directory);
    if (freeBytes < this.#o.owedBytes() + spareBytes) return "diskFull";
    if (this.#problem !== null || this.#doubted) await this.#probe();
    this.#doubted = false;
    return null;
  }

  /** One after the other: two of them use one file. */
  #probe(): Promise<void> {
    const probed = this.#probing.then(() => this.#writeProbe());
    this.#probing = probed.catch(() => undefined);
    return probed;
  }

  async #writeProbe(): Promise<void> {
    const path = join(this.directory, ".probe");
    const file = await open(path, "w");
    try {
      await file.write(Buffer.alloc(4096));
      await file.sync();
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
  }

  #pause(code: PauseCode, error?: unknown): void {
    if (this.#problem?.code === code) return;
    this.#problem = { code, message: pauseTexts[code], sinceMs: Math.round(this.#o.clock.epochMs()) };
    this.#o.log.error(pauseTexts[code], { code, ...(error instanceof Error && { reason: error.message }) });
    this.emit("paused", this.#problem);
  }

  #resume(): void {
    this.#reviewed = true;
    if (this.#problem === null) return;
    this.#problem = null;
    this.#o.log.info("recordings can be written again");
    this.emit("resumed");
  }
}
