/**
 * Switches the one pipeline between the cameras. The pure machine decides; this class performs its effects, one step at
 * a time, keeps the receipts and answers the requests. It owns the pipeline's source and closes it.
 *
 * Invariants: one step runs at any time; every switch that began ends in exactly one receipt (I6); without a picture it
 * tries for ever.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../lib/clock.js";
import { AppError, toAppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { reduce, targetOf, type Run, type SwitchEffect, type SwitchEvent, type SwitchState } from "./machine.js";
import { PendingRequests, type RequestAnswer } from "./pending-requests.js";
import type { Receipts } from "./receipts.js";
import type { Reason, Receipt, Step, StepRecord, SwitchRequest, Target, Trigger } from "./switch-types.js";

/** What the switcher needs of the pipeline. Each step rejects with an AppError, and soon after its signal is aborted. */
export interface SwitchPipeline {
  /** Does one step for the camera a run is bringing live; answers anything worth a note in the receipt. */
  runStep(step: Step, run: Run, signal: AbortSignal): Promise<string | undefined>;
  /** Resolves with the reason when the live source ends without having been told to by a step. */
  sourceLost(): Promise<Reason>;
  /** Cameras that recovery may try. */
  usableCameras(): readonly number[];
  /** No picture is left and recovery waits: whoever looks is told why. */
  awaitRecovery(camera: number, reason: Reason): void;
  /** Ends source and channel, whatever state they are in. */
  close(): Promise<void>;
}

/** Where receipts are opened and completed. */
export type ReceiptBook = Pick<Receipts, "open" | "complete">;

export interface CameraSwitcherOptions {
  readonly pipeline: SwitchPipeline;
  readonly receipts: ReceiptBook;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SwitcherEvents {
  /** The state or the running step changed. */
  changed: [];
  receipt: [Receipt];
}

export interface SwitchProgress {
  readonly id: number | null;
  readonly elapsedMs: number;
}

export class CameraSwitcher extends EventEmitter<SwitcherEvents> {
  readonly #options: CameraSwitcherOptions;
  readonly #requests = new PendingRequests();
  #state: SwitchState = { kind: "off" };
  #receiptId: number | null = null;
  #steps: StepRecord[] = [];
  #startedMs = 0;
  #step: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  #deadline: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryDueMs = 0;
  #closing = false;

  constructor(options: CameraSwitcherOptions) {
    super();
    this.#options = options;
  }

  get state(): SwitchState {
    return this.#state;
  }

