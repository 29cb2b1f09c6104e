/**
 * The files of one public channel directory, on tmpfs. Synchronous on purpose: a write there takes some 50 µs, less than
 * one trip through Node's thread pool, and a part is published between two events of the loop or not at all.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";

export interface MediaFile {
  readonly name: string;
  readonly data: Buffer;
}

export interface ChannelFilesOptions {
  readonly directory: string;
  /** How long a file stays after it was expired. */
  readonly keepSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a write leaves behind when the process is killed in it. */
const unfinished = ".new";

export class ChannelFiles {
  readonly #options: ChannelFilesOptions;
  /** Monotonic time of removal for each expired name, in the order of expiry. */
  readonly #expired = new Map<string, number>();

  constructor(options: ChannelFilesOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
  }

  /** Whole or not at all: the name appears with all of its content. Takes an expired name back. */
  write({ name, data }: MediaFile): void {
    const path = this.#path(name);
    writeFileSync(path + unfinished, data);
    renameSync(path + unfinished, path);
    this.#expired.delete(name);
  }

  read(name: string): Buffer {
    return readFileSync(this.#path(name));
  }

  has(name: string): boolean {
    return existsSync(this.#path(name));
  }

  /** There, and not empty. */
  hasContent(name: string): boolean {
    return (statSync(this.#path(name), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  /** These names have left the playlist; their files go after `keepSeconds`. */
  expire(names: Iterable<string>): void {
    const at = this.#options.clock.monotonicMs() + this.#options.keepSeconds * 1000;
    for (const name of names) {
      this.#expired.delete(name);
      this.#expired.set(name, at);
    }
  }

  /** Expires everything an earlier run left here that is not among `named`. Lists the directory: for the start only. */
  expireAllBut(named: ReadonlySet<string>): void {
    const names = readdirSync(this.#options.directory);
    for (const name of names.filter((each) => each.endsWith(unfinished))) this.remove(name);
    this.expire(names.filter((name) => !name.endsWith(unfinished) && !named.has(name)));
  }

  /** Removes what is due. */
  sweep(): void {
    const now = this.#options.clock.monotonicMs();
    for (const [name, at] of this.#expired) {
      if (at > now) return;
      this.#expired.delete(name);
      this.remove(name);
    }
  }

  remove(name: string): void {
    try {
      rmSync(this.#path(name), { force: true });
    } catch (error) {
      this.#options.log.warn("Could not remove a media file", { name, error });
    }
  }

  #path(name: string): string {
    return join(this.#options.directory, name);
  }
}
