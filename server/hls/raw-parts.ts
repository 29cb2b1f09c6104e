/**
 * The directory that one encoder writes its init segment and parts into. Owned by a generation's publisher, which closes
 * it. chokidar's events are hints that something new may be there; the files are the truth, and are looked for by name.
 *
 * The hint is chokidar's `raw` event: what the kernel said, at once. Its `add` comes after it has read the directory, looked at
 * each entry and watched the new file by itself, which took a fifth of the controller's time; it is told to ignore the files.
 */
import { watch, type FSWatcher } from "chokidar";
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../lib/log.js";
import type { PartSource, RawPart } from "./part-source.js";

/** What is still being written ends otherwise. */
const partEnding = ".m4s";

export class RawParts implements PartSource {
  readonly #directory: string;
  readonly #watcher: FSWatcher;
  readonly #log: Log;
  #index = 0;

  /** Calls `hint` whenever the next part may be there. The directory is made if it is missing. */
  constructor(directory: string, hint: () => void, log: Log) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#log = log;
    this.#watcher = watch(directory, { ignoreInitial: true, depth: 0, ignored: (path) => path !== directory });
    this.#watcher.on("raw", (_event, name) => {
      if (name.endsWith(partEnding)) hint();
    });
    // Without hints the slow look of the publisher finds the parts.
    this.#watcher.on("error", (error) => {
      log.warn("Watching an encoder's directory failed", { directory, error });
    });
  }

  /** The encoder's init segment, which it writes before its first part. Throws if it is not there. */
  readInit(): Buffer {
    return readFileSync(join(this.#directory, "init.mp4"));
  }

  /** The next part, if the encoder has finished it. */
  next(): RawPart | null {
    const path = this.#path();
    let file: number;
    try {
      file = openSync(path, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    try {
      return { path, data: readFileSync(file), mtimeMs: fstatSync(file).mtimeMs };
    } finally {
      closeSync(file);
    }
  }

  /** The encoder has not finished a part that is not done with. */
  isEmpty(): boolean {
    return !existsSync(this.#path());
  }

  /** The next part is done with: removes it and goes on to the one after, whether or not it can be removed. */
  advance(): void {
    const path = this.#path();
    this.#index += 1;
    try {
      rmSync(path, { force: true });
    } catch (error) {
      this.#log.warn("Could not remove a raw part", { path, error });
    }
  }

  close(): Promise<void> {
    return this.#watcher.close();
  }

  #path(): string {
    return join(this.#directory, `p${String(this.#index).padStart(6, "0")}${partEnding}`);
  }
}
