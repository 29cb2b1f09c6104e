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
import { ChannelRecorder } from "./channel-recorder.js";
import { rowOf } from "./files/finish.js";
import { Finisher, type FinishTask } from "./files/finisher.js";
import type { RecordedPart, RecorderConfig, RecorderEvent, RecorderMessage, RecorderStatus } from "./messages.js";
import { adoptFile, disagreement, dropRow, finishedFiles } from "./repair/agreement.js";
import { Leftovers } from "./repair/leftovers.js";
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
  readonly log: Log;
}

export class Recorder {
  readonly rows: RecordingRows;
  readonly storage: Storage;
  readonly calls: OngoingCalls;
  readonly #o: RecorderOptions;
  readonly #space: SpaceWatch;
  readonly #finisher: Finisher;
  readonly #leftovers: Leftovers;
  readonly #tier: Tier;
  readonly #channels = new Map<string, ChannelRecorder>();
  readonly #repaired: Promise<void>;
  readonly #agreed: Promise<void>;
  #config: RecorderConfig;

  constructor(options: RecorderOptions) {
    this.#o = options;
    const { config, connection, clock, log, records } = options;
    const { directory, state, memoryDirectory, ffmpegProgram } = config;
    this.#config = config;
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
    });
    this.#leftovers = new Leftovers({
      ...{ directory, memoryDirectory, rows: this.rows, log },
      isOurs: () => this.storage.isOurs(),
      finish: (task) => this.#finishNow(task),
      onSetAside: (path, reason) => {
        this.#event({ kind: "setAside", path, reason });
      },
    });
    this.#tier = this.#makeTier();
    this.#listen();
    const repair = this.#repair();
    this.#repaired = repair.then(() => undefined);
    this.#agreed = repair.then((files) => this.#adopt(files));
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
    };
  }

  /** Resolves when what a former run left is put right; never rejects. */
  get repaired(): Promise<void> {
    return this.#repaired;
  }

  /** Resolves when the catalogue has every file as well: after the loss of a catalogue that takes its time. Never rejects. */
  get agreed(): Promise<void> {
    return this.#agreed;
  }

  /** Calls back when the catalogue has one more recording. */
  onChanged(listener: () => void): void {
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

  stop(channel: string): void {
    this.#channels.get(channel)?.stop();
  }

  /** Resolves when everything told so far of a channel is on its tier, or was given up. */
  async written(channel: string): Promise<void> {
    await this.#channels.get(channel)?.settled();
  }

  /** Finishes every file. What a disk does not take is left to the next start. */
  async close(): Promise<void> {
    this.#space.close();
    for (const channel of this.#channels.values()) channel.stop();
    await Promise.all([...this.#channels.values()].map((channel) => channel.settled()));
    await this.#finisher.settled();
    this.storage.close();
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

  #listen(): void {
    this.storage.on("paused", (problem) => {
      this.#event({ kind: "paused", problem });
    });
    this.storage.on("resumed", () => {
      this.#event({ kind: "resumed" });
    });
    this.#finisher.on("finished", ({ id, task: { facts } }) => {
      this.#event({ kind: "finished", id, channel: facts.channel, camera: facts.camera });
    });
    this.#finisher.on("failed", ({ path, reason }) => {
      this.#event({ kind: "finishFailed", path, reason });
    });
    this.#finisher.on("setAside", ({ path, reason, task }) => {
      this.#event({ kind: "setAside", path, reason });
      this.#noteLost(task, "setAside", "What was recorded cannot be played and was set aside.");
    });
    this.#finisher.on("lost", (task) => {
      this.#noteLost(task, "fileDeleted", "Somebody deleted the file before it was finished.");
    });
  }

  /** Answers the files that have no row. */
  async #repair(): Promise<readonly string[]> {
    const { memoryDirectory } = this.#config;
    await mkdir(memoryDirectory, { recursive: true }).catch(() => undefined);
    for (;;) {
      await this.storage.available();
      if (this.storage.isClosed) return [];
      const files = await this.#settle();
      if (files !== null) return files;
    }
  }

  /** Null: the disk failed or went away meanwhile. */
  async #settle(): Promise<readonly string[] | null> {
    const { directory } = this.#config;
    const { log } = this.#o;
    try {
      const mayGoOn = (channel: string): boolean => this.#channels.get(channel)?.isRecording === true;
      const isSettled = await this.#leftovers.settle(mayGoOn);
      const { filesWithoutRow, rowsWithoutFile } = disagreement(await finishedFiles(directory), this.rows.paths());
      // Only now: what was found to be missing counts where the folder is still the one it should be.
      if (!isSettled || !(await this.storage.isOurs())) {
        this.storage.review();
        return null;
      }
      for (const { id } of rowsWithoutFile) await dropRow(directory, id, this.rows, log);
      return filesWithoutRow;
    } catch (error) {
      if (this.storage.failed(error)) return null;
      log.error("what a former run left could not be repaired", { reason: String(error) });
      return [];
    }
  }

  async #adopt(files: readonly string[]): Promise<void> {
    const { directory } = this.#config;
    for (const path of files) {
      const isAdopted = await adoptFile(directory, path, this.rows).catch((error: unknown) => {
        this.storage.failed(error);
        return false;
      });
      this.#o.log.info(isAdopted ? "a file got its row" : "a file is none of ours, and is left alone", { path });
    }
  }

  async #finishNow(task: FinishTask): Promise<void> {
    this.#finisher.add(task);
    await this.#finisher.settled();
  }

  /** What was written is no more: the time of it is a gap. */
  #noteLost({ facts, written }: FinishTask, code: string, message: string): void {
    this.#tryRow(() => {
      const { endTicks, endedAtMs } = rowOf({ facts, frames: 0, endTicks: written?.endTicks ?? facts.startTicks });
      const { channel, camera, startedAtMs, startTicks } = facts;
      const gap = { channel, camera, fromMs: startedAtMs, toMs: endedAtMs, code, message };
      this.rows.addGap(gap, startTicks, endTicks);
      this.#event({ kind: "gap", gap });
    });
  }

  #tryRow(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#o.log.error("the catalogue could not be written", { reason: String(error) });
    }
  }

  #recorderOf(channel: string): ChannelRecorder {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const { clock, log, tell } = this.#o;
    const made = new ChannelRecorder({
      ...{ channel, directory: this.#config.directory, tier: this.#tier, rows: this.rows, calls: this.calls },
      leftovers: this.#leftovers,
      repaired: this.#repaired,
      fileSeconds: () => this.#config.fileSeconds,
      finish: (task) => {
        this.#finisher.add(task);
      },
      onWritten: (endTicks) => {
        tell({ type: "written", channel, endTicks });
      },
      onGap: (gap) => {
        this.#event({ kind: "gap", gap });
      },
      nowMs: () => Math.round(clock.epochMs()),
      log,
    });
    this.#channels.set(channel, made);
    return made;
  }

  #event(event: RecorderEvent): void {
    this.#o.tell({ type: "event", event });
  }
}