  /** Of the run in progress: its receipt's id and its age. */
  get progress(): SwitchProgress {
    return { id: this.#receiptId, elapsedMs: this.#now() - this.#startedMs };
  }

  /** Time to the next attempt of recovery in ms, null when none is scheduled. */
  get nextRetryMs(): number | null {
    return this.#retry === undefined ? null : Math.max(0, this.#retryDueMs - this.#now());
  }

  /** Asks for a camera, or for “off”. Throws `shuttingDown`. */
  request(
    to: Target,
    trigger: Trigger,
    how: Pick<SwitchRequest, "reload" | "profile" | "mode"> = { reload: false },
  ): RequestAnswer {
    if (this.#closing) throw new AppError("shuttingDown", "The service is stopping and switches no more.");
    const { key, answer } = this.#requests.add();
    this.#dispatch({ kind: "requested", request: { key, trigger, to, ...how } });
    return answer();
  }

  /** The pipeline has taken over a camera that is live; or it gave the live one away. Only while no switch runs. */
  adopted(live: number): void {
    this.#dispatch({ kind: "adopted", live });
  }

  givenAway(): void {
    this.#dispatch({ kind: "givenAway" });
  }

  /** Ends the running step, all waits and the pipeline. Requests still waiting are refused with `shuttingDown`. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#deadline);
    this.#abort.abort(new AppError("shuttingDown", "The service is stopping."));
    await this.#step;
    await this.#options.pipeline.close();
    if (this.#receiptId !== null) this.#close("failed", null, shuttingDown);
    this.#requests.close(new AppError("shuttingDown", shuttingDown.message));
  }

  #dispatch(event: SwitchEvent): void {
    if (this.#closing) return;
    const before = this.#state;
    const { state, effects } = reduce(before, event, this.#now());
    this.#state = state;
    if (before.kind !== state.kind) this.#log.info(`${before.kind} → ${state.kind} (${event.kind})`);
    for (const effect of effects) this.#perform(effect);
    this.emit("changed");
  }

  #perform(effect: SwitchEffect): void {
    switch (effect.kind) {
      case "begin":
        this.#begin(effect.run);
        break;
      case "runStep":
        this.#step = this.#runStep(effect.run, effect.camera);
        break;
      case "abortStep":
        this.#abort.abort(new AppError(effect.reason.code, effect.reason.message));
        break;
      case "complete":
        this.#complete(effect);
        break;
      case "supersede":
        this.#requests.supersede(effect.request);
        break;
      case "answerAlreadyLive":
        this.#requests.answerAlreadyLive(effect.request, effect.live);
        break;
      case "scheduleRetry":
        this.#scheduleRetry(effect.ms);
        break;
      case "cancelRetry":
        clearTimeout(this.#retry);
        this.#retry = undefined;
        break;
      case "watch":
        void this.#watchSource();
        break;
    }
  }

  #begin(run: Run): void {
    this.#startedMs = this.#now();
    this.#steps = [];
    this.#receiptId = null;
    if (run.request.trigger !== "recovery") {
      const { trigger, to } = run.request;
      const requestedAt = this.#options.clock.epochMs();
      this.#receiptId = this.#options.receipts.open({ trigger, from: run.from, to, requestedAt });
      this.#requests.begun(run.request, this.#receiptId);
    }
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#dispatch({ kind: "deadlinePassed" });
    }, this.#options.deadlineMs);
  }

  async #runStep(run: Run, camera: Target): Promise<void> {
    const startMs = this.#now();
    const { step, direction } = run;
    const record = (ok: boolean, said: Pick<StepRecord, "note" | "about">): void => {
      const ms = Math.round((this.#now() - startMs) * 10) / 10;
      this.#steps.push({ step, direction, camera, ms, ok, ...said });
    };
    this.#abort = new AbortController();
    let event: SwitchEvent = { kind: "stepDone" };
    try {
      const note = await this.#options.pipeline.runStep(step, run, this.#abort.signal);
      record(true, note === undefined ? {} : { note });
    } catch (thrown) {
      const { code, message, camera: about } = toAppError(thrown);
      record(false, { note: message, ...(about !== undefined && { about }) });
      this.#log.warn(`${step} failed: ${message}`, { camera, switchId: this.#receiptId, code });
      event = { kind: "stepFailed", reason: { code, message } };
    }
    this.#dispatch(event);
  }

  #complete({ run, outcome, live, reason }: Extract<SwitchEffect, { kind: "complete" }>): void {
    clearTimeout(this.#deadline);
    const ms = Math.round(this.#now() - this.#startedMs);
    const said = { camera: targetOf(run), switchId: this.#receiptId, ms, reason };
    if (outcome === "committed") this.#log.info(`${run.request.trigger}: committed`, said);
    else this.#log.warn(`${run.request.trigger}: ${outcome}`, said);
    const receipt = this.#close(outcome, live, reason);
    if (receipt !== undefined) this.#requests.complete(run.request, receipt);
  }

  #close(outcome: "committed" | "rolledBack" | "failed", live: Target, reason: Reason | null): Receipt | undefined {
    const id = this.#receiptId;
    if (id === null) return undefined;
    this.#receiptId = null;
    const totalMs = Math.round((this.#now() - this.#startedMs) * 10) / 10;
    const receipt = this.#options.receipts.complete(id, { outcome, live, reason, totalMs, steps: this.#steps });
    this.emit("receipt", receipt);
    return receipt;
  }

  #scheduleRetry(ms: number): void {
    clearTimeout(this.#retry);
    if (this.#state.kind === "recovering")
      this.#options.pipeline.awaitRecovery(this.#state.preferred, this.#state.reason);
    this.#retryDueMs = this.#now() + ms;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#dispatch({ kind: "retryDue", usable: this.#options.pipeline.usableCameras() });
    }, ms);
  }

  async #watchSource(): Promise<void> {
    const reason = await this.#options.pipeline.sourceLost();
    this.#log.warn(`the source ended: ${reason.message}`, { code: reason.code });
    this.#dispatch({ kind: "sourceLost", reason });
  }

  get #log(): Log {
    return this.#options.log;
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }
}

const shuttingDown: Reason = { code: "shuttingDown", message: "The service was stopped." };
