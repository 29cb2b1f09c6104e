/**
 * A look through the folders of the recordings. A folder that cannot be read, on a disk that works, is passed over: it
 * must not hold up the rest, and nothing may be concluded from what was not seen.
 */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Log } from "../../lib/log.js";
import { isAbsent } from "../storage/recordings-folder.js";

export interface FolderWalkOptions {
  /** Whether the disk works, so that an error is one folder's own. */
  readonly isSound: () => Promise<boolean>;
  readonly log: Log;
}

export class FolderWalk {
  readonly #o: FolderWalkOptions;
  readonly #unreadable = new Set<string>();
  readonly #paths: string[] = [];

  constructor(options: FolderWalkOptions) {
    this.#o = options;
  }

  /** Of everything in the folders that were looked into. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Whether a path lies where nothing could be seen. */
  isUnreadable(path: string): boolean {
    const above = dirname(path);
    return this.#unreadable.has(path) || (above !== path && this.isUnreadable(above));
  }

  async lookInto(folders: readonly string[]): Promise<void> {
    for (const folder of folders) this.#paths.push(...(await this.pathsIn(folder)));
  }

  /** Of everything in one folder, which is not remembered. */
  async pathsIn(folder: string): Promise<string[]> {
    return (await this.#names(folder)).map((name) => join(folder, name));
  }

  /** `cam0/261121` and the like, in order. */
  async dayFolders(directory: string): Promise<string[]> {
    const found: string[] = [];
    for (const camera of (await this.#names(directory)).filter((name) => /^cam\d$/.test(name))) {
      const days = (await this.#names(join(directory, camera))).filter((name) => /^\d{6}$/.test(name));
      found.push(...days.map((day) => join(directory, camera, day)));
    }
    return found.sort();
  }

  /** None where there is no such folder. Errors of a disk that does not work are passed on. */
  async #names(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isAbsent(error)) return [];
      if (!(await this.#o.isSound())) throw error;
      this.#unreadable.add(folder);
      this.#o.log.error("a folder of recordings cannot be read", { folder, reason: String(error) });
      return [];
    }
  }
}
