/**
 * The recorder: all that happens to recordings on disk, in a process of its own, so that a disk that hangs holds up
 * nobody (I8). It owns the catalogue's writer, the storage, the channels' recorders and the finisher, and ends them in
 * `close`. What it is told comes in order; repair comes before everything else.
 */
import { mkdir } from "node:fs/promises";
import type { Connection } from "../config/database.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { RecordingRows } from "./catalogue/recording-rows.js";
import { ChannelRecorder, type StopReason } from "./channel/channel-recorder.js";
import { stemOf } from "./files/file-name.js";
import { Finisher, type FinishTask } from "./files/finisher.js";
import type { RecordedPart, RecorderConfig, RecorderEvent, RecorderMessage, RecorderStatus } from "./messages.js";
import { tellEvents } from "./recorder-events.js";
import { Leftovers } from "./repair/leftovers.js";
import { StartUp } from "./repair/start-up.js";
import { DatedClock } from "./retention/dated-clock.js";
import { OngoingCalls } from "./storage/ongoing-calls.js";
import { RecordingsFolder } from "./storage/recordings-folder.js";
import { Storage } from "./storage/storage.js";
import { SpaceWatch } from "./storage/space-watch.js";
import { DiskTier, MemoryTier, type Tier } from "./storage/tier.js";

export interface RecorderOptions {
  readonly config: RecorderConfig;
  readonly connection: Connection;
  readonly tell: (message: RecorderMessage) => void;
  readonly records?: ChildRecords;
  readonly clock: Clock;
  /** Default: as the machine says. */
  readonly isClockSet?: () => Promise<boolean>;
  /** How long recording waits for what a former run left. Default: 20 s. */
  readonly repairPatienceMs?: number;
  /** How long a file stays open while no part comes. Default: 10 s. */
  readonly quietMs?: number;
  /** Something failed and is logged; whoever knows what it means may act on it. */
  readonly onError?: (error: unknown) => void;
  readonly log: Log;
}

/** A look at the free space is under way as often as not; a call that takes longer is one that somebody waits for. */
const slowMs = 1000;

export class Recorder {
  readonly rows: RecordingRows;
  readonly storage: Storage;
  readonly calls: OngoingCalls;
  readonly #o: RecorderOptions;
  readonly #space: SpaceWatch;
  readonly #finisher: Finisher;
  readonly #leftovers: Leftovers;
  readonly #tier: Tier;
  readonly #dated: DatedClock;
  readonly #channels = new Map<string, ChannelRecorder>();
  readonly #startUp: StartUp;
  readonly #listeners: (() => void)[] = [];
  #config: RecorderConfig;

