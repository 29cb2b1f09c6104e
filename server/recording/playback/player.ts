/**
 * What a player gets of recordings: init segments, segments, posters. Lives in the recorder process, owns the cache of
 * what it made and, while one is drawn, the ffmpeg of a poster.
 */
import { open, type FileHandle } from "node:fs/promises";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { RecordingRow } from "../catalogue/recording-row.js";
import { readRange, topBoxes } from "../files/read-boxes.js";
import { realFile } from "../real-file.js";
import { byteRanges, initSegment, segmentHead, segmentsOf } from "./fragment.js";
import { MediaCache } from "./media-cache.js";
import { readMovie, type Movie } from "./movie.js";
import { drawPoster } from "./poster.js";
import { segmentSeconds } from "./vod-playlist.js";

export interface PlayerOptions {
  /** Folder of recordings. */
  readonly root: string;
  /** Folder on tmpfs of its own. */
  readonly directory: string;
  readonly maxBytes: number;
  readonly ffmpegProgram: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tables of samples kept: a player goes through a recording segment by segment. */
const keptMovies = 16;
/** A recording of 30 s has about 20 KB of tables. */
const mostMoovBytes = 16 * 1024 * 1024;

export class Player {
  readonly #options: PlayerOptions;
  readonly #segments: MediaCache;
  readonly #posters: MediaCache;
  readonly #movies = new Map<number, Promise<Movie>>();

  static async open(options: PlayerOptions): Promise<Player> {
    const { directory, maxBytes, clock } = options;
    const segments = await MediaCache.open({ directory: `${directory}/segments`, maxBytes, concurrency: 3, clock });
    // A quarter for 320 pixels wide pictures is some hundreds of them.
    const posters = await MediaCache.open({
      directory: `${directory}/posters`,
      maxBytes: maxBytes / 4,
      concurrency: 1,
      clock,
    });
    return new Player(options, segments, posters);
  }

  private constructor(options: PlayerOptions, segments: MediaCache, posters: MediaCache) {
    this.#options = options;
    this.#segments = segments;
    this.#posters = posters;
  }

  /** Path of the init segment. */
  init(row: RecordingRow): Promise<string> {
    return this.#segments.get(`${row.id}-init.mp4`, async () => initSegment(await this.movie(row)));
  }

  /** Path of a segment. Rejects `notFound` beyond the last one. */
  segment(row: RecordingRow, index: number): Promise<string> {
    return this.#segments.get(`${row.id}-${index}.m4s`, async () => {
      const movie = await this.movie(row);
      const range = segmentsOf(movie, segmentSeconds)[index];
      if (range === undefined) throw new AppError("notFound", `The recording has no segment ${index}.`);
      const samples = movie.samples.slice(range.first, range.end);
      const start = Math.round((row.start_ticks * movie.timescale) / 90_000) + range.startTicks;
      const bytes = await this.#withFile(row, (file) => readRanges(file, byteRanges(samples)));
      return Buffer.concat([segmentHead(samples, start, index + 1), ...bytes]);
    });
  }

  /** Path of a small JPEG of its first frame. */
  poster(row: RecordingRow): Promise<string> {
    return this.#posters.get(`${row.id}.jpg`, async () => {
      const { root, ffmpegProgram: program, log } = this.#options;
      const { path } = await realFile(root, row.path);
      return drawPoster({ path, program, log });
    });
  }

  async forget(id: number): Promise<void> {
    this.#movies.delete(id);
    await this.#segments.forget(`${id}-`);
    await this.#posters.forget(`${id}.`);
  }

  async close(): Promise<void> {
    await this.#segments.close();
    await this.#posters.close();
  }

  /** Its table of samples. */
  movie(row: RecordingRow): Promise<Movie> {
    const known = this.#movies.get(row.id);
    if (known !== undefined) return known;
    const movie = this.#withFile(row, async (file) => readMovie(await readMoov(file)));
    this.#movies.set(row.id, movie);
    movie.catch(() => this.#movies.delete(row.id));
    for (const id of this.#movies.keys()) if (this.#movies.size > keptMovies) this.#movies.delete(id);
    return movie;
  }

  async #withFile<Result>(row: RecordingRow, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
    const { path } = await realFile(this.#options.root, row.path);
    const file = await open(path, "r");
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}

/** The box moov, wherever it stands among the boxes of the file. */
async function readMoov(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  for await (const { type, start, end } of topBoxes(file, size)) {
    if (type === "moov" && end - start <= mostMoovBytes) return readRange(file, start, end);
  }
  throw new AppError("mediaInvalid", "The recording has no table of samples.");
}

async function readRanges(file: FileHandle, ranges: readonly { offset: number; size: number }[]): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (const { offset, size } of ranges) {
    const part = await readRange(file, offset, offset + size);
    if (part.length < size)
      throw new AppError("mediaInvalid", "The recording is shorter than its table of samples says.");
    parts.push(part);
  }
  return parts;
}
