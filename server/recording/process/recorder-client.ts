/**
 * The recorder process as the controller sees it: told of channels and parts, asked by requests. All disk I/O about
 * recordings is the process's; nothing here touches that disk, and nothing here waits (I8). It runs while something is
 * recorded, asked or left to be finished, and ends a minute later. The composition root makes this before the channel and
 * closes it after, so that the last parts are recorded too.
 *
 * Invariants: what a process had not written down, or was told of while none ran, is told to the next one, be it that of
 * the next run of the service, as far as its files still exist; what waits here is bounded; a process that does not run
 * because nobody needs it is no fault.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { ChildRecords } from "../../process/child-records.js";
import {
  messageFrameSchema,
  type RecordedPart,
  type RecorderConfig,
  type RecorderEvent,
  type RecorderMessage,
  type RecorderRequests,
  type RecorderStatus,
  type RequestKind,
} from "../messages.js";
import { lowBytes, type Space } from "../storage/space.js";
import { DiskLook } from "./disk-look.js";
import { isDue, leftWork } from "./left-work.js";
import { PendingRequests } from "./pending-requests.js";
import { RecordedChannels } from "./recorded-channels.js";
import { RecorderKeeper } from "./recorder-keeper.js";
import { ToldJournal } from "./told-journal.js";

export interface RecorderClientOptions {
  readonly config: RecorderConfig;
  /** File on tmpfs that remembers what is not written yet, over the death of the service. */
  readonly journal: string;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a process that nobody needs lives on. Default: a minute. */
  readonly idleMs?: number;
}

export interface RecorderClientEvents {
  /** Each second, while the process lives. */
  status: [RecorderStatus];
  event: [RecorderEvent];
  /** The process was lost; another one follows. The words are for a person. */
  lost: [string];
  /** A process answers again. */
  back: [];
  /** Nobody needed the process, and it ended. */
  asleep: [];
}

export interface RequestOptions {
  /** Default: 5 s. */
  readonly timeoutMs?: number;
  /** False: only where the process runs anyway, and it is not kept from resting. Default: true. */
  readonly wakes?: boolean;
}

type State =
  | { readonly kind: "asleep" }
  | { readonly kind: "starting"; readonly sinceMs: number }
  | { readonly kind: "answering" }
  /** Until another process answers. */
  | { readonly kind: "lost"; readonly why: string };

const requestMs = 5000;
/** A start takes less than a second, unless the machine or its disk is very busy: only one that takes longer is worth a word. */
const patienceMs = 10_000;
const defaultIdleMs = 60_000;
/** What begins to be recorded so soon after the service's start may go on with what a former run of it recorded. */
const goesOnMs = 60_000;
/** So often it is looked whether something has become due while no process runs. */
const dueLookMs = 600_000;

export class RecorderClient extends EventEmitter<RecorderClientEvents> {
  readonly #o: RecorderClientOptions;
  readonly #log: Log;
  readonly #keeper: RecorderKeeper;
  readonly #journal: ToldJournal;
  readonly #channels: RecordedChannels;
  readonly #pending = new PendingRequests();
  readonly #dueTimer: NodeJS.Timeout;
  readonly #disk: DiskLook;
  #config: RecorderConfig;
  #status: RecorderStatus | null = null;
  /** As it was seen last, by the process or while none ran. */
  #space: Space | null = null;
  #state: State = { kind: "asleep" };
  /** When somebody last needed the process. */
  #usedMs = 0;
  readonly #madeMs: number;

