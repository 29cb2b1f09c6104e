/**
 * The owner of one public channel directory: its playlist, parts, segments and init segments. It takes in the raw parts
 * of one generation after the other and publishes them on the channel's one timeline. `Channel` opens and closes it; the
 * files stay where they are, for the next start goes on from them.
 *
 * Invariants: I2, I3, I4; parts of a later generation wait until the earlier one has ended.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { ChannelFiles } from "./channel-files.js";
import { ChannelWriter } from "./channel-writer.js";
import { GenerationRun, type GenerationEnd, type GenerationInfo, type ReadPart } from "./generation-run.js";
import { openChannel } from "./open-channel.js";
import { PartHistory } from "./part-history.js";
import type { PublishedPart } from "./published-part.js";
import { ReservedPositions, type Reservation } from "./reserved-positions.js";
import { paidByRepeatsMs } from "./resume.js";
import { PlaylistWaiters } from "./waiters.js";

export type { GenerationEnd, GenerationInfo } from "./generation-run.js";
export type { PublishedPart } from "./published-part.js";

export interface PublisherOptions {
  /** Name of the channel, for logs. */
  readonly channel: string;
  /** The public directory; on tmpfs. */
  readonly directory: string;
  readonly windowSeconds: number;
  readonly keepSeconds: number;
  readonly reservation: Reservation;
  readonly clock: Clock;
  readonly log: Log;
}

/** The handle of one generation, from `begin`. */
export interface GenerationPublisher {
  readonly generation: number;
  /**
   * Its source gives no more (the encoder has exited): publishes its tail and closes its segment. Never rejects; when the tail cannot be written,
   * it resolves after 2 s with what was published, and the rest is still tried before anything of a later generation.
   */
  end(): Promise<GenerationEnd>;
}

interface PublisherEvents {
  part: [PublishedPart];
  /** Something could not be published; said once for each run of the same problem. Emitted only if someone listens. */
  error: [AppError];
}

/** chokidar's hints may be lost, and a failed write needs another try: how often the publisher looks by itself. */
const lookMs = 100;

/** How long `end` waits for writes that fail. */
const endPatienceMs = 2_000;

export class Publisher extends EventEmitter<PublisherEvents> {
  readonly waiters: PlaylistWaiters;
  /** The parts of the last seconds, for whoever goes on from them. */
  readonly history = new PartHistory();
  readonly #options: PublisherOptions;
  readonly #files: ChannelFiles;
  readonly #writer: ChannelWriter;
  readonly #timer: NodeJS.Timeout;
  /** In the order of `begin`; only the first is published from. */
  readonly #runs: GenerationRun[] = [];
  /** What went wrong last, so that it is said once and not at every try. */
  #problem: string | null = null;
  #publishing = false;

  /** Errors of the file system while the directory is made and read are passed on. */
  static open(options: PublisherOptions): Promise<Publisher> {
    return new Promise((resolve) => {
      resolve(new Publisher(options));
    });
  }

