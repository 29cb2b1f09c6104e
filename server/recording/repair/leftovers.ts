/**
 * Files of fragments that a former process left. One that ends where the next part of its channel begins is gone on with:
 * so the death of the recorder alone costs no frame. All others are finished as they are. Owned by the recorder.
 *
 * Invariants: what cannot be read is set aside with the reason, and holds up nothing else; what this process writes
 * itself is never taken for a leftover, however late the look into a folder is answered.
 */
import { open, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Log } from "../../lib/log.js";
import type { RecordingRows } from "../catalogue/recording-rows.js";
import { holds, type RecordedStretch } from "../channel/known-media.js";
import type { FileFacts } from "../files/file-facts.js";
import { finishingEnding, partialEnding, stemOf } from "../files/file-name.js";
import { moveAside, type FinishTask } from "../files/finisher.js";
import { scanFragments, type ScannedFragments } from "../files/fragments.js";
import { epochAt } from "../files/cuts.js";
import type { RecordedPart } from "../messages.js";
import { isAbsent } from "../storage/recordings-folder.js";
import { FolderWalk } from "./folder-walk.js";

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
  /** Whether the disk works, so that an error is one file's own. */
  readonly isSound: () => Promise<boolean>;
  /** Whether this process itself writes or finishes the file of this stem. */
  readonly isLive: (stem: string) => boolean;
  /** Hands a file to the finisher, and resolves when that is done with all it has. */
  readonly finish: (task: FinishTask) => Promise<void>;
  readonly onSetAside: (path: string, reason: string) => void;
  readonly log: Log;
}

/** The parts that were not written are told again at once; if none come, the channel has ended. */
const goOnMs = 3000;

export class Leftovers {
  readonly #o: LeftoversOptions;
  /** All that can be played, by their paths. */
  readonly #found = new Map<string, Leftover>();
  /** The newest of each channel that may go on. */
  readonly #kept = new Map<string, Leftover>();

  constructor(options: LeftoversOptions) {
    this.#o = options;
  }

  /** Some may still be gone on with, and are not finished therefore. */
  get areKept(): boolean {
    return this.#kept.size > 0;
  }

