/**
 * Decides what is recorded, and drives the recorder: plans of the cameras, requests by hand, limits. Lives in the
 * controller and does nothing slow. Owns its timer; the recorder belongs to whoever made it.
 *
 * Invariants: a part is recorded if and only if its camera is wanted when it comes, so a recording begins and ends with
 * the part where the camera does; what a person asked for survives a restart; limits are counted on the monotonic clock.
 */
import { EventEmitter } from "node:events";
import type { RecordingPlan } from "../../config/recording-plan.js";
import type { StoredByHand } from "../../config/state-manager.js";
import type { Clock } from "../../lib/clock.js";
import { AppError } from "../../lib/errors.js";
import type { Log } from "../../lib/log.js";
import type { RecordedPart } from "../messages.js";
import { wallTimeOf } from "./schedule.js";
import { handNow, noHand, wantedNow, type ByHand, type Wanted } from "./wanted.js";

/** What of the recorder it drives. */
export interface Recorder {
  start(channel: string): void;
  stop(channel: string): void;
  part(part: RecordedPart): void;
}

export interface RecordingControlOptions {
  readonly recorder: Recorder;
  readonly planOf: (camera: number) => RecordingPlan;
  /** Numbers of all cameras. */
  readonly cameras: () => readonly number[];
  /** What survives a restart. Writing may throw: it is in force all the same. */
  readonly store: { recordingByHand: StoredByHand };
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one camera. Times on the monotonic clock. */
export interface CameraControl extends Wanted {
  readonly mode: RecordingPlan["mode"];
  /** Since when its parts are recorded without a break; null: they are not. */
  readonly sinceMs: number | null;
  /** When a recording by hand ends by itself. */
  readonly untilMs: number | null;
}

interface Running {
  readonly sinceMs: number;
  lastPartMs: number;
}

const lookMs = 500;
/** No part for so long: its picture is not written any more. A part lasts 0.2 s. */
const silentMs = 2000;

export interface RecordingControlEvents {
  changed: [];
  /** The time of a schedule has come for a camera, or had come when the service started. */
  due: [];
}

export class RecordingControl extends EventEmitter<RecordingControlEvents> {
  readonly #options: RecordingControlOptions;
  readonly #hands = new Map<number, ByHand>();
  readonly #running = new Map<number, Running>();
  /** Cameras whose part came last, by channel. */
  readonly #onChannel = new Map<string, number>();
  /** Cameras that their schedule wants, as of the last look. */
  #scheduled: ReadonlySet<number> = new Set();
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecordingControlOptions) {
    super();
    this.#options = options;
    const { clock, store } = options;
    const offsetMs = clock.monotonicMs() - clock.epochMs();
    for (const [camera, { kind, since, until }] of Object.entries(store.recordingByHand)) {
      const times = { since: since + offsetMs, until: until === null ? null : until + offsetMs };
      this.#hands.set(Number(camera), kind === "started" ? { kind, ...times } : { kind, since: times.since });
    }
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A part was published: it is recorded, or ends what was recorded of its channel. */
  part(part: RecordedPart): void {
    const { recorder, clock } = this.#options;
    const { channel, camera } = part;
    this.#onChannel.set(channel, camera);
    if (!this.wanted(camera).record) {
      recorder.stop(channel);
      this.#running.delete(camera);
      return;
    }
    this.#leaveOthers(channel, camera);
    recorder.start(channel);
    recorder.part(part);
    const nowMs = clock.monotonicMs();
    const running = this.#running.get(camera);
    if (running !== undefined && nowMs - running.lastPartMs <= silentMs) running.lastPartMs = nowMs;
    else this.#running.set(camera, { sinceMs: nowMs, lastPartMs: nowMs });
  }

  /** The camera has moved here from another channel (dual mode and back): nothing more comes there. */
  #leaveOthers(channel: string, camera: number): void {
    for (const [other, shown] of this.#onChannel) {
      if (other === channel || shown !== camera) continue;
      this.#options.recorder.stop(other);
      this.#onChannel.delete(other);
    }
  }

  wanted(camera: number): Wanted {
    const { clock, planOf } = this.#options;
    return wantedNow(planOf(camera), this.#hand(camera), wallTimeOf(clock.epochMs()));
  }

  camera(camera: number): CameraControl {
    const hand = this.#hand(camera);
    const running = this.#running.get(camera);
    const lives = running !== undefined && this.#options.clock.monotonicMs() - running.lastPartMs <= silentMs;
    return {
      ...this.wanted(camera),
      mode: this.#options.planOf(camera).mode,
      sinceMs: lives ? running.sinceMs : null,
      untilMs: hand.kind === "started" ? hand.until : null,
    };
  }

  /** Throws `modeForbids` for a camera that is never recorded, and has changed nothing then. */
  start(cameras: readonly number[], limitSeconds: number | null): void {
    const { clock, planOf } = this.#options;
    const never = cameras.find((camera) => planOf(camera).mode === "off");
    if (never !== undefined) {
      throw new AppError("modeForbids", `Camera ${never} is never recorded. Choose another mode of recording first.`);
    }
    const since = clock.monotonicMs();
    const until = limitSeconds === null ? null : since + limitSeconds * 1000;
    for (const camera of cameras) this.#hands.set(camera, { kind: "started", since, until });
    this.#changed();
  }

  stop(cameras: readonly number[]): void {
    const since = this.#options.clock.monotonicMs();
    for (const camera of cameras) this.#hands.set(camera, { kind: "stopped", since });
    this.#look();
    this.#changed();
  }

  /** The plans of these cameras are others now: a stop by hand was about the former ones. */
  planned(cameras: readonly number[]): void {
    for (const camera of cameras) if (this.#hands.get(camera)?.kind === "stopped") this.#hands.delete(camera);
    this.#look();
    this.#changed();
  }

  #hand(camera: number): ByHand {
    const { clock, planOf } = this.#options;
    const hand = this.#hands.get(camera) ?? noHand;
    return handNow(planOf(camera), hand, clock.monotonicMs(), wallTimeOf(clock.epochMs()));
  }

  /** Ends what has come to its end, also on a channel whose parts do not come any more. */
  #look(): void {
    const ended = [...this.#hands.keys()].filter((camera) => this.#hand(camera).kind === "none");
    for (const camera of ended) this.#hands.delete(camera);
    for (const [channel, camera] of this.#onChannel) {
      if (this.wanted(camera).record) continue;
      this.#options.recorder.stop(channel);
      this.#onChannel.delete(channel);
      if (this.#running.delete(camera)) this.emit("changed");
    }
    if (ended.length > 0) this.#changed();
    this.#lookAtSchedules();
  }

  #lookAtSchedules(): void {
    const former = this.#scheduled;
    this.#scheduled = new Set(this.#options.cameras().filter((camera) => this.wanted(camera).why === "scheduled"));
    if ([...this.#scheduled].some((camera) => !former.has(camera))) this.emit("due");
  }

  #changed(): void {
    const { clock, store, log } = this.#options;
    const offsetMs = clock.epochMs() - clock.monotonicMs();
    const stored = [...this.#hands].flatMap(([camera, hand]) => {
      if (hand.kind === "none") return [];
      const until = hand.kind === "started" && hand.until !== null ? hand.until + offsetMs : null;
      return [[camera, { kind: hand.kind, since: hand.since + offsetMs, until }] as const];
    });
    try {
      store.recordingByHand = Object.fromEntries(stored);
    } catch (error) {
      log.error("what was asked of recording by hand could not be written down: a restart forgets it", { error });
    }
    this.emit("changed");
  }
}
