/**
 * The recorder process as the controller sees it: started and kept running here, told of channels and parts, asked by
 * requests. All disk I/O about recordings is the process's; nothing here touches that disk, and nothing here waits (I8).
 * The composition root makes it before the channel and closes it after, so that the last parts are recorded too.
 *
 * Invariants: a process that says nothing for 10 s, or whose file calls hang for 15 s, is killed and replaced, with
 * back-off, and never while the former one still hangs in the kernel; what it had not written down is told to the next
 * one, as far as its files still exist; what waits here is bounded.
 */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../lib/clock.js";
import { AppError, errorCodes, type ErrorCode } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { packageRoot } from "../lib/package-root.js";
import type { ChildRecords } from "../process/child-records.js";
import { Child } from "../process/child.js";
import { exitWords } from "../process/exit-words.js";
import { killLadder } from "../process/stop-ladder.js";
import {
  messageFrameSchema,
  type RecordedPart,
  type RecorderAnswer,
  type RecorderCommand,
  type RecorderConfig,
  type RecorderEvent,
  type RecorderMessage,
  type RecorderRequests,
  type RecorderStatus,
  type RequestKind,
} from "./messages.js";
import { PartsInFlight } from "./parts-in-flight.js";
import { logLine } from "./recorder-log.js";

export interface RecorderClientOptions {
  readonly config: RecorderConfig;
  readonly records: ChildRecords;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RecorderClientEvents {
  /** Each second, while the process lives. */
  status: [RecorderStatus];
  event: [RecorderEvent];
  /** The process ended or was ended; another one follows. The words are for a person. */
  lost: [string];
  /** A process answers again. */
  back: [];
}

export interface RequestOptions {
  /** Default: 5 s. */
  readonly timeoutMs?: number;
}

interface PendingRequest {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

const program = join(packageRoot, "dist/server/recording/recorder-main.js");
/** It sends its status each second. */
const silentMs = 10_000;
/** Parts stay 30 s after they left the playlist: with this, there is time to kill, start and catch up. */
const busyMs = 15_000;
const lookMs = 1000;
const requestMs = 5000;
/** Of the 3 s that a stop of the service may take. A file is finished in 0.2 s; what is not is so at the next start. */
const closeMs = 1000;
/** Pauses before another start; after a minute of life it begins anew. */
const pausesMs = [200, 1000, 2000, 5000, 10_000, 30_000] as const;
const steadyMs = 60_000;
const starting = "The recorder is just starting.";

export class RecorderClient extends EventEmitter<RecorderClientEvents> {
  readonly #o: RecorderClientOptions;
  readonly #log: Log;
  readonly #channels = new Map<string, PartsInFlight>();
  readonly #pending = new Map<number, PendingRequest>();
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #config: RecorderConfig;
  #child: Child | null = null;
  #status: RecorderStatus | null = null;
  /** Why requests are not answered; null: they are. */
  #away: string | null = starting;
  #heardMs = 0;
  #lastId = 0;

  /** Starts the process at once. */
  constructor(options: RecorderClientOptions) {
    super();
    this.#o = options;
    this.#config = options.config;
    this.#log = options.log.child({ part: "recorder" });
    this.#kept = this.#keep();
  }

  /** As the process said last; null while there is none. */
  get status(): RecorderStatus | null {
    return this.#status;
  }

  /** Why the process does not answer, for a person; null: it does. */
  get away(): string | null {
    return this.#away;
  }

  /** Of the process, for measurements; undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Settings that changed; in force at once but for the folders, which need a new start. */
  configure(config: RecorderConfig): void {
    this.#config = config;
    this.#send({ type: "configure", config });
  }

  /** Records the parts of this channel that `part` tells of from now on. Nothing changes if it is recorded already. */
  start(channel: string): void {
    const flight = this.#channels.get(channel);
    if (flight?.stopping === false) return;
    if (flight === undefined) this.#channels.set(channel, new PartsInFlight());
    else flight.stopping = false;
    this.#send({ type: "start", channel });
  }

  /** Finishes what was recorded of the parts told so far. */
  stop(channel: string): void {
    const flight = this.#channels.get(channel);
    if (flight === undefined || flight.stopping) return;
    flight.stopping = true;
    this.#send({ type: "stop", channel });
    if (flight.isEmpty) this.#channels.delete(channel);
  }

  /** Tells of a published part; one of a channel that is not recorded is passed over. Takes some microseconds. */
  part(part: RecordedPart): void {
    const flight = this.#channels.get(part.channel);
    if (flight === undefined || flight.stopping) return;
    flight.push(part);
    this.#send({ type: "part", part });
  }