  /** Starts the process if a former run left something to do, else when somebody needs it. */
  constructor(options: RecorderClientOptions) {
    super();
    const { config, records, clock } = (this.#o = options);
    this.#config = config;
    this.#madeMs = clock.monotonicMs();
    this.#disk = new DiskLook(config);
    this.#log = options.log.child({ part: "recorder" });
    this.#journal = new ToldJournal(options.journal);
    this.#channels = new RecordedChannels(this.#journal.former);
    this.#keeper = new RecorderKeeper({
      ...{ records, clock, log: this.#log },
      busyMs: () => this.#status?.busyMs ?? 0,
      onStarted: this.#onStarted,
      onMessage: this.#onMessage,
      onAsleep: this.#onAsleep,
      onLost: this.#onLost,
      onHung: (why) => (this.#state = { kind: "lost", why }),
    });
    if (!this.#channels.isEmpty) this.#need();
    void this.#wakeIf(leftWork(config, clock.epochMs()));
    this.#dueTimer = setInterval(() => void this.#wakeIf(isDue(config.state, clock.epochMs())), dueLookMs);
  }

  /** As the process said last; null while there is none. */
  get status(): RecorderStatus | null {
    return this.#status;
  }

  /** On the disk of the recordings; null: unknown. */
  get space(): Space | null {
    return this.#space;
  }

  /** Why the process does not answer although it should, for a person; null: it does, or would when it is asked. */
  get away(): string | null {
    const state = this.#state;
    if (state.kind === "lost") return state.why;
    const isLate = state.kind === "starting" && this.#o.clock.monotonicMs() - state.sinceMs > patienceMs;
    return isLate ? "The recorder is just starting." : null;
  }

  /** Of the process, for measurements; undefined while there is none. */
  get pid(): number | undefined {
    return this.#keeper.pid;
  }

  /** Settings that changed; in force at once but for the folders, which need a new start. */
  configure(config: RecorderConfig): void {
    const isOther = JSON.stringify(config.retention) !== JSON.stringify(this.#config.retention);
    this.#config = config;
    if (isOther) this.#need();
    this.#keeper.send({ type: "configure", config });
  }

  /** Records the parts of this channel that `part` tells of from now on. Nothing changes if it is recorded already. */
  start(channel: string): void {
    const isLate = this.#o.clock.monotonicMs() - this.#madeMs > goesOnMs;
    const command = this.#channels.start(channel, isLate);
    if (command === null) return;
    this.#need();
    this.#keeper.send(command);
  }

  /** Finishes what was recorded of the parts told so far. */
  stop(channel: string): void {
    if (!this.#channels.stop(channel)) return;
    this.#need();
    this.#keeper.send({ type: "stop", channel, why: "off" });
  }

  /** Tells of a published part; one of a channel that is not recorded is passed over. Takes some ten microseconds. */
  part(part: RecordedPart): void {
    const told = this.#channels.part(part);
    if (told === null) return;
    this.#journal.add({ part: told });
    this.#keeper.send({ type: "part", part: told });
  }

  /** Rejects `recorderAway` when the process does not answer, else with what it answered. */
  async request<Kind extends RequestKind>(
    kind: Kind,
    params: RecorderRequests[Kind]["params"],
    { timeoutMs = requestMs, wakes = true }: RequestOptions = {},
  ): Promise<RecorderRequests[Kind]["result"]> {
    if (wakes) this.#need();
    const why = this.#state.kind === "asleep" ? "The recorder rests." : this.away;
    if (why !== null) throw new AppError("recorderAway", why);
    const isStarting = this.#state.kind === "starting";
    const { command, result } = this.#pending.add(kind, params, timeoutMs + (isStarting ? patienceMs : 0));
    // One that is just starting is told when it answers.
    if (!isStarting) this.#keeper.send(command);
    return result as Promise<RecorderRequests[Kind]["result"]>;
  }

  /**
   * While no process runs: looks whether the next recording could be written. Where that is doubtful, or there is little
   * room, a process is started: it finds out why and tells it, and stays until all is well. Never rejects.
   */
  async look(): Promise<void> {
    const space = this.#isAsleep ? await this.#disk.look() : null;
    if (!this.#isAsleep) return;
    this.#space = space;
    if (space === null || space.freeBytes < lowBytes) this.#need();
  }

  /** Lets the process finish its files, and ends it. What it does not finish in time is repaired at the next start. */
  async close(): Promise<void> {
    clearInterval(this.#dueTimer);
    await this.#keeper.close();
    this.#journal.close(this.#channels.areAllWritten);
    this.#pending.rejectAll("The service is stopping.");
  }

  get #isAsleep(): boolean {
    return this.#state.kind === "asleep";
  }

  #need(): void {
    this.#usedMs = this.#o.clock.monotonicMs();
    if (this.#state.kind === "asleep") this.#state = { kind: "starting", sinceMs: this.#usedMs };
    this.#keeper.wake();
  }

  async #wakeIf(isNeeded: Promise<boolean>): Promise<void> {
    if (await isNeeded) this.#need();
  }

  readonly #onStarted = (): void => {
    this.#keeper.send({ type: "configure", config: this.#config });
    for (const command of this.#channels.commands) this.#keeper.send(command);
  };

  readonly #onMessage = (received: unknown): void => {
    const frame = messageFrameSchema.safeParse(received);
    if (frame.success) this.#take(received as RecorderMessage);
    else this.#log.error("the recorder sent what nobody understands", { received });
  };

  #take(message: RecorderMessage): void {
    switch (message.type) {
      case "ready":
        this.#answers();
        break;
      case "status":
        this.#status = message.status;
        this.#space = spaceIn(message.status);
        this.emit("status", message.status);
        this.#restIfIdle(message.status);
        break;
      case "written":
        this.#written(message);
        break;
      case "event":
        this.emit("event", message.event);
        break;
      case "answer":
        this.#pending.answer(message.id, message.answer);
    }
  }

  #written({ channel, endTicks }: { readonly channel: string; readonly endTicks: number }): void {
    this.#channels.written(channel, endTicks);
    this.#journal.add({ written: { channel, endTicks } });
  }

  #answers(): void {
    this.#state = { kind: "answering" };
    for (const command of this.#pending.commands) this.#keeper.send(command);
    this.emit("back");
  }

  /** From here on whoever needs it starts another one. */
  #restIfIdle({ isIdle }: RecorderStatus): void {
    const isNeeded = !this.#channels.isEmpty || !this.#pending.isEmpty || this.#state.kind !== "answering";
    const quietMs = this.#o.clock.monotonicMs() - this.#usedMs;
    if (!isIdle || isNeeded || quietMs <= (this.#o.idleMs ?? defaultIdleMs)) return;
    this.#state = { kind: "asleep" };
    this.#keeper.rest();
  }

  readonly #onAsleep = (): void => {
    this.#status = null;
    this.#log.debug("the recorder rests until it is needed");
    this.emit("asleep");
  };

  readonly #onLost = (why: string): void => {
    this.#state = { kind: "lost", why };
    this.#status = this.#space = null;
    this.#pending.rejectAll(why);
    this.#log.error(why);
    this.emit("lost", why);
  };
}

function spaceIn({ freeBytes, totalBytes }: RecorderStatus): Space | null {
  return freeBytes === null || totalBytes === null ? null : { freeBytes, totalBytes };
}