  constructor(options: RecorderOptions) {
    this.#o = options;
    const { config, connection, clock, log, records } = options;
    const { directory, state, memoryDirectory, ffmpegProgram } = config;
    this.#config = config;
    this.#dated = new DatedClock(clock, options.isClockSet);
    this.calls = new OngoingCalls(clock);
    this.rows = new RecordingRows(connection);
    const folder = new RecordingsFolder(directory, state);
    this.storage = new Storage({ folder, owedBytes: () => this.#owedBytes, calls: this.calls, clock, log });
    this.#space = new SpaceWatch(this.storage, (event) => {
      this.#event(event);
    });
    this.#finisher = new Finisher({
      ...{ directory, rows: this.rows, ffmpegProgram, log, storage: this.storage, calls: this.calls },
      ...(records && { records }),
      onError: (error) => options.onError?.(error),
    });
    this.#leftovers = new Leftovers({
      ...{ directory, memoryDirectory, rows: this.rows, log },
      isOurs: () => this.storage.isOurs(),
      isSound: () => this.storage.isSound(),
      isLive: (stem) => this.#isLive(stem),
      finish: (task) => this.#finishNow(task),
      onSetAside: (path, reason) => {
        this.#event({ kind: "setAside", path, reason });
      },
    });
    this.#tier = this.#makeTier();
    tellEvents({
      ...{ storage: this.storage, finisher: this.#finisher, rows: this.rows, onError: this.#onError },
      tell: (event) => {
        this.#event(event);
      },
    });
    // Where it fails, the tier says so when it is written to.
    mkdir(memoryDirectory, { recursive: true }).catch(() => undefined);
    this.#startUp = new StartUp({
      ...{ directory, storage: this.storage, leftovers: this.#leftovers, rows: this.rows, log },
      ...(options.repairPatienceMs !== undefined && { patienceMs: options.repairPatienceMs }),
      onError: (error) => this.#o.onError?.(error),
      mayGoOn: (channel) => this.#channels.get(channel)?.isBusy === true,
      onChanged: () => {
        for (const listener of this.#listeners) listener();
      },
    });
  }

  get status(): RecorderStatus {
    const channels = [...this.#channels.values()].map(({ status }) => status).filter((status) => status !== null);
    const { freeBytes, totalBytes } = this.#space.latest ?? { freeBytes: null, totalBytes: null };
    return {
      channels,
      problem: this.storage.problem ?? this.#tier.problem,
      unfinished: this.#finisher.unfinished,
      freeBytes,
      totalBytes,
      busyMs: Math.round(this.calls.oldestMs),
      isIdle: channels.length === 0 && this.#isQuiet && this.calls.oldestMs < slowMs,
    };
  }

  /** All that was begun is finished, and catalogue and disk agree: the next start finds nothing to do. */
  get isSettled(): boolean {
    return this.#startUp.isDone && this.#finisher.unfinished === 0 && this.rows.unfinished().length === 0;
  }

  /** Resolves when what a former run left is put right; never rejects. */
  get repaired(): Promise<void> {
    return this.#startUp.repaired;
  }

  /** Resolves when the catalogue has every file as well: after the loss of a catalogue that takes its time. Never rejects. */
  get agreed(): Promise<void> {
    return this.#startUp.agreed;
  }

  /** Calls back when the catalogue has other recordings than before. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
    this.#finisher.on("finished", listener);
  }

  configure(config: RecorderConfig): void {
    this.#config = { ...config, directory: this.#config.directory, state: this.#config.state };
  }

  start(channel: string): void {
    this.#recorderOf(channel).start();
  }

  part(part: RecordedPart): void {
    this.#channels.get(part.channel)?.part(part);
  }

  stop(channel: string, why: StopReason): void {
    this.#channels.get(channel)?.stop(why);
  }

  /** Resolves when everything told so far of a channel is on its tier, or was given up. */
  async written(channel: string): Promise<void> {
    await this.#channels.get(channel)?.settled();
  }

  /** Finishes every file. What a disk does not take is left to the next start. */
  async close(): Promise<void> {
    this.#space.close();
    for (const channel of this.#channels.values()) channel.stop("off");
    await Promise.all([...this.#channels.values()].map((channel) => channel.settled()));
    this.#leftovers.finishKept();
    // A disk that is full or gone is waited for no more.
    this.storage.close();
    this.#finisher.close();
    await this.#finisher.settled();
  }

  /** Nothing is left to be done, nor to be told. */
  get #isQuiet(): boolean {
    const isWell = this.storage.problem === null && this.#tier.problem === null && this.#space.isQuiet;
    return isWell && this.#startUp.isDone && !this.#leftovers.areKept && this.#finisher.unfinished === 0;
  }

  get #owedBytes(): number {
    const open = [...this.#channels.values()].reduce((sum, { openBytes }) => sum + openBytes, 0);
    return open + this.#finisher.unfinishedBytes;
  }

  #makeTier(): Tier {
    const { tier, memoryDirectory, memoryMb } = this.#config;
    if (tier === "disk") return new DiskTier(this.storage);
    const usedBytes = (): number => this.#owedBytes;
    return new MemoryTier({ directory: memoryDirectory, mostBytes: memoryMb * 1e6, usedBytes, clock: this.#o.clock });
  }

  #isLive(stem: string): boolean {
    const open = [...this.#channels.values()].flatMap(({ openPath }) => openPath ?? []);
    return this.#finisher.has(stem) || open.some((path) => stemOf(path) === stem);
  }

  async #finishNow(task: FinishTask): Promise<void> {
    this.#finisher.add(task);
    await this.#finisher.settled();
  }

  readonly #onError = (error: unknown): void => {
    this.#o.onError?.(error);
    this.#o.log.error("the catalogue could not be written", { reason: String(error) });
  };

  #recorderOf(channel: string): ChannelRecorder {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const { clock, log, tell } = this.#o;
    const made = new ChannelRecorder({
      ...{ channel, directory: this.#config.directory, tier: this.#tier, rows: this.rows, calls: this.calls },
      leftovers: this.#leftovers,
      repaired: this.#startUp.repaired,
      fileSeconds: () => this.#config.fileSeconds,
      isDated: () => this.#dated.isSet(),
      finish: (task) => {
        this.#finisher.add(task);
      },
      onWritten: (endTicks) => {
        tell({ type: "written", channel, endTicks });
      },
      onGap: (gap) => {
        this.#event({ kind: "gap", gap });
      },
      ...(this.#o.quietMs !== undefined && { quietMs: this.#o.quietMs }),
      nowMs: () => Math.round(clock.epochMs()),
      onError: (error) => this.#o.onError?.(error),
      log,
    });
    this.#channels.set(channel, made);
    return made;
  }

  #event(event: RecorderEvent): void {
    this.#o.tell({ type: "event", event });
  }
}