  /** Rejects `recorderAway` when the process does not answer, else with what it answered. */
  request<Kind extends RequestKind>(
    kind: Kind,
    params: RecorderRequests[Kind]["params"],
    { timeoutMs = requestMs }: RequestOptions = {},
  ): Promise<RecorderRequests[Kind]["result"]> {
    if (this.#away !== null) return Promise.reject(new AppError("recorderAway", this.#away));
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new AppError("recorderAway", `The recorder did not answer within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
    });
    this.#send({ type: "request", id, kind, params });
    return answer as Promise<RecorderRequests[Kind]["result"]>;
  }

  /** Lets the process finish its files, and ends it. What it does not finish in time is repaired at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    const child = this.#child;
    this.#send({ type: "close" });
    const late = setTimeout(() => void child?.stop("not closed in time", killLadder), closeMs);
    await this.#kept;
    clearTimeout(late);
  }

  #send(command: RecorderCommand): void {
    this.#child?.send(command);
  }

  /** Until `close`: starts a process, waits for its end, pauses, starts anew. */
  async #keep(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; ; failures += 1) {
      const startMs = this.#o.clock.monotonicMs();
      const child = this.#spawn();
      const watch = setInterval(() => void this.#look(child), lookMs).unref();
      const exit = await child.exited;
      clearInterval(watch);
      if (this.#o.clock.monotonicMs() - startMs > steadyMs) failures = 0;
      this.#child = null;
      this.#lose(signal.aborted ? "The service is stopping." : `The recorder ended (${exitWords(exit)}).`);
      if (signal.aborted || !(await this.#pause(child, failures))) return;
    }
  }

  /** False: closed meanwhile. Waits on while the former process still hangs in the kernel. */
  async #pause(former: Child, failures: number): Promise<boolean> {
    const { signal } = this.#closing;
    const pauseMs = pausesMs[Math.min(failures, pausesMs.length - 1)];
    try {
      await wait(pauseMs, undefined, { signal });
      while (!former.groupIsGone()) {
        this.#away = "The recorder hangs in the kernel, as a rule because a disk does not answer.";
        await wait(lookMs, undefined, { signal });
      }
      return true;
    } catch {
      return false;
    }
  }

  #spawn(): Child {
    const { records, log } = this.#o;
    const child = new Child({ name: "recorder", program: process.execPath, args: [program], ipc: true, records, log });
    child.on("line", (line) => {
      logLine(this.#log, line);
    });
    child.on("message", (message) => {
      if (child === this.#child) this.#onMessage(message);
    });
    this.#child = child;
    this.#heardMs = this.#o.clock.monotonicMs();
    this.#send({ type: "configure", config: this.#config });
    for (const [channel, flight] of this.#channels) this.#tellAgain(channel, flight);
    return child;
  }

  #tellAgain(channel: string, flight: PartsInFlight): void {
    this.#send({ type: "start", channel });
    for (const part of flight.parts) this.#send({ type: "part", part });
    if (flight.stopping) this.#send({ type: "stop", channel });
  }

  /** A suspended or busy controller hears nothing either: what arrived meanwhile is read before it is judged. */
  async #look(child: Child): Promise<void> {
    await new Promise(setImmediate);
    const silent = this.#o.clock.monotonicMs() - this.#heardMs > silentMs;
    const busy = (this.#status?.busyMs ?? 0) > busyMs;
    if ((silent || busy) && child === this.#child) await child.stop(silent ? "silent" : "hung file calls", killLadder);
  }

  #onMessage(received: unknown): void {
    const frame = messageFrameSchema.safeParse(received);
    if (!frame.success) {
      this.#log.error("the recorder sent what nobody understands", { received });
      return;
    }
    this.#heardMs = this.#o.clock.monotonicMs();
    this.#take(received as RecorderMessage);
  }

  #take(message: RecorderMessage): void {
    switch (message.type) {
      case "ready":
        this.#away = null;
        this.emit("back");
        break;
      case "status":
        this.#status = message.status;
        this.emit("status", message.status);
        break;
      case "written":
        this.#written(message.channel, message.endTicks);
        break;
      case "event":
        this.emit("event", message.event);
        break;
      case "answer":
        this.#answer(message.id, message.answer);
    }
  }

  #written(channel: string, endTicks: number): void {
    const flight = this.#channels.get(channel);
    flight?.written(endTicks);
    if (flight?.stopping === true && flight.isEmpty) this.#channels.delete(channel);
  }

  #answer(id: number, answer: RecorderAnswer): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (answer.ok) pending.resolve(answer.result);
    else pending.reject(new AppError(isCode(answer.code) ? answer.code : "internal", answer.message));
  }

  #lose(why: string): void {
    this.#away = why;
    this.#status = null;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new AppError("recorderAway", why));
    }
    this.#pending.clear();
    if (this.#closing.signal.aborted) return;
    this.#log.error(why);
    this.emit("lost", why);
  }
}

const isCode = (code: string): code is ErrorCode => code in errorCodes;
