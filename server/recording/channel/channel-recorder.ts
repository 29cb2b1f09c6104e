/**
 * Records one channel: takes the parts it is told of in their order, and makes files of them. Owned by the recorder.
 *
 * Invariants: a file has one generation and begins with a key frame (I2); no part is in two files; while the disk cannot
 * be written, parts wait where they are, on tmpfs, and what is gone by then is a gap with its reason; what waits here is
 * bounded; a file does not stay open where no part comes any more.
 */
import { ticksPerMs } from "../../hls/ticks.js";
import { toAppError } from "../../lib/errors.js";
import { decidePart } from "../files/cuts.js";
import type { RecordedChannel, RecordedPart } from "../messages.js";
import type { Leftovers } from "../repair/leftovers.js";
import { isAbsent } from "../storage/recordings-folder.js";
import { ChannelFile, type ChannelFileOptions } from "./channel-file.js";
import { FileMaker } from "./file-maker.js";
import { GapNotes, gapReasons } from "./gap-notes.js";
import { holds, newestOf, type RecordedStretch } from "./known-media.js";
import { PartQueue, type QueueItem } from "./part-queue.js";

export interface ChannelRecorderOptions extends ChannelFileOptions {
  readonly channel: string;
  readonly leftovers: Leftovers;
  /** Nothing is written before. */
  readonly repaired: Promise<void>;
  readonly fileSeconds: () => number;
  /** The wall clock was set. */
  readonly isDated: () => Promise<boolean>;
  /** How long a file stays open while no part comes. Default: 10 s. */
  readonly quietMs?: number;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** Recording is off, or the parts were those of a former run of the service. */
export type StopReason = "off" | "restarted";

/** No part for so long: the camera is off. Whatever else holds parts up is mended sooner, or costs more than the file. */
const defaultQuietMs = 10_000;

export class ChannelRecorder {
  readonly #o: ChannelRecorderOptions;
  readonly #maker: FileMaker;
  readonly #gaps = new GapNotes();
  readonly #file: ChannelFile;
  readonly #queue: PartQueue;
  #quiet: NodeJS.Timeout | null = null;
  /** What was recorded already before this process; null: nobody has looked yet. */
  #known: readonly RecordedStretch[] | null = null;
  #recording = false;
  #since = 0;

  constructor(options: ChannelRecorderOptions) {
    this.#o = options;
    this.#maker = new FileMaker(options.tier, options.fileSeconds, options.isDated);
    this.#file = new ChannelFile(options, this.#maker, this.#gaps);
    this.#queue = new PartQueue({
      begin: options.repaired,
      act: (item) => this.#act(item),
      onDropped: () => {
        this.#gaps.because(gapReasons.lost);
      },
    });
  }

  /** It is recorded, or was, and not all of it is written. */
  get isBusy(): boolean {
    return this.#recording || this.#queue.isBusy;
  }

  /** Null: nothing is recorded, and nothing waits. */
  get status(): RecordedChannel | null {
    if (!this.isBusy) return null;
    const { ticks, files, bytes } = this.#file.tally;
    return {
      channel: this.#o.channel,
      camera: this.#file.open?.camera ?? null,
      sinceMs: this.#since,
      recordedMs: Math.round(ticks / ticksPerMs),
      files,
      bytes,
      waiting: this.#queue.length,
    };
  }

  /** Of the file being written; null: none is. */
  get openPath(): string | null {
    return this.#file.open?.path ?? null;
  }

  /** Bytes of the file being written. */
  get openBytes(): number {
    return this.#file.open?.bytes ?? 0;
  }

  start(): void {
    if (this.#recording) return;
    this.#recording = true;
    this.#since = this.#o.nowMs();
    this.#file.countAnew();
  }

  part(part: RecordedPart): void {
    if (!this.#recording) return;
    this.#queue.add(part);
    this.#quiet ??= this.#expectParts();
    this.#quiet.refresh();
  }

  /** Finishes what was told of so far. */
  stop(why: StopReason): void {
    if (!this.#recording) return;
    this.#recording = false;
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    this.#quiet = null;
    this.#queue.add(why);
  }

  /** Resolves when nothing waits any more. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  #expectParts(): NodeJS.Timeout {
    const end = (): void => {
      this.#queue.add("quiet");
    };
    return setTimeout(end, this.#o.quietMs ?? defaultQuietMs).unref();
  }

  async #act(item: QueueItem): Promise<void> {
    if (typeof item === "object") await this.#record(item);
    else if (item === "quiet") await this.#file.end();
    else await this.#stopNow(item);
  }

  async #stopNow(why: StopReason): Promise<void> {
    await this.#file.end();
    this.#o.leftovers.finishKept([this.#o.channel]);
    if (why === "off") this.#gaps.stopped();
    else this.#gaps.because(gapReasons.restarted);
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
        if (!isTier || failures > 0) await this.#file.end();
        if (isTier) continue;
        this.#giveUp(part, error);
        return;
      }
    }
  }

  async #take(part: RecordedPart): Promise<void> {
    this.#prepare();
    for (;;) {
      if (this.#file.open === null) {
        if (this.#isKnown(part)) {
          this.#o.onWritten(part.startTicks + part.ticks);
          return;
        }
        if (part.afterOff === true) this.#gaps.stopped();
        await this.#goOn(part);
      }
      const decision = decidePart(this.#file.open, part);
      switch (decision.kind) {
        case "skip":
          if (this.#file.open === null) this.#o.onWritten(part.startTicks + part.ticks);
          return;
        case "end":
          await this.#file.end();
          break;
        case "begin":
        case "append":
          await this.#file.append(part);
          return;
      }
    }
  }

  #isKnown(part: RecordedPart): boolean {
    return this.#known?.some((stretch) => holds(stretch, part)) === true;
  }

  /** Once: what the catalogue and a former process have of this channel. */
  #prepare(): void {
    if (this.#known !== null) return;
    const [recorded, unfinished] = [this.#recorded(), this.#o.leftovers.stretchesOf(this.#o.channel)];
    this.#known = [...recorded, ...unfinished];
    const newest = newestOf(recorded, unfinished);
    if (newest === null) return;
    this.#gaps.ended({ ticks: newest.endTicks, epochMs: newest.endedAtMs });
    this.#maker.anchor({ ticks: newest.startTicks, epochMs: newest.startedAtMs });
  }

  /** Nothing where the catalogue cannot say: what is told of twice may be in two files then, and nothing is lost. */
  #recorded(): RecordedStretch[] {
    const { channel, rows, onError, log } = this.#o;
    try {
      return rows.stretchesOf(channel);
    } catch (error) {
      onError(error);
      log.error("the catalogue does not say what was recorded before", { reason: String(error) });
      return [];
    }
  }

  /** With what a former process left, where this part follows it; one that cannot be written is finished as it is. */
  async #goOn(part: RecordedPart): Promise<void> {
    const left = this.#o.leftovers.take(part);
    if (left === null) return;
    try {
      await this.#file.goOnWith(left, part);
    } catch (error) {
      this.#o.log.warn("what was left cannot be gone on with", { path: left.path, reason: String(error) });
      void this.#o.leftovers.finish(left);
    }
  }

  #giveUp(part: RecordedPart, error: unknown): void {
    const { code } = toAppError(error);
    if (!isAbsent(error))
      this.#o.log.error("a part could not be recorded", { path: part.path, code, reason: String(error) });
    this.#gaps.because(gapReasons.lost);
    this.#o.onWritten(part.startTicks + part.ticks);
  }
}
