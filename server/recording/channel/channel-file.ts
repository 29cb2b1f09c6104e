/**
 * The file that a channel's parts are written to now, if there is one: begun, synced, ended and handed over. Owned by the
 * recorder of the channel, which decides what becomes of each part.
 */
import { readFile, rm } from "node:fs/promises";
import { relative } from "node:path";
import { ticksPerMs } from "../../hls/ticks.js";
import type { Log } from "../../lib/log.js";
import type { RecordingRows } from "../catalogue/recording-rows.js";
import type { FinishTask } from "../files/finisher.js";
import type { FragmentFile } from "../files/fragment-file.js";
import type { RecordedPart, RecordingGap } from "../messages.js";
import type { Leftover } from "../repair/leftovers.js";
import type { OngoingCalls } from "../storage/ongoing-calls.js";
import type { Tier } from "../storage/tier.js";
import type { FileMaker } from "./file-maker.js";
import { gapReasons, type GapNotes } from "./gap-notes.js";

export interface ChannelFileOptions {
  /** Folder of finished recordings: paths in the catalogue count from it. */
  readonly directory: string;
  readonly tier: Tier;
  readonly rows: RecordingRows;
  readonly calls: OngoingCalls;
  /** Takes a file over when its last part is written. */
  readonly finish: (task: FinishTask) => void;
  readonly onWritten: (endTicks: number) => void;
  readonly onGap: (gap: RecordingGap) => void;
  /** The catalogue failed, while the files did not. */
  readonly onError: (error: unknown) => void;
  readonly log: Log;
}

/** What was written since recording began. */
export interface Tally {
  readonly ticks: number;
  readonly files: number;
  readonly bytes: number;
}

/** Parts between two syncs: 0.8 s, so that with the time a sync takes a power cut costs a second at most. */
const partsPerSync = 4;
const nothing: Tally = { ticks: 0, files: 0, bytes: 0 };

export class ChannelFile {
  readonly #o: ChannelFileOptions;
  readonly #maker: FileMaker;
  readonly #gaps: GapNotes;
  #file: FragmentFile | null = null;
  #unsynced = 0;
  #tally = nothing;

  constructor(options: ChannelFileOptions, maker: FileMaker, gaps: GapNotes) {
    this.#o = options;
    this.#maker = maker;
    this.#gaps = gaps;
  }

  /** Null: none is written. */
  get open(): FragmentFile | null {
    return this.#file;
  }

  get tally(): Tally {
    return this.#tally;
  }

  countAnew(): void {
    this.#tally = nothing;
  }

  /** Goes on with what a former process left. Errors of the file system are passed on. */
  async goOnWith(left: Leftover, part: RecordedPart): Promise<void> {
    this.#file = await this.#maker.goOn(left, part);
  }

  /** Adds a part; to another file, which begins with it, where there is none. Errors of the file system are passed on. */
  async append(part: RecordedPart): Promise<void> {
    const { calls } = this.#o;
    const data = await readFile(part.path);
    const file = this.#file ?? (await this.#begin(part));
    await calls.run(() => file.append(part, data));
    this.#gaps.recorded();
    this.#count({ ticks: part.ticks, bytes: data.length });
    this.#unsynced += 1;
    if (this.#unsynced >= partsPerSync) await this.#sync(file);
  }

  /** Ends the file, if there is one, and hands it over. Never throws: what failed shows when it is finished. */
  async end(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    this.#unsynced = 0;
    const { facts, endTicks, frames, bytes, path } = file;
    await this.#o.calls.run(async () => {
      await file.sync().catch((error: unknown) => {
        this.#o.log.warn("a file could not be synced", { path, error: String(error) });
      });
      await file.close().catch(() => undefined);
    });
    if (frames === 0) {
      await this.#discard(path);
      return;
    }
    const endedAtMs = Math.round(facts.startedAtMs + (endTicks - facts.startTicks) / ticksPerMs);
    this.#gaps.ended({ ticks: endTicks, epochMs: endedAtMs });
    this.#count({ files: 1 });
    this.#o.finish({ path, facts, bytes, written: { frames, endTicks } });
    this.#o.onWritten(endTicks);
  }

  async #begin(part: RecordedPart): Promise<FragmentFile> {
    const { tier, calls, rows, directory, onGap, log } = this.#o;
    tier.review();
    await tier.available();
    const file = await calls.run(() => this.#maker.begin(part));
    if (!(await tier.isOurs())) {
      await calls.run(() => file.abandon(directory));
      throw diskWentAway();
    }
    this.#file = file;
    this.#tryRow("a row could not be opened", () => rows.open(relative(directory, file.path), file.facts));
    this.#count({ bytes: file.bytes });
    log.debug("a file begins", { path: file.path });
    const noted = this.#gaps.before(file.facts);
    if (noted === null) return file;
    const { gap, fromTicks, toTicks } = noted;
    const isNew = this.#tryRow("a gap could not be written down", () => rows.addGap(gap, fromTicks, toTicks));
    if (isNew !== false) onGap(gap);
    return file;
  }

  async #sync(file: FragmentFile): Promise<void> {
    const { tier, calls, onWritten } = this.#o;
    this.#unsynced = 0;
    const isThere = !tier.survivesPowerCut || (await calls.run(() => file.sync()));
    if (!isThere) await this.#forget(file);
    onWritten(file.endTicks);
  }

  async #forget(file: FragmentFile): Promise<void> {
    this.#gaps.because(gapReasons.deleted);
    this.#file = null;
    await file.close();
    this.#removeRow(file.path);
  }

  /** A file in which nothing came to be. */
  async #discard(path: string): Promise<void> {
    await rm(path, { force: true }).catch(() => undefined);
    this.#removeRow(path);
  }

  #removeRow(path: string): void {
    this.#tryRow("a row could not be removed", () => {
      this.#o.rows.removeOpen(relative(this.#o.directory, path));
    });
  }

  #count({ ticks = 0, files = 0, bytes = 0 }: Partial<Tally>): void {
    const tally = this.#tally;
    this.#tally = { ticks: tally.ticks + ticks, files: tally.files + files, bytes: tally.bytes + bytes };
  }

  /** The catalogue may fail while the files do not: they say all of themselves, and get their rows when it works again. */
  #tryRow<Result>(what: string, write: () => Result): Result | undefined {
    try {
      return write();
    } catch (error) {
      this.#o.onError(error);
      this.#o.log.error(what, { reason: String(error) });
      return undefined;
    }
  }
}

/** It was unmounted while a file was begun, which would have grown in the empty folder below. */
function diskWentAway(): NodeJS.ErrnoException {
  return Object.assign(new Error("The disk of the recordings went away."), { code: "ENODEV" });
}
