/**
 * Which folder the recordings lie in, by its device and a marker file in it, remembered in the state folder: a disk that
 * is not mounted leaves an ordinary empty folder, which must never be filled. Owns both files.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const markerName = ".smart-toggle-recordings";
/** In the state folder: which folder is ours. */
export const folderMemory = "recordings-folder.json";

const memorySchema = z.object({ directory: z.string(), device: z.number(), marker: z.string() });
type Memory = z.infer<typeof memorySchema>;

export interface FolderFacts {
  /** Device of the folder; null: there is none. */
  readonly device: number | null;
  /** Device of the nearest folder above that exists. */
  readonly deviceAbove: number;
  /** What its marker file says; null: there is none. */
  readonly marker: string | null;
  /** What was remembered of this very path; null: it is new. */
  readonly remembered: { readonly device: number; readonly marker: string } | null;
}

/** Make it, mark it as ours, use it as it is, or leave it alone. */
export type FolderVerdict = "create" | "mark" | "use" | "missing";

/**
 * Pure. A marker that is known proves the folder whatever its device is called today. Without one, the device must be
 * that of the last time: then somebody emptied or removed the folder, on the same disk.
 */
export function judgeFolder({ device, deviceAbove, marker, remembered }: FolderFacts): FolderVerdict {
  if (remembered === null) return device === null ? "create" : marker === null ? "mark" : "use";
  if (device !== null && marker === remembered.marker) return "use";
  if ((device ?? deviceAbove) !== remembered.device) return "missing";
  return device === null ? "create" : "mark";
}

export class RecordingsFolder {
  readonly directory: string;
  readonly #memoryPath: string;
  #securing: Promise<unknown> = Promise.resolve();

  constructor(directory: string, stateDirectory: string) {
    this.directory = directory;
    this.#memoryPath = join(stateDirectory, folderMemory);
  }

  /**
   * Makes sure that the folder is there and is ours; false: it is on a mount that is missing. Passes on other errors. One
   * after the other: two at once would mark a new folder twice.
   */
  secure(): Promise<boolean> {
    const secured = this.#securing.then(() => this.#secure());
    this.#securing = secured.catch(() => undefined);
    return secured;
  }

  /** What `secure` would do; nothing is made or written. Errors are passed on. */
  async judge(): Promise<FolderVerdict> {
    return judgeFolder(await this.#look());
  }

  async #secure(): Promise<boolean> {
    const facts = await this.#look();
    const verdict = judgeFolder(facts);
    if (verdict === "missing") return false;
    if (verdict === "create") await mkdir(this.directory, { recursive: true });
    const marker = verdict === "use" ? (facts.marker ?? randomUUID()) : await this.#mark(facts.remembered?.marker);
    const { dev: device } = await stat(this.directory);
    if (facts.remembered?.device !== device || facts.remembered.marker !== marker) {
      await this.#remember({ directory: this.directory, device, marker });
    }
    return true;
  }

  async #look(): Promise<FolderFacts> {
    const device = await deviceOf(this.directory);
    const memory = await readMemory(this.#memoryPath);
    return {
      device,
      deviceAbove: device ?? (await deviceAbove(this.directory)),
      marker: await readOrNull(join(this.directory, markerName)),
      remembered: memory?.directory === this.directory ? memory : null,
    };
  }

  async #mark(known: string | undefined): Promise<string> {
    const marker = known ?? randomUUID();
    await writeFile(join(this.directory, markerName), marker, { flush: true });
    return marker;
  }

  async #remember(memory: Memory): Promise<void> {
    const temporary = `${this.#memoryPath}.new`;
    await writeFile(temporary, JSON.stringify(memory), { flush: true, mode: 0o600 });
    await rename(temporary, this.#memoryPath);
    await syncFolder(dirname(this.#memoryPath));
  }
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function deviceOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).dev;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function deviceAbove(path: string): Promise<number> {
  return (await deviceOf(await nearestFolder(dirname(path)))) ?? -1;
}

/** The path itself where it exists, else the nearest one above it that does. Errors of the disk are passed on. */
export async function nearestFolder(path: string): Promise<string> {
  const above = dirname(path);
  return above === path || (await deviceOf(path)) !== null ? path : nearestFolder(above);
}

async function readMemory(path: string): Promise<Memory | null> {
  const text = await readOrNull(path);
  try {
    return text === null ? null : (memorySchema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null;
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Whether an error only says that there is nothing of this name. */
export function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
