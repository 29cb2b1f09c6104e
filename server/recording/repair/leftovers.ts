/**
 * Files of fragments that a former process left. One that ends where the next part of its channel begins is gone on with:
 * so the death of the recorder alone costs no frame. All others are finished as they are. Owned by the recorder.
 */
import { open, readdir, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import type { Log } from "../../lib/log.js";
import type { RecordingRows } from "../catalogue/recording-rows.js";
import type { FileFacts } from "../files/file-facts.js";
import { finishingEnding, partialEnding } from "../files/file-name.js";
import { moveAside, type FinishTask } from "../files/finisher.js";
import { scanFragments, type ScannedFragments } from "../files/fragments.js";
import type { RecordedPart } from "../messages.js";
import { isAbsent } from "../storage/recordings-folder.js";

/** A leftover that can be played. */
export interface Leftover {
  readonly path: string;
  readonly facts: FileFacts;
  readonly scanned: ScannedFragments;
}

export interface LeftoversOptions {
  /** Of the recordings, and the one on tmpfs. */
  readonly directory: string;
  readonly memoryDirectory: string;
  readonly rows: RecordingRows;
  /** Whether the recordings' folder is the one it should be: asked after a look into it. */
  readonly isOurs: () => Promise<boolean>;
  /** Hands a file to the finisher, and resolves when that is done with all it has. */
  readonly finish: (task: FinishTask) => Promise<void>;
  readonly onSetAside: (path: string, reason: string) => void;
  readonly log: Log;
}

/** The parts that were not written are told again at once; if none come, the channel has ended. */
const goOnMs = 3000;

export class Leftovers {
  readonly #o: LeftoversOptions;
  /** The newest of each channel that may go on. */
  readonly #kept = new Map<string, Leftover>();
  #finishing: Promise<void> = Promise.resolve();

  constructor(options: LeftoversOptions) {
    this.#o = options;
  }

  /**
   * Finds them, finishes all that cannot go on, and settles the rows of what is not there any more. False: the folder is
   * not ours, and nothing was settled. May be called again when something failed meanwhile.
   */
  async settle(mayGoOn: (channel: string) => boolean): Promise<boolean> {
    const found = await this.#find();
    if (!(await this.#o.isOurs())) return false;
    for (const left of found.sort((a, b) => b.facts.startedAtMs - a.facts.startedAtMs)) {
      const { channel } = left.facts;
      const kept = this.#kept.get(channel);
      if (mayGoOn(channel) && (kept === undefined || kept.path === left.path)) this.#kept.set(channel, left);
      else await this.finish(left);
    }
    this.#settleRows(found);
    setTimeout(() => void this.#finishKept(), goOnMs).unref();
    return true;
  }

  /** What this part goes on with; null: nothing, and what was left of its channel is finished. */
  async take(part: RecordedPart): Promise<Leftover | null> {
    await this.#finishing;
    const left = this.#kept.get(part.channel);
    if (left === undefined) return null;
    this.#kept.delete(part.channel);
    const { facts, scanned } = left;
    const reaches = facts.startTicks <= part.startTicks && part.startTicks <= scanned.endTicks;
    if (reaches && part.generation === facts.generation && part.camera === facts.camera) return left;
    await this.finish(left);
    return null;
  }

  async #finishKept(): Promise<void> {
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    for (const left of kept) await this.finish(left);
  }

  /** Makes a finished recording of it, as it is. */
  finish(left: Leftover): Promise<void> {
    this.#finishing = this.#finishing.then(() => this.#finishNext(left));
    return this.#finishing;
  }

  async #finishNext({ path, facts, scanned }: Leftover): Promise<void> {
    this.#o.log.info("what a former run left is finished", { path, frames: scanned.frames });
    // Its length is not what was written: the finisher reads it again, and cuts off what is not whole.
    await this.#o.finish({ path, facts, bytes: scanned.wholeBytes, written: null });
  }

  async #find(): Promise<Leftover[]> {
    const { directory, memoryDirectory } = this.#o;
    const found: Leftover[] = [];
    for (const folder of [...(await dayFolders(directory)), memoryDirectory]) {
      for (const name of await namesIn(folder)) {
        const path = join(folder, name);
        if (name.endsWith(finishingEnding)) await rm(path, { force: true });
        const left = name.endsWith(partialEnding) ? await this.#read(path) : null;
        if (left !== null) found.push(left);
      }
    }
    return found;
  }

  async #read(path: string): Promise<Leftover | null> {
    const file = await open(path, "r");
    try {
      const scanned = await scanFragments(file);
      const facts = scanned?.facts ?? null;
      if (scanned !== null && facts !== null) return { path, facts, scanned };
      await this.#putAway(path, scanned === null && (await file.stat()).size < emptyBytes);
      return null;
    } finally {
      await file.close();
    }
  }

  /** One without any picture is no loss; anything else is kept where a person finds it. */
  async #putAway(path: string, isEmpty: boolean): Promise<void> {
    const { directory, onSetAside } = this.#o;
    if (isEmpty) return rm(path, { force: true });
    const reason = "It holds no whole fragment, or does not say where it comes from.";
    onSetAside(await moveAside(path, directory), reason);
  }

  #settleRows(found: readonly Leftover[]): void {
    const { rows, directory, log } = this.#o;
    const paths = new Set(found.map(({ path }) => relative(directory, path)));
    for (const { id, path } of rows.unfinished()) {
      if (paths.has(path)) continue;
      log.warn("the fragments of a recording are gone", { path: basename(path) });
      rows.remove(id);
    }
  }
}

/** No fragment of a picture is so small: it holds a head at most. */
const emptyBytes = 2048;

/** `cam0/261121` and the like. */
export async function dayFolders(directory: string): Promise<string[]> {
  const cameras = (await namesIn(directory)).filter((name) => /^cam\d$/.test(name));
  const days = await Promise.all(
    cameras.map(async (camera) =>
      (await namesIn(join(directory, camera)))
        .filter((name) => /^\d{6}$/.test(name))
        .map((day) => join(directory, camera, day)),
    ),
  );
  return days.flat();
}

/** Names in a folder; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
