/**
 * A recording while it is written: an init segment, what it says of itself, and the channel's parts as they are. It can
 * be played at any moment. Owned by the recorder of its channel, which closes it.
 *
 * Invariants: it ends with a whole fragment, also after a write that failed; what `sync` has confirmed survives a power
 * cut, where it lies on a disk.
 */
import { mkdir, open, rm, rmdir, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { inspectInit, inspectPart, type SampleDefaults } from "../../hls/mp4.js";
import type { RecordedPart } from "../messages.js";
import { isAbsent, syncFolder } from "../storage/recordings-folder.js";
import type { OpenFile } from "./cuts.js";
import { factsBox, type FileFacts } from "./file-facts.js";
import type { ScannedFragments } from "./fragments.js";

export interface NewFragmentFile {
  /** Must not exist yet. */
  readonly path: string;
  readonly facts: FileFacts;
  readonly init: Buffer;
  /** Name of the init segment, as the parts state it. */
  readonly initName: string;
  readonly cutTicks: number;
}

/** A file that a former process left, with all that it holds. */
export interface LeftFragmentFile extends NewFragmentFile {
  readonly scanned: ScannedFragments;
}

export class FragmentFile implements OpenFile {
  readonly path: string;
  readonly facts: FileFacts;
  readonly init: string;
  readonly cutTicks: number;
  readonly #handle: FileHandle;
  readonly #defaults: SampleDefaults;
  #bytes: number;
  #frames: number;
  #endTicks: number;

  /** Makes folders where needed. Errors of the file system are passed on, and leave nothing in the way of the next try. */
  static async create(options: NewFragmentFile): Promise<FragmentFile> {
    const { defaults } = inspectInit(options.init);
    await makeFolder(dirname(options.path));
    const handle = await open(options.path, "wx+");
    const head = Buffer.concat([options.init, factsBox(options.facts)]);
    try {
      await writeAll(handle, head, 0);
      await handle.sync();
      await syncFolder(dirname(options.path));
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(options.path, { force: true }).catch(() => undefined);
      throw error;
    }
    const start = { wholeBytes: head.length, frames: 0, endTicks: options.facts.startTicks };
    return new FragmentFile(handle, options, defaults, start);
  }

  /** Goes on with a file that ends where the next part begins; what stands behind its last fragment is cut off. */
  static async reopen(left: LeftFragmentFile): Promise<FragmentFile> {
    const handle = await open(left.path, "r+");
    try {
      await handle.truncate(left.scanned.wholeBytes);
      return new FragmentFile(handle, left, inspectInit(left.init).defaults, left.scanned);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(
    handle: FileHandle,
    { path, facts, initName, cutTicks }: Omit<NewFragmentFile, "init">,
    defaults: SampleDefaults,
    { wholeBytes, frames, endTicks }: Pick<ScannedFragments, "wholeBytes" | "frames" | "endTicks">,
  ) {
    this.path = path;
    this.facts = facts;
    this.init = initName;
    this.cutTicks = cutTicks;
    this.#handle = handle;
    this.#defaults = defaults;
    this.#bytes = wholeBytes;
    this.#frames = frames;
    this.#endTicks = endTicks;
  }

  get generation(): number {
    return this.facts.generation;
  }

  get camera(): number {
    return this.facts.camera;
  }

  get endTicks(): number {
    return this.#endTicks;
  }

  get frames(): number {
    return this.#frames;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a part that begins where the file ends. Throws `mediaInvalid`, or what the file system says. */
  async append({ startTicks, ticks }: RecordedPart, data: Buffer): Promise<void> {
    const facts = inspectPart(data, this.#defaults);
    if (facts.decodeTicks !== startTicks || facts.ticks !== ticks)
      throw new Error("The part is another than was told.");
    try {
      await writeAll(this.#handle, data, this.#bytes);
    } catch (error) {
      await this.#handle.truncate(this.#bytes).catch(() => undefined); // Repair finds the last whole fragment anyway.
      throw error;
    }
    this.#bytes += data.length;
    this.#frames += facts.samples;
    this.#endTicks = startTicks + ticks;
  }

  /** All that was appended survives a power cut. False: somebody removed the file meanwhile. */
  async sync(): Promise<boolean> {
    await this.#handle.datasync();
    return (await this.#handle.stat()).nlink > 0;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Closes and removes it, with the folders below this one that are empty then. What cannot be removed stays. */
  async abandon(directory: string): Promise<void> {
    await this.close().catch(() => undefined);
    await rm(this.path, { force: true }).catch(() => undefined);
    try {
      for (let folder = dirname(this.path); folder.length > directory.length; folder = dirname(folder))
        await rmdir(folder);
    } catch {
      // Another file lies there.
    }
  }
}

async function writeAll(handle: FileHandle, data: Buffer, position: number): Promise<void> {
  for (let done = 0; done < data.length;) {
    done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
  }
}

/** Makes a folder and those above it, so that they survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let folder = path; folder.length >= made.length; folder = dirname(folder)) await syncFolder(dirname(folder));
}

/** What a path holds; null where there is nothing of that name. */
export async function openIfThere(path: string, flags: string): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
