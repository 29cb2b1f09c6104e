/**
 * One run of a camera program, alive from its constructor. Whoever constructs a Source stops it and holds the camera's
 * lease until it is gone.
 *
 * Invariants: a frame is a whole JPEG of the profile's size from the camera asked for: a program that has opened another
 * one is ended at once; its standard output is read until it has ended (a reader that stalls makes SIGINT useless); after
 * `stop` no frame is given any more; `exited` always resolves.
 */
import { EventEmitter } from "node:events";
import type { Profile } from "../config/profile.js";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { ChildRecords } from "../process/child-records.js";
import { Child, type ChildExit, type StopReport } from "../process/child.js";
import type { StopLadder } from "../process/stop-ladder.js";
import { CameraIdentity } from "./camera-identity.js";
import type { CameraCommand } from "./driver.js";
import { FrameMeter } from "./frame-meter.js";
import { isUsual, usualFrameBytes, type ByteRange } from "./frame-size.js";
import type { Frame } from "./frame.js";
import { jpegSize } from "./jpeg-size.js";
import { JpegSplitter } from "./jpeg-splitter.js";
import { SourceTrouble, type SourceWarning } from "./source-trouble.js";
import { classifyEnd } from "./stderr-classifier.js";

export interface SourceOptions {
  /** Our number, for the frames. */
  readonly camera: number;
  /** Its libcamera id; where given, a picture of any other camera is refused. */
  readonly cameraId?: string;
  readonly command: CameraCommand;
  readonly profile: Pick<Profile, "width" | "height">;
  /** How it is stopped; SIGKILL follows in any case. */
  readonly ladder: StopLadder;
  readonly records?: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SourceExit extends ChildExit {
  /** Why it ended, unless it was stopped: `wrongCamera`, `cameraBusy`, `cameraGone`, `cameraExited`, `programMissing`. */
  readonly error?: AppError;
}

export interface SourceStats {
  /** Frames since the start. */
  readonly frames: number;
  /** Frames of an unusual size (D4): valid, and given like all others. */
  readonly unusualFrames: number;
  readonly tornFrames: number;
  readonly discardedBytes: number;
  /** Mean size over the last 2 s; null when there was no frame. */
  readonly meanFrameBytes: number | null;
  /** Frames per second over the last 2 s. */
  readonly fps: number;
}

export class Source extends EventEmitter<{ frame: [Frame]; warning: [SourceWarning]; ended: [SourceExit] }> {
  readonly camera: number;
  /** Its libcamera id, which stays when numbers change; undefined when that was not given. */
  readonly cameraId: string | undefined;
  /** SIGUSR1 pauses it, and resumes it. */
  readonly canPause: boolean;
  /** The number by which rpicam was asked for it. */
  readonly rpicamNumber: number;
  /** Undefined when the program could not be spawned. */
  readonly pid: number | undefined;
  /** Rejects with the error of `exited` when the program ends, or is stopped, before. Has no time-out. */
  readonly firstFrame: Promise<Frame>;
  readonly exited: Promise<SourceExit>;

  readonly #options: SourceOptions;
  readonly #child: Child;
  readonly #trouble: SourceTrouble;
  readonly #identity: CameraIdentity;
  readonly #splitter = new JpegSplitter();
  readonly #meter = new FrameMeter();
  readonly #usual: ByteRange;
  #newest: Frame | undefined;
  #identicalSinceMs: number | null = null;
  #frames = 0;
  #unusualFrames = 0;
  #refusal: AppError | undefined;
  /** What came before the program said which camera it opened. */
  #early: Buffer[] = [];
  #isStopping = false;
  #tellFirst: (frame: Frame) => void = () => undefined;
  #tellNone: (error: AppError) => void = () => undefined;

