/**
 * What happens once after a start: what a former run left is finished, then catalogue and disk are made to agree. Owned
 * by the recorder, and over by itself.
 *
 * Invariants: recording waits for the first for 20 s at the most, and for the second never; a disk that is full is read
 * all the same, for only a catalogue that knows its files can make room on it.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Log } from "../../lib/log.js";
import type { RecordingRows } from "../catalogue/recording-rows.js";
import type { Storage } from "../storage/storage.js";
import { adoptFile, compareFolders, dropRow } from "./agreement.js";
import type { Leftovers } from "./leftovers.js";

export interface StartUpOptions {
  readonly directory: string;
  readonly storage: Storage;
  readonly leftovers: Leftovers;
  readonly rows: RecordingRows;
  /** Whether more parts of a leftover's channel were told, or will be. */
  readonly mayGoOn: (channel: string) => boolean;
  /** The catalogue has more recordings, or fewer. */
  readonly onChanged: () => void;
  readonly onError: (error: unknown) => void;
  readonly log: Log;
  /** Default: 20 s. */
  readonly patienceMs?: number;
}

/** Parts are on tmpfs for 40 s at the least. */
const defaultPatienceMs = 20_000;
/** Repair that waits for room on the disk holds up the agreement no longer. */
const roomMs = 10_000;
const retryMs = 2000;
/** Between two words about what was found: after the loss of a catalogue there may be a hundred thousand. */
const adoptedAtOnce = 50;

export class StartUp {
  readonly #o: StartUpOptions;
  readonly repaired: Promise<void>;
  readonly agreed: Promise<void>;
  #hasSettled = false;
  #hasAgreed = false;
  /** Recording has begun: nothing can be gone on with any more. */
  #isLate = false;

  constructor(options: StartUpOptions) {
    this.#o = options;
    this.repaired = this.#repair();
    this.agreed = this.#agree();
  }

  /** Nothing is left of former runs, and catalogue and disk agree. */
  get isDone(): boolean {
    return this.#hasSettled && this.#hasAgreed;
  }

  async #repair(): Promise<void> {
    const { storage, leftovers, log, patienceMs = defaultPatienceMs } = this.#o;
    const over = new AbortController();
    const late = storage.available().then(async () => {
      await wait(patienceMs, undefined, { signal: over.signal }).catch(() => undefined);
      return "late" as const;
    });
    const end = await Promise.race([this.#settle(), late]);
    over.abort();
    this.#isLate = true;
    if (end === "late") log.warn("what a former run left is not finished yet; recording goes on without it");
    leftovers.expectParts();
  }

  /** Never rejects. Again where the disk fails or goes away meanwhile. */
  async #settle(): Promise<"settled"> {
    const { storage, leftovers, mayGoOn, log } = this.#o;
    for (;;) {
      await storage.available();
      if (storage.isClosed) return "settled";
      try {
        this.#hasSettled = await leftovers.settle((channel) => !this.#isLate && mayGoOn(channel));
        if (this.#hasSettled) return "settled";
        storage.review();
      } catch (error) {
        if (storage.failed(error)) continue;
        this.#o.onError(error);
        log.error("what a former run left could not be repaired", { reason: String(error) });
        return "settled";
      }
    }
  }

  /** Never rejects. */
  async #agree(): Promise<void> {
    const { storage, log } = this.#o;
    await Promise.race([this.repaired, storage.proven().then(() => wait(roomMs, undefined, { ref: false }))]);
    for (;;) {
      await storage.proven();
      if (storage.isClosed) return;
      try {
        this.#hasAgreed = await this.#compare();
        if (this.#hasAgreed) return;
      } catch (error) {
        log.error("catalogue and disk could not be compared", { reason: String(error) });
        this.#o.onError(error);
        if (!storage.failed(error)) return;
      }
      await wait(retryMs, undefined, { ref: false });
    }
  }

  /** False: the folder went away meanwhile. */
  async #compare(): Promise<boolean> {
    const { directory, storage, rows, log, onChanged } = this.#o;
    const found = await compareFolders(directory, rows, { isSound: () => storage.isSound(), log });
    // Only now: what was found to be missing counts where the folder is still the one it should be.
    if (!(await storage.isOurs()) || storage.isClosed) return false;
    for (const { id } of found.rowsWithoutFile) await dropRow(directory, id, rows, log);
    // What was finished during the look has its row by now.
    await this.#adopt(found.filesWithoutRow.filter((path) => !rows.hasPath(path)));
    onChanged();
    return !storage.isClosed;
  }

  async #adopt(files: readonly string[]): Promise<void> {
    const { directory, rows, storage, log, onChanged } = this.#o;
    for (const [index, path] of files.entries()) {
      if (storage.isClosed) return;
      const isAdopted = await adoptFile(directory, path, rows).catch((error: unknown) => {
        log.warn("a file could not be read, and gets no row", { path, reason: String(error) });
        return null;
      });
      if (isAdopted !== null)
        log.info(isAdopted ? "a file got its row" : "a file is none of ours, and is left alone", { path });
      if ((index + 1) % adoptedAtOnce === 0) onChanged();
    }
  }
}
