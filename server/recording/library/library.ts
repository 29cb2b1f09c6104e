/**
 * Everything about recordings that are finished: catalogue, playback, exports, retention. Lives in the recorder process
 * and is closed by it, before the connection of the catalogue.
 *
 * Invariant: a file is removed before its row. What a crash leaves in between is a row without a file, which repair takes
 * out; the other way round, repair would bring back what was deleted. A file that is missing in a folder that is not ours
 * is not gone: its row stays.
 */
import { rm, rmdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Connection } from "../../config/database.js";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import { Catalogue } from "../catalogue/catalogue.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { recordingView } from "../catalogue/recording-view.js";
import { playedOf } from "../export/export-plan.js";
import { Exports } from "../export/exports.js";
import { Player } from "../playback/player.js";
import { vodPlaylist } from "../playback/vod-playlist.js";
import { realFile } from "../real-file.js";
import { Retention, type RetentionSettings } from "../retention/retention.js";
import type { FileTicket, LibraryHandlers, TotalsView } from "./requests.js";

export interface LibraryOptions {
  readonly connection: Connection;
  /** Folder of recordings. */
  readonly root: string;
  /** Whether that folder is the one it should be: false while its disk is not mounted. */
  readonly isOurs: () => Promise<boolean>;
  /** Folder on tmpfs for what is made for players. */
  readonly playbackDirectory: string;
  readonly playbackMb: number;
  readonly ffmpegProgram: string;
  readonly retention: RetentionSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: 2 s. */
  readonly retryMs?: number;
}

/** A playlist names at most so many recordings: a week of one camera. */
const mostPlayed = 21_000;
const sweepMs = 60_000;
const defaultRetryMs = 2000;
const leastRestMs = 3_600_000;

export class Library {
  readonly retention: Retention;
  readonly #options: LibraryOptions;
  readonly #catalogue: Catalogue;
  readonly #player: Player;
  readonly #exports: Exports;
  readonly #sweeping: NodeJS.Timeout;

  /** Tried again while the folder on tmpfs cannot be made: without a library nobody makes room on the disk either. */
  static async open(options: LibraryOptions): Promise<Library> {
    const { log, retryMs = defaultRetryMs } = options;
    for (let tries = 1; ; tries++) {
      try {
        return await Library.#open(options);
      } catch (error) {
        if (tries === 1) log.error("the recordings cannot be shown as yet", { reason: String(error) });
        await wait(retryMs, undefined, { ref: false });
      }
    }
  }