  /** Spawns at once. A failure to spawn is not thrown: `firstFrame` and `exited` carry it. */
  constructor(options: SourceOptions) {
    super();
    const { camera, command, profile, records, clock, log } = options;
    this.#options = options;
    this.camera = camera;
    this.cameraId = options.cameraId;
    this.rpicamNumber = command.rpicamNumber;
    this.#identity = new CameraIdentity({ id: options.cameraId, rpicamNumber: command.rpicamNumber });
    this.canPause = command.args.includes("--signal");
    this.#usual = usualFrameBytes(profile);
    this.#trouble = new SourceTrouble(clock, log, (warning) => this.emit("warning", warning));
    this.firstFrame = new Promise((resolve, reject) => {
      this.#tellFirst = resolve;
      this.#tellNone = reject;
    });
    this.firstFrame.catch(() => undefined); // Whoever waits for it hears of it; nobody has to.
    const { program, args, env } = command;
    this.#child = new Child({
      name: `camera ${camera}`,
      program,
      args,
      stdout: "pipe",
      log,
      ...(env && { env }),
      ...(records && { records }),
    });
    this.pid = this.#child.pid;
    this.#child.on("line", (line) => {
      this.#identity.hear(this.#trouble.hear(line));
      this.#endIfWrong({ allFound: false });
    });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#onData(chunk);
    });
    this.exited = this.#watch();
  }

  /** Whether the operating system says that nothing of it lives. */
  get isGone(): boolean {
    return this.#child.groupIsGone();
  }

  get newest(): Frame | undefined {
    return this.#newest;
  }

  /** Ids of the cameras that its program found, by rpicam's number; empty where it does not say. */
  get foundByNumber(): readonly string[] {
    return this.#identity.foundByNumber;
  }

  /** Since when, on the monotonic clock, every frame has been byte-identical; null when the last two differ (I7). */
  get identicalSinceMs(): number | null {
    return this.#identicalSinceMs;
  }

  stats(nowMs: number): SourceStats {
    const { torn, discardedBytes } = this.#splitter.counts;
    const { fps, meanBytes } = this.#meter.rate(nowMs);
    const counts = { frames: this.#frames, unusualFrames: this.#unusualFrames };
    return { ...counts, tornFrames: torn, discardedBytes, meanFrameBytes: meanBytes, fps };
  }

  /**
   * Returns when the operating system says that the program is gone, or stuck beyond SIGKILL. The first call's reason
   * and ladder stand.
   */
  stop(reason: string, ladder: StopLadder = this.#options.ladder): Promise<StopReport> {
    this.#isStopping = true;
    return this.#child.stop(reason, ladder);
  }

  async #watch(): Promise<SourceExit> {
    const exit = await this.#child.exited;
    const error = this.#errorOf(exit);
    this.#tellNone(error ?? new AppError("cameraExited", `The camera was stopped (${exit.reason ?? "unknown"}).`));
    if (exit.reason === null)
      this.#options.log.warn("the camera program ended by itself", { ...exit, error: error?.message });
    const told = { ...exit, ...(error && { error }) };
    this.emit("ended", told);
    return told;
  }

  #errorOf(exit: ChildExit): AppError | undefined {
    if (exit.error !== undefined) return exit.error;
    if (this.#refusal !== undefined) return this.#refusal;
    return exit.reason === null ? classifyEnd(this.#trouble.messages, exit) : undefined;
  }

  /**
   * Both streams may have waited to be read: what the program said before its first frame is heard before that frame is
   * taken for one of this camera.
   */
  #onData(chunk: Buffer): void {
    const isSure = this.#newest !== undefined || this.#identity.opened !== null;
    if (isSure && this.#early.length === 0) {
      this.#read(chunk);
    } else if (this.#early.push(chunk) === 1) {
      setImmediate(() => {
        for (const early of this.#early.splice(0)) this.#read(early);
      });
    }
  }

  #read(chunk: Buffer): void {
    if (this.#isStopping) return;
    const arrivedMs = this.#options.clock.monotonicMs();
    const torn = this.#splitter.counts.torn;
    for (const jpeg of this.#splitter.push(chunk)) this.#takeJpeg(jpeg, arrivedMs);
    if (this.#splitter.counts.torn > torn) this.#trouble.warn({ kind: "torn", ...this.#splitter.counts });
  }

  #takeJpeg(jpeg: Buffer, arrivedMs: number): void {
    if (this.#newest === undefined) this.#endIfWrong({ allFound: true });
    if (this.#isStopping) return;
    const { width, height } = this.#options.profile;
    const size = jpegSize(jpeg);
    if (size?.width !== width || size.height !== height) {
      this.#trouble.warn({ kind: "wrongSize", width: size?.width ?? 0, height: size?.height ?? 0 });
      return;
    }
    if (!isUsual(jpeg.length, this.#usual)) {
      this.#unusualFrames += 1;
      this.#trouble.warn({ kind: "unusualBytes", bytes: jpeg.length, ...this.#usual });
    }
    this.#give({ jpeg, camera: this.camera, number: this.#frames + 1, arrivedMs });
  }

  #give(frame: Frame): void {
    const former = this.#newest;
    const isIdentical = former?.jpeg.equals(frame.jpeg) === true;
    this.#identicalSinceMs = isIdentical ? (this.#identicalSinceMs ?? former.arrivedMs) : null;
    this.#newest = frame;
    this.#frames += 1;
    this.#meter.note(frame.arrivedMs, frame.jpeg.length);
    if (former === undefined) this.#tellFirst(frame);
    this.emit("frame", frame);
  }

  #endIfWrong(known: { readonly allFound: boolean }): void {
    if (this.#isStopping) return;
    const refusal = this.#identity.refusal(known);
    if (refusal === null) return;
    this.#refusal = refusal;
    this.#options.log.warn("the program has opened another camera and is ended", { reason: refusal.message });
    this.#tellNone(refusal);
    void this.stop("wrong camera");
  }
}
