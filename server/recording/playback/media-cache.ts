/**
 * Files made on demand from recordings (segments, posters), on tmpfs and bounded. Owns its folder, which is emptied at the
 * start and removed in `close`. A file is made once, however many ask for it at the same time; the one that was not asked
 * for longest goes first, but never within a few seconds after it was asked for: somebody is about to read it.
 */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";

export interface MediaCacheOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** Most that are made at the same time; more wait. */
  readonly concurrency: number;
  readonly clock: Clock;
}

interface Kept {
  readonly bytes: number;
  usedMs: number;
}

/** How long NGINX may take from the answer to the opening of the file. */
const graceMs = 10_000;
/** More who wait are refused: a client that asks for everything at once is none of a person. */
const mostWaiting = 32;

export class MediaCache {
  readonly #options: MediaCacheOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #bytes = 0;

  static async open(options: MediaCacheOptions): Promise<MediaCache> {
    await rm(options.directory, { recursive: true, force: true });
    await mkdir(options.directory, { recursive: true });
    return new MediaCache(options);
  }

  private constructor(options: MediaCacheOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The path of a file of this name, made by `make` unless it is there. Rejects what `make` does, and `tooManyClients`
   * when too many wait or all that is kept was asked for just now.
   */
  async get(name: string, make: () => Promise<Buffer>): Promise<string> {
    const nowMs = this.#options.clock.monotonicMs();
    const kept = this.#kept.get(name);
    if (kept === undefined) {
      let making = this.#making.get(name);
      if (making === undefined) {
        making = this.#make(name, make).finally(() => this.#making.delete(name));
        this.#making.set(name, making);
      }
      await making;
    } else {
      kept.usedMs = nowMs;
      // Last in the order of the map: asked for most lately.
      this.#kept.delete(name);
      this.#kept.set(name, kept);
    }
    return join(this.#options.directory, name);
  }

  /** Forgets every file whose name begins so: its recording is gone. */
  async forget(prefix: string): Promise<void> {
    for (const name of [...this.#kept.keys()]) if (name.startsWith(prefix)) await this.#drop(name);
  }

  async close(): Promise<void> {
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  async #make(name: string, make: () => Promise<Buffer>): Promise<void> {
    await this.#turn();
    try {
      const content = await make();
      await this.#makeRoom(content.length);
      await this.#write(join(this.#options.directory, name), content);
      this.#kept.set(name, { bytes: content.length, usedMs: this.#options.clock.monotonicMs() });
      this.#bytes += content.length;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Renamed into place: what is half written has no name that anybody asks for, and does not stay. */
  async #write(path: string, content: Buffer): Promise<void> {
    try {
      await writeFile(`${path}.new`, content);
      await rename(`${path}.new`, path);
    } catch (error) {
      await rm(`${path}.new`, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= this.#options.concurrency) {
      if (this.#waiting.length >= mostWaiting) throw tooMany();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [name, { usedMs }] of [...this.#kept]) {
      if (this.#bytes + bytes <= this.#options.maxBytes) return;
      if (nowMs - usedMs > graceMs) await this.#drop(name);
    }
    // Twice the bound is the end: as long as somebody plays, his files may stay beyond it.
    if (this.#bytes + bytes > 2 * this.#options.maxBytes) throw tooMany();
  }

  async #drop(name: string): Promise<void> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#kept.delete(name);
    this.#bytes -= kept.bytes;
    await rm(join(this.#options.directory, name), { force: true });
  }
}

const tooMany = () =>
  new AppError("tooManyClients", "Too many look at recordings at the same time. Try again in a moment.");
