/**
 * Records one channel: takes the parts it is told of in their order, and makes files of them. Owned by the recorder.
 *
 * Invariants: a file has one generation and begins with a key frame (I2); no part is in two files; while the disk cannot
 * be written, parts wait where they are, on tmpfs, and what is gone by then is a gap with its reason; what waits here is
 * bounded.
 */
import { readFile, rm } from "node:fs/promises";
import { relative } from "node:path";
import { ticksPerMs } from "../hls/ticks.js";
import { toAppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { RecordedStretch, RecordingRows } from "./catalogue/recording-rows.js";
import { FileMaker } from "./file-maker.js";
import { decidePart } from "./files/cuts.js";
import type { FinishTask } from "./files/finisher.js";
import type { FragmentFile } from "./files/fragment-file.js";
import { GapNotes, gapReasons } from "./gap-notes.js";
import type { RecordedChannel, RecordedPart, RecordingGap } from "./messages.js";
import type { Leftover, Leftovers } from "./repair/leftovers.js";
import { isAbsent } from "./storage/recordings-folder.js";
import type { OngoingCalls } from "./storage/ongoing-calls.js";
import type { Tier } from "./storage/tier.js";

export interface ChannelRecorderOptions {
  readonly channel: string;
  /** Folder of finished recordings: paths in the catalogue count from it. */
  readonly directory: string;
  readonly tier: Tier;
  readonly rows: RecordingRows;
  readonly leftovers: Leftovers;
  /** Nothing is written before. */
  readonly repaired: Promise<void>;
  readonly fileSeconds: () => number;
  readonly calls: OngoingCalls;
  /** Takes a file over when its last part is written. */
  readonly finish: (task: FinishTask) => void;
  readonly onWritten: (endTicks: number) => void;
  readonly onGap: (gap: RecordingGap) => void;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  readonly log: Log;
}

/** What is done in order: parts, and the end of recording. */
type Item = RecordedPart | "stop";

/** Files of parts are there for 40 s or so; older ones need not be remembered. */
const mostWaiting = 400;
/** Parts between two syncs: 0.8 s, so that with the time a sync takes a power cut costs a second at most. */
const partsPerSync = 4;

export class ChannelRecorder {
  readonly #o: ChannelRecorderOptions;
  readonly #log: Log;
  readonly #maker: FileMaker;
  readonly #gaps = new GapNotes();
  readonly #waiting: Item[] = [];
  #working: Promise<void> | null = null;
  #file: FragmentFile | null = null;
  #unsynced = 0;
  /** What the catalogue has already, of the time before this process. */
  #known: readonly RecordedStretch[] | null = null;
  #recording = false;
  #since = 0;
  #tally = { ticks: 0, files: 0, bytes: 0 };

  constructor(options: ChannelRecorderOptions) {
    this.#o = options;
    this.#log = options.log;
    this.#maker = new FileMaker(options.tier, options.fileSeconds);
  }

  get isRecording(): boolean {
    return this.#recording;
  }

  /** Null: nothing is recorded, and nothing waits. */
  get status(): RecordedChannel | null {
    if (!this.#recording && this.#working === null) return null;
    const { ticks, files, bytes } = this.#tally;
    return {
      channel: this.#o.channel,
      camera: this.#file?.camera ?? null,
      sinceMs: this.#since,
      recordedMs: Math.round(ticks / ticksPerMs),
      files,
      bytes,
      waiting: this.#waiting.length,
    };
  }

  /** Bytes of the file being written. */
  get openBytes(): number {
    return this.#file?.bytes ?? 0;
  }

  start(): void {
    if (this.#recording) return;
    this.#recording = true;
    this.#since = this.#o.nowMs();
    this.#tally = { ticks: 0, files: 0, bytes: 0 };
  }

  part(part: RecordedPart): void {
    if (this.#recording) this.#add(part);
  }

  /** Finishes what was told of so far. */
  stop(): void {
    if (!this.#recording) return;
    this.#recording = false;
    this.#add("stop");
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  #add(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length > mostWaiting) this.#dropOldest();
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Its file is gone by now. An end is never dropped. */
  #dropOldest(): void {
    const oldest = this.#waiting.findIndex((item) => item !== "stop");
    if (oldest >= 0) this.#waiting.splice(oldest, 1);
    this.#gaps.because(gapReasons.lost);
  }

  async #work(): Promise<void> {
    await this.#o.repaired;
    for (let item = this.#waiting[0]; item !== undefined; item = this.#waiting[0]) {
      if (item === "stop") await this.#stopNow();
      else await this.#record(item);
      // A part that had to wait may have been given up meanwhile.
      if (this.#waiting[0] === item) this.#waiting.shift();
    }
  }

  async #stopNow(): Promise<void> {
    await this.#end();
    this.#gaps.stopped();
    const { lastEnd } = this.#gaps;
    if (lastEnd !== null) this.#o.onWritten(lastEnd.ticks);
  }

  /** Until it is recorded, known or gone. */
  async #record(part: RecordedPart): Promise<void> {
    const { tier } = this.#o;
    for (let failures = 0; ; failures++) {
      this.#gaps.because(tier.problem);
      await tier.available();
      try {
        await this.#take(part);
        return;
      } catch (error) {
        const isTier = tier.failed(error);
        // The file goes on after a disk that was full; one that fails again, though all is well, has no disk any more.
        if (!isTier || failures > 0) await this.#end();
        if (isTier) continue;
        this.#giveUp(part, error);
        return;
      }
    }
  }

  async #take(part: RecordedPart): Promise<void> {
    await this.#prepare(part);
    for (;;) {
      const decision = decidePart(this.#file, part);
      switch (decision.kind) {
        case "skip":
          if (this.#file === null) this.#o.onWritten(part.startTicks + part.ticks);
          return;
        case "end":
          await this.#end();
          break;
        case "begin":
          if (this.#isKnown(part)) this.#o.onWritten(part.startTicks + part.ticks);
          else await this.#append(part, true);
          return;
        case "append":
          await this.#append(part, false);
          return;
      }
    }
  }

  /** Once: what the catalogue and a former process have of this channel. */
  async #prepare(part: RecordedPart): Promise<void> {
    if (this.#known !== null) return;
    const { channel, rows, leftovers } = this.#o;
    const left = await leftovers.take(part);
    if (left !== null) this.#file = await this.#goOnWith(left, part);
    const newest = rows.newestOf(channel);
    if (newest !== null) {
      this.#gaps.ended({ ticks: newest.end_ticks, epochMs: newest.ended_at });
      this.#maker.anchor({ ticks: newest.start_ticks, epochMs: newest.started_at });
    }
    this.#known = rows.stretchesOf(channel);
  }

  /** Null: it cannot be written any more, and is finished as it is. */
  async #goOnWith(left: Leftover, part: RecordedPart): Promise<FragmentFile | null> {
    try {
      return await this.#maker.goOn(left, part);
    } catch (error) {
      this.#log.warn("what was left cannot be gone on with", { path: left.path, reason: String(error) });
      await this.#o.leftovers.finish(left);
      return null;
    }
  }

  #isKnown({ startTicks }: RecordedPart): boolean {
    return this.#known?.some((known) => known.startTicks <= startTicks && startTicks < known.endTicks) === true;
  }

  async #append(part: RecordedPart, isFirst: boolean): Promise<void> {
    const { calls, tier } = this.#o;
    const data = await readFile(part.path);
    if (isFirst) {
      tier.review();
      await tier.available();
      this.#file = await calls.run(() => this.#begin(part));
    }
    const file = this.#file;
    if (file === null) return;
    await calls.run(() => file.append(part, data));
    this.#gaps.recorded();
    this.#tally.bytes += data.length;
    this.#tally.ticks += part.ticks;
    this.#unsynced += 1;
    if (this.#unsynced >= partsPerSync) await this.#sync(file);
  }

  async #begin(part: RecordedPart): Promise<FragmentFile> {
    const { rows, directory, onGap } = this.#o;
    const file = await this.#maker.begin(part);
    this.#tryRow("a row could not be opened", () => rows.open(relative(directory, file.path), file.facts));
    this.#tally.bytes += file.bytes;
    this.#log.debug("a file begins", { path: file.path });
    const noted = this.#gaps.before(file.facts);
    if (noted === null) return file;
    this.#tryRow("a gap could not be written down", () => {
      rows.addGap(noted.gap, noted.fromTicks, noted.toTicks);
    });
    onGap(noted.gap);
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

  /** Ends the file, if there is one, and hands it over. Never throws: what failed shows when it is finished. */
  async #end(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    this.#unsynced = 0;
    const { facts, endTicks, frames, bytes, path } = file;
    await this.#o.calls.run(async () => {
      await file.sync().catch((error: unknown) => {
        this.#log.warn("a file could not be synced", { path, error: String(error) });
      });
      await file.close().catch(() => undefined);
    });
    if (frames === 0) {
      await this.#discard(path);
      return;
    }
    this.#gaps.ended({
      ticks: endTicks,
      epochMs: Math.round(facts.startedAtMs + (endTicks - facts.startTicks) / ticksPerMs),
    });
    this.#tally.files += 1;
    this.#o.finish({ path, facts, bytes, written: { frames, endTicks } });
    this.#o.onWritten(endTicks);
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

  #giveUp(part: RecordedPart, error: unknown): void {
    const { code } = toAppError(error);
    if (!isAbsent(error))
      this.#log.error("a part could not be recorded", { path: part.path, code, reason: String(error) });
    this.#gaps.because(gapReasons.lost);
    this.#o.onWritten(part.startTicks + part.ticks);
  }

  /** The catalogue may fail while the files do not: they say all of themselves, and get their rows when it works again. */
  #tryRow(what: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log.error(what, { reason: String(error) });
    }
  }
}