  /**
   * Finds them, finishes all that cannot go on, and settles the rows of what is not there any more. False: the folder is
   * not ours, and nothing was settled. May be called again when something failed meanwhile.
   */
  async settle(mayGoOn: (channel: string) => boolean): Promise<boolean> {
    const unfinished = this.#o.rows.unfinished();
    const walk = await this.#list();
    const found = await this.#readAll(walk.paths);
    if (!(await this.#o.isOurs())) return false;
    const ended = found.filter((left) => !this.#mayKeep(left, mayGoOn));
    const finishing = ended.map((left) => this.finish(left));
    this.#dropRows(unfinished, walk);
    await Promise.all(finishing);
    return true;
  }

  /** From now on the parts of each channel are told: what nobody goes on with soon is finished. */
  expectParts(): void {
    setTimeout(() => {
      this.finishKept();
    }, goOnMs).unref();
  }

  /** What a part that is new goes on with; null: nothing, and what was left of its channel is being finished. */
  take(part: RecordedPart): Leftover | null {
    const left = this.#kept.get(part.channel);
    if (left === undefined) return null;
    this.#kept.delete(part.channel);
    // Its end belongs to it: there the next part begins.
    const { endTicks, ...stretch } = stretchOf(left);
    if (left.facts.camera === part.camera && holds({ ...stretch, endTicks: endTicks + 1 }, part)) return left;
    void this.finish(left);
    return null;
  }

  /** Of a channel, finished meanwhile or not. */
  stretchesOf(channel: string): RecordedStretch[] {
    return [...this.#found.values()].filter(({ facts }) => facts.channel === channel).map(stretchOf);
  }

  /** Makes a finished recording of it, as it is; resolves when that is done. */
  async finish({ path, facts, scanned }: Leftover): Promise<void> {
    this.#o.log.info("what a former run left is finished", { path, frames: scanned.frames });
    // Its length is not what was written: the finisher reads it again, and cuts off what is not whole.
    await this.#o.finish({ path, facts, bytes: scanned.wholeBytes, written: null });
  }

  /** What may still be gone on with; of some channels, or of all. */
  finishKept(channels: Iterable<string> = this.#kept.keys()): void {
    for (const channel of [...channels]) {
      const left = this.#kept.get(channel);
      this.#kept.delete(channel);
      if (left !== undefined) void this.finish(left);
    }
  }

  /** They are asked about with the newest first. */
  #mayKeep(left: Leftover, mayGoOn: (channel: string) => boolean): boolean {
    const { channel } = left.facts;
    const kept = this.#kept.get(channel);
    if (!mayGoOn(channel) || (kept !== undefined && kept.path !== left.path)) return false;
    this.#kept.set(channel, left);
    return true;
  }

  async #list(): Promise<FolderWalk> {
    const { directory, memoryDirectory, isSound, log } = this.#o;
    const walk = new FolderWalk({ isSound, log });
    await walk.lookInto([...(await walk.dayFolders(directory)), memoryDirectory]);
    return walk;
  }

  /** The newest first. */
  async #readAll(paths: readonly string[]): Promise<Leftover[]> {
    const found: Leftover[] = [];
    for (const path of paths) {
      if (this.#isLive(path)) continue;
      if (path.endsWith(finishingEnding)) await this.#removeHalf(path);
      const left = path.endsWith(partialEnding) ? await this.#tryRead(path) : null;
      // It was read for long, perhaps: whose it is may have changed.
      if (left === null || this.#isLive(path)) continue;
      this.#found.set(path, left);
      found.push(left);
    }
    return found.sort((a, b) => b.facts.startedAtMs - a.facts.startedAtMs);
  }

  /** What a finisher made half: the fragments it was made of are there. One that stays is in nobody's way. */
  async #removeHalf(path: string): Promise<void> {
    await rm(path, { force: true }).catch((error: unknown) => {
      this.#o.log.warn("half a file could not be removed", { path, reason: String(error) });
    });
  }

  #isLive(path: string): boolean {
    return this.#o.isLive(stemOf(path));
  }

  async #tryRead(path: string): Promise<Leftover | null> {
    const { rows, directory, isSound, log } = this.#o;
    if (rows.isSetAside(relative(directory, path))) return null;
    try {
      return await this.#read(path);
    } catch (error) {
      if (isAbsent(error)) return null;
      if (!(await isSound())) throw error;
      log.error("what a former run left cannot be read", { path, reason: String(error) });
      await this.#setAside(path, `It cannot be read: ${String(error)}`);
      return null;
    }
  }

  async #read(path: string): Promise<Leftover | null> {
    const file = await open(path, "r");
    try {
      const scanned = await scanFragments(file);
      const facts = scanned?.facts ?? null;
      if (scanned !== null && facts !== null) return { path, facts, scanned };
      // One without any picture is no loss; anything else is kept where a person finds it.
      if (scanned === null && (await file.stat()).size < emptyBytes) await rm(path, { force: true });
      else await this.#setAside(path, "It holds no whole fragment, or does not say where it comes from.");
      return null;
    } finally {
      await file.close().catch(() => undefined);
    }
  }

  /** Where it cannot even be moved it stays, marked in the catalogue, where that knows of it. */
  async #setAside(path: string, reason: string): Promise<void> {
    const { directory, rows, onSetAside } = this.#o;
    const now = await moveAside(path, directory).catch(() => path);
    rows.setOpenAside(relative(directory, path), relative(directory, now), reason);
    onSetAside(now, reason);
  }

  /** Rows that were open before the look, and whose fragments it did not find. */
  #dropRows(unfinished: readonly { readonly id: number; readonly path: string }[], walk: FolderWalk): void {
    const { rows, directory, log } = this.#o;
    const there = new Set(walk.paths.map((path) => relative(directory, path)));
    for (const { id, path } of unfinished) {
      if (there.has(path) || walk.isUnreadable(join(directory, path)) || this.#isLive(path)) continue;
      log.warn("the fragments of a recording are gone", { path });
      rows.remove(id);
    }
  }
}

/** No fragment of a picture is so small: it holds a head at most. */
const emptyBytes = 2048;

function stretchOf({ facts, scanned }: Leftover): RecordedStretch {
  const { generation, startTicks, startedAtMs } = facts;
  const { endTicks } = scanned;
  const endedAtMs = epochAt({ ticks: startTicks, epochMs: startedAtMs }, endTicks);
  return { generation, startTicks, endTicks, startedAtMs, endedAtMs };
}
