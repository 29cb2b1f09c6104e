/**
 * One run of ffmpeg: JPEG frames in, parts of 0.2 s out, into a directory of its own. Owned by its generation, which
 * finishes or stops it. Spawned in the constructor; spawned ahead, it waits idle on its standard input.
 *
 * Invariants: what waits on its standard input is bounded; a failing pipe never throws; parts appear whole, by rename.
 */
import { join } from "node:path";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import { Child, type ChildExit, type StopReport } from "../process/child.js";
import type { ChildRecords } from "../process/child-records.js";
import { LimitedLines } from "../process/limited-lines.js";
import { killLadder } from "../process/stop-ladder.js";
import type { EncodedProfile } from "./encoded-profile.js";
import { encoderArguments, makeEncoderFolders } from "./ffmpeg-arguments.js";
import { OverlayFile, type Overlay } from "./overlay.js";
import { softwareEncoder, type VideoEncoder } from "./video-encoder.js";

/** Frames may wait for ffmpeg for so long, and in so many bytes at most. More would only be older. */
const mostBacklogMs = 1000;
const mostBacklogBytes = 8 * 1024 * 1024;

/** Lines of ffmpeg logged in a minute: of a broken camera it complains frame by frame. */
const mostLines = 20;

const partEnd = Buffer.from("\r\n");

export interface EncoderOptions {
  readonly generation: number;
  /** Exists, is empty, and is this encoder's own. */
  readonly directory: string;
  readonly profile: EncodedProfile;
  /** Default: libx264. */
  readonly videoEncoder?: VideoEncoder;
  /** Text in the picture; null: none. */
  readonly overlay?: Overlay | null;
  readonly ffmpegProgram: string;
  readonly records?: ChildRecords | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EncoderEnd {
  readonly exit: ChildExit;
  /** It took longer than it was given and was killed; whole parts stand, the last frames are lost. */
  readonly killed: boolean;
  /** From closing its input to the proof that it is gone. */
  readonly ms: number;
}

export class Encoder {
  readonly generation: number;
  readonly directory: string;
  readonly profile: EncodedProfile;
  readonly videoEncoder: VideoEncoder;
  /** Resolves, never rejects, when ffmpeg is gone, whoever ended it. */
  readonly exited: Promise<ChildExit>;

  readonly #child: Child;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mostWaiting: number;
  readonly #overlay: OverlayFile | null;
  #written = 0;
  #refused = 0;
  #waiting = 0;

  constructor(options: EncoderOptions) {
    const { generation, directory, profile, videoEncoder = softwareEncoder, clock } = options;
    this.generation = generation;
    this.directory = directory;
    this.profile = profile;
    this.videoEncoder = videoEncoder;
    this.#clock = clock;
    this.#mostWaiting = Math.ceil((profile.fps * mostBacklogMs) / 1000);
    this.#log = options.log.child({ part: "encoder", generation });
    makeEncoderFolders(directory);
    this.#overlay = this.#openOverlay(options);
    this.#child = new Child({
      name: `encoder ${generation}`,
      program: options.ffmpegProgram,
      args: encoderArguments({ profile, videoEncoder, directory, overlay: this.#overlay?.drawn }),
      stdin: "pipe",
      ...(this.#overlay && { cwd: this.#overlay.directory }),
      ...(options.records && { records: options.records }),
      log: this.#log,
    });
    const lines = new LimitedLines({ most: mostLines, clock, log: this.#log });
    this.#child.on("line", (line) => {
      lines.warn(line);
    });
    this.exited = this.#child.exited;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Frames accepted by `write`. */
  get framesWritten(): number {
    return this.#written;
  }

  /** Frames refused by `write`, because ffmpeg does not keep up or is gone. */
  get framesRefused(): number {
    return this.#refused;
  }

  /** Bytes accepted that the operating system has not taken yet; 0 while ffmpeg keeps up. */
  get backlogBytes(): number {
    return this.#child.stdin.writableLength;
  }

  /** The last lines of ffmpeg's standard error, oldest first. */
  get recentLines(): readonly string[] {
    return this.#child.recentLines;
  }

  /**
   * Hands one JPEG to ffmpeg. `takenMs` is its moment on the monotonic clock, for the time in the picture. False:
   * refused, because too much waits already or because ffmpeg is gone.
   */
  write(jpeg: Buffer, takenMs?: number): boolean {
    const { stdin } = this.#child;
    const full = this.#waiting >= this.#mostWaiting || stdin.writableLength >= mostBacklogBytes;
    if (full || !stdin.writable) {
      this.#refused += 1;
      return false;
    }
    this.#written += 1;
    this.#waiting += 1;
    if (takenMs !== undefined) this.#overlay?.show(this.#clock.epochMs() - (this.#clock.monotonicMs() - takenMs));
    // In one piece: a copy of a frame takes a few microseconds, a vectored write of three pieces far longer.
    stdin.write(partOf(jpeg), () => (this.#waiting -= 1));
    return true;
  }

  /** Closes its input, so that it writes what it holds and ends (about 20 ms); kills it after `timeoutMs`. */
  async finish(timeoutMs: number): Promise<EncoderEnd> {
    const startMs = this.#clock.monotonicMs();
    this.#child.stdin.end();
    const timeout = setTimeout(() => void this.stop("not finished in time"), timeoutMs);
    const exit = await this.exited;
    clearTimeout(timeout);
    return { exit, killed: exit.signal !== null, ms: this.#clock.monotonicMs() - startMs };
  }

  /** Kills it: nothing that a clean end would save is lost, because parts are whole by rename. */
  stop(reason: string): Promise<StopReport> {
    return this.#child.stop(reason, killLadder);
  }

  #openOverlay({ overlay = null, profile, directory, clock }: EncoderOptions): OverlayFile | null {
    if (overlay === null) return null;
    // In a folder of its own, as a change beside the parts would wake their watcher.
    return OverlayFile.open({
      ...{ overlay, profile, directory: join(directory, "overlay"), nowMs: clock.epochMs(), log: this.#log },
    });
  }
}

/** One part of a multipart stream; the length lets ffmpeg take it without looking for its end. */
function partOf(jpeg: Buffer): Buffer {
  const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), jpeg, partEnd]);
}
