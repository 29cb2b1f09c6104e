import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../lib/clock.js";
import type { RecorderProblem } from "../messages.js";
import { pauseCodeOf, pauseTexts } from "./disk-errors.js";
import type { Storage } from "./storage.js";

/** Where fragments are kept until their file is finished. */
export interface Tier {
  /** What is synced there survives a power cut. */
  readonly survivesPowerCut: boolean;
  readonly problem: RecorderProblem | null;
  /** Where the fragments go whose file will lie in this folder below the recordings. */
  directoryFor(folder: string): string;
  /** Another file is to begin: the next `available` looks anew. */
  review(): void;
  /** Resolves when something can be written. */
  available(): Promise<void>;
  /** Whether what was just begun lies where it should: false where the disk went away meanwhile. Never rejects. */
  isOurs(): Promise<boolean>;
  /** Something failed. False: that was not the tier's doing. */
  failed(error: unknown): boolean;
}

/** The default: beside the finished files, synced about each second. */
export class DiskTier implements Tier {
  readonly survivesPowerCut = true;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get problem(): RecorderProblem | null {
    return this.#storage.problem;
  }

  directoryFor(folder: string): string {
    return join(this.#storage.directory, folder);
  }

  review(): void {
    this.#storage.review();
  }

  available(): Promise<void> {
    return this.#storage.available();
  }

  isOurs(): Promise<boolean> {
    return this.#storage.isOurs();
  }

  failed(error: unknown): boolean {
    return this.#storage.failed(error);
  }
}

export interface MemoryTierOptions {
  /** On tmpfs. */
  readonly directory: string;
  readonly mostBytes: number;
  /** Bytes of all fragments that lie there. */
  readonly usedBytes: () => number;
  readonly clock: Clock;
}

/** The live media lie on the same tmpfs: so much is always left to them. */
const leftBytes = 64 * 1024 * 1024;
const lookMs = 500;

/**
 * Spares a memory card: it is written to once for each finished file. What a power cut takes with it is the file being
 * written and those not finished yet, at most `mostBytes` over all channels.
 */
export class MemoryTier implements Tier {
  readonly survivesPowerCut = false;
  readonly #o: MemoryTierOptions;
  #problem: RecorderProblem | null = null;
  /** Something failed since the last look. */
  #failed = false;

  constructor(options: MemoryTierOptions) {
    this.#o = options;
  }

  get problem(): RecorderProblem | null {
    return this.#problem;
  }

  directoryFor(): string {
    return this.#o.directory;
  }

  review(): void {
    // `available` looks each time.
  }

  async available(): Promise<void> {
    if (this.#failed) await wait(lookMs);
    this.#failed = false;
    while (this.#o.usedBytes() >= this.#o.mostBytes || (await this.#isCrowded())) {
      const sinceMs = Math.round(this.#o.clock.epochMs());
      this.#problem ??= { code: "memoryFull", message: pauseTexts.memoryFull, sinceMs };
      await wait(lookMs);
    }
    this.#problem = null;
  }

  isOurs(): Promise<boolean> {
    return Promise.resolve(true);
  }

  failed(error: unknown): boolean {
    this.#failed = pauseCodeOf(error) !== null;
    return this.#failed;
  }

  async #isCrowded(): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.#o.directory);
      return bavail * bsize < leftBytes;
    } catch {
      return false; // Not made yet.
    }
  }
}