  private constructor(options: PublisherOptions) {
    super();
    const { reservation, clock } = options;
    this.#options = options;
    this.#files = new ChannelFiles(options);
    const opened = openChannel({ ...options, reserved: reservation.reserved }, this.#files);
    this.#writer = new ChannelWriter(opened, this.#files, new ReservedPositions(reservation), clock);
    this.waiters = new PlaylistWaiters(this.#writer);
    this.#attempt(() => {
      this.#writer.endGeneration();
    });
    this.#timer = setInterval(() => {
      this.#files.sweep();
      this.#publish();
    }, lookMs);
  }

  /** The playlist as published; null while the channel has none. */
  get text(): Buffer | null {
    return this.#writer.text;
  }

  /** The public directory. */
  get directory(): string {
    return this.#options.directory;
  }

  /** Decode time of the next part. */
  get edgeTicks(): number {
    return this.#writer.edgeTicks;
  }

  /** The date of the next part's start by the channel's own calendar, in milliseconds since the Unix epoch. */
  get edgeDateMs(): number {
    return this.#writer.edgeDateMs;
  }

  /**
   * How long ago the end of the timeline was, in ms. Up to 5 s of it are owed by the next generation's frame clock; with
   * more, `begin` moves the timeline forward by all of it, and nothing is owed. Negative: the wall clock is behind.
   */
  get awayMs(): number {
    return this.#writer.awayMs;
  }

  /**
   * Takes in a generation, whose parts come after all those of the generations before. Called when its first frame is
   * there: where no other generation is under way, the time since the end of the timeline is judged at this moment: up to
   * `paidMs` of it are paid with repeats, or forgiven; with more, the timeline jumps forward.
   */
  begin(info: GenerationInfo, paidMs = paidByRepeatsMs): GenerationPublisher {
    const log = this.#options.log.child({ generation: info.generation, camera: info.camera });
    const publish = () => {
      this.#publish();
    };
    const run = new GenerationRun(info, publish, log);
    if (this.#runs.length === 0) this.#writer.resume(paidMs);
    this.#runs.push(run);
    return { generation: info.generation, end: () => this.#end(run) };
  }

  /**
   * Takes what was published away from everyone, also from those whom NGINX answers while the controller is down: the
   * cameras were turned off. Not while a generation is under way.
   */
  forget(): void {
    if (this.#runs.length > 0) return;
    this.#attempt(() => {
      this.#writer.forget();
    });
    this.waiters.wake();
  }

  /** Stops publishing. What waits is told so; generations that have not ended are left as they are. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const runs = this.#runs.splice(0);
    for (const run of runs) run.settle();
    this.waiters.close();
    this.#attempt(() => {
      this.#writer.settle();
    });
    await Promise.all(runs.map((run) => run.raw.close()));
  }

  async #end(run: GenerationRun): Promise<GenerationEnd> {
    run.exited = true;
    this.#publish();
    if (this.#runs.includes(run) && run !== this.#runs[0]) this.#dropIfEmpty(run);
    const giveUp = setTimeout(() => {
      run.settle();
    }, endPatienceMs);
    const end = await run.ended;
    clearTimeout(giveUp);
    return end;
  }

  /** A generation that never gave a part need not wait for those before it. */
  #dropIfEmpty(run: GenerationRun): void {
    if (!run.raw.isEmpty()) return;
    this.#runs.splice(this.#runs.indexOf(run), 1);
    this.#settle(run);
  }

  /** Publishes all that is there, as far as it goes. A listener's call in the middle leaves it to the outer one. */
  #publish(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    for (let run = this.#runs[0]; run && this.#advance(run); run = this.#runs[0]);
    this.#publishing = false;
  }

  /** Publishes a run's parts; true when it has ended and the next one's turn has come. */
  #advance(run: GenerationRun): boolean {
    const drained = this.#attempt(() => {
      while (this.#publishNext(run));
    });
    if (!drained || !run.exited) return false;
    const closed = this.#attempt(() => {
      this.#writer.endGeneration();
    });
    if (!closed) return false;
    this.waiters.wake();
    this.#runs.shift();
    this.#settle(run);
    return true;
  }

  /** Publishes one part, or passes over one that cannot be; false when there is none. */
  #publishNext(run: GenerationRun): boolean {
    const part = this.#read(run);
    if (part === "none") return false;
    if (part === "invalid") {
      run.raw.advance();
      return true;
    }
    const appended = this.#writer.append(part, run);
    const publishedMs = this.#options.clock.monotonicMs();
    this.waiters.wake();
    run.raw.advance();
    run.parts += 1;
    run.ticks += appended.ticks;
    this.#problem = null;
    const { generation, camera, label } = run.info;
    const named = { generation, camera, label, init: run.init().name };
    const published: PublishedPart = { ...named, ...appended, publishedMs, rawMtimeMs: part.raw.mtimeMs };
    this.history.add(published);
    this.emit("part", published);
    return true;
  }

  #read(run: GenerationRun): ReadPart | "none" | "invalid" {
    try {
      const part = run.next();
      if (!part || this.#writer.accepts(part, run)) return part ?? "none";
      throw new AppError("mediaInvalid", "A segment would begin with a part that is not independent.");
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#report(error, run);
      return "invalid";
    }
  }

  /** Does a step that may fail; a failure is said, and the step is tried again at the next hint. */
  #attempt(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#report(new AppError("publishFailed", `The live media could not be written: ${reason}`, { cause: thrown }));
      return false;
    }
  }

  #report(error: AppError, run = this.#runs[0]): void {
    if (this.#problem === error.message) return;
    this.#problem = error.message;
    const { generation, camera } = run?.info ?? {};
    this.#options.log.error(error.message, { channel: this.#options.channel, generation, camera, error });
    if (this.listenerCount("error") > 0) this.emit("error", error);
  }

  #settle(run: GenerationRun): void {
    run.settle();
    run.raw.close().catch((error: unknown) => {
      this.#options.log.warn("The source of a generation could not be let go", { error });
    });
  }
}