  static async #open(options: LibraryOptions): Promise<Library> {
    const { root, playbackDirectory: directory, playbackMb, ffmpegProgram, clock, log } = options;
    const catalogue = new Catalogue(options.connection);
    const player = await Player.open({ root, directory, maxBytes: playbackMb * 1e6, ffmpegProgram, clock, log });
    const exports = new Exports({ root, isOurs: options.isOurs, catalogue, player, ffmpegProgram, clock, log });
    await exports.restore();
    return new Library(options, catalogue, player, exports);
  }

  private constructor(options: LibraryOptions, catalogue: Catalogue, player: Player, exports: Exports) {
    this.#options = options;
    this.#catalogue = catalogue;
    this.#player = player;
    this.#exports = exports;
    const { root, isOurs, clock, log } = options;
    this.retention = new Retention({
      ...{ root, isOurs, catalogue, settings: options.retention, clock, log },
      held: () => exports.held,
      totals: () => this.#totals(),
      remove: (id) => this.#remove(this.#row(id)),
    });
    this.#sweeping = setInterval(() => {
      this.retention.look();
      void exports.sweep().catch((error: unknown) => {
        log.warn("old exports could not be removed", { reason: String(error) });
      });
    }, sweepMs);
  }

  /** What answers each request. Errors are AppErrors. */
  readonly handlers: LibraryHandlers = {
    recordings: ({ limit, before, ...range }) => this.#catalogue.list(range, limit, before),
    recording: ({ id }) => recordingView(this.#row(id)),
    timeline: (range) => this.#catalogue.timeline(range),
    days: ({ camera, month, zone }) => this.#catalogue.days(camera, month, zone),
    totals: () => this.#totals(),
    pin: ({ id, pinned }) => {
      this.#row(id);
      this.#catalogue.pin(id, pinned);
      return recordingView(this.#row(id));
    },
    deleteRecording: async ({ id }) => {
      await this.#deleteByHand(this.#row(id));
      return null;
    },
    recordingFile: async ({ id }) => {
      const { path } = this.#finished(id);
      await realFile(this.#options.root, path);
      return { in: "recordings", path, name: recordingView(this.#row(id)).name };
    },
    poster: async ({ id }) => this.#made(await this.#player.poster(this.#finished(id))),
    init: async ({ id }) => this.#made(await this.#player.init(this.#finished(id))),
    segment: async ({ id, index }) => this.#made(await this.#player.segment(this.#finished(id), index)),
    playlist: ({ camera, from, to }) => this.#playlist(camera, from, to),
    startExport: ({ camera, from, to }) => this.#exports.start(camera, from, to),
    exports: () => this.#exports.list(),
    export: ({ id }) => this.#exports.get(id),
    removeExport: async ({ id }) => {
      await this.#exports.remove(id);
      return null;
    },
    exportFile: async ({ id, which }) => ({ in: "recordings", ...(await this.#exports.file(id, which)) }),
  };

  /** A recording was finished, or the catalogue changed otherwise. */
  changed(): void {
    this.retention.look();
  }

  /** Nothing is being made or removed. */
  get isIdle(): boolean {
    return !this.#exports.isBusy && !this.retention.isLooking;
  }

  /**
   * When something will be due to be removed, in milliseconds since the Unix epoch; null: nothing will. An hour from now
   * at the soonest: what could not be removed now is not tried again at once.
   */
  dueAtMs(nowMs: number): number | null {
    const times = [this.retention.dueAtMs, this.#exports.dueAtMs].filter((time) => time !== null);
    return times.length === 0 ? null : Math.max(nowMs + leastRestMs, Math.min(...times));
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.retention.close();
    await this.#exports.close();
    await this.#player.close();
  }

  #row(id: number): RecordingRow {
    const row = this.#catalogue.get(id);
    if (row === null) throw new AppError("notFound", `There is no recording ${id}.`);
    return row;
  }

  #finished(id: number): RecordingRow {
    const row = this.#row(id);
    if (row.state === "open") throw new AppError("recordingOpen", `Recording ${id} is being written.`);
    return row;
  }

  #playlist(camera: number, from: number, to: number): string {
    const rows = this.#catalogue.inRange(camera, from, to, mostPlayed + 1);
    if (rows.length === 0) throw new AppError("nothingRecorded", "Nothing of this camera was recorded in that time.");
    if (rows.length > mostPlayed) throw new AppError("badRequest", "The range is too long: choose a week at the most.");
    return vodPlaylist(rows.map(playedOf));
  }

  #made(path: string): FileTicket {
    const name = relative(this.#options.playbackDirectory, path);
    return { in: "playback", path: name, name };
  }

  async #deleteByHand(row: RecordingRow): Promise<void> {
    if (row.state === "open") throw new AppError("recordingOpen", `Recording ${row.id} is being written.`);
    if (row.pinned === 1)
      throw new AppError("recordingPinned", `Recording ${row.id} is pinned: take the pin off first.`);
    if (this.#exports.held.has(row.id)) throw new AppError("recordingOpen", "An export is being made of it.");
    await this.#remove(row);
  }

  async #remove(row: RecordingRow): Promise<void> {
    const { root, isOurs } = this.#options;
    // Only what really lies below the root: a row that leads elsewhere loses its row alone.
    const file = await realFile(root, row.path).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "notFound") return null;
      throw error;
    });
    if (file !== null) await rm(file.path, { force: true });
    else if (!(await isOurs()))
      throw new AppError("recordingsUnreadable", "The disk of the recordings is not mounted: nothing was removed.");
    this.#catalogue.remove(row.id);
    await this.#player.forget(row.id);
    // The folder of the day goes with its last recording.
    if (file !== null) await rmdir(join(root, dirname(row.path))).catch(() => undefined);
  }

  #totals(): TotalsView {
    return { cameras: this.#catalogue.totals(), bytesPerHour: this.#catalogue.bytesPerHour() };
  }
}
