/**
 * Decides what is recorded, and drives the recorder: plans of the cameras, requests by hand, limits. Lives in the
 * controller and does nothing slow. Owns its timer; the recorder belongs to whoever made it.
 *
 * Invariants: a part is recorded if and only if its camera is wanted when it comes, so a recording begins and ends with
 * the part where the camera does; what a person asked for survives a restart. A limit is a length: it is counted on the
 * monotonic clock, and what is left of it is written down twice a minute, so that no wall clock makes it shorter or longer.
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

interface LastPart {
  readonly camera: number;
  readonly atMs: number;
}

const lookMs = 500;
/** The encoder of a channel that a camera has left ends within `switch.handOverMs`, and its last part comes after it. */
const tailMs = 1000;
/** A recording with a limit lasts longer by so much at the most, where the power goes away meanwhile. */
const storeMs = 30_000;
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
  /** Whose part came last, by channel. */
  readonly #onChannel = new Map<string, LastPart>();
  /** When what a person asked for was written down last. */
  #storedMs: number;
  /** Cameras that their schedule wants, as of the last look. */
  #scheduled: ReadonlySet<number> = new Set();
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecordingControlOptions) {
    super();
    this.#options = options;
    const nowMs = (this.#storedMs = options.clock.monotonicMs());
    for (const [camera, hand] of Object.entries(options.store.recordingByHand))
      this.#hands.set(Number(camera), handOf(hand, nowMs));
    this.#timer = setInterval(() => {
      this.#look();
    }, lookMs);
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#hasLimit) this.#store();
  }

  /** A part was published: it is recorded, or ends what was recorded of its channel. */
  part(part: RecordedPart): void {
    const { recorder, clock } = this.#options;
    const { channel, camera } = part;
    const nowMs = clock.monotonicMs();
    this.#onChannel.set(channel, { camera, atMs: nowMs });
    if (!this.wanted(camera).record) {
      recorder.stop(channel);
      this.#running.delete(camera);
      return;
    }
    recorder.start(channel);
    recorder.part(part);
    const running = this.#running.get(camera);
    if (running !== undefined && nowMs - running.lastPartMs <= silentMs) running.lastPartMs = nowMs;
    else this.#running.set(camera, { sinceMs: nowMs, lastPartMs: nowMs });
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
      untilMs: hand.kind === "started" ? hand.untilMs : null,
    };
  }

  /** Throws `neverRecorded` for a camera that is never recorded, and has changed nothing then. */
  start(cameras: readonly number[], limitSeconds: number | null): void {
    const { clock, planOf } = this.#options;
    const never = cameras.find((camera) => planOf(camera).mode === "off");
    if (never !== undefined) {
      throw new AppError("neverRecorded", `Camera ${never} is never recorded. Choose another mode of recording first.`);
    }
    const untilMs = limitSeconds === null ? null : clock.monotonicMs() + limitSeconds * 1000;
    for (const camera of cameras) this.#hands.set(camera, { kind: "started", untilMs });
    this.#changed();
  }

  stop(cameras: readonly number[]): void {
    for (const camera of cameras) this.#hands.set(camera, { kind: "stopped" });
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
    for (const [channel, last] of this.#onChannel) {
      const isWanted = this.wanted(last.camera).record;
      if (isWanted && !this.#hasMoved(last)) continue;
      this.#options.recorder.stop(channel);
      this.#onChannel.delete(channel);
      if (!isWanted && this.#running.delete(last.camera)) this.emit("changed");
    }
    if (ended.length > 0) this.#changed();
    else if (this.#hasLimit && this.#options.clock.monotonicMs() - this.#storedMs >= storeMs) this.#store();
    this.#lookAtSchedules();
  }

  /** To another channel, for dual mode or back: what its encoder still held here has come by now. */
  #hasMoved({ camera, atMs }: LastPart): boolean {
    const isSilent = this.#options.clock.monotonicMs() - atMs > tailMs;
    return isSilent && [...this.#onChannel.values()].some((other) => other.camera === camera && other.atMs > atMs);
  }

  #lookAtSchedules(): void {
    const former = this.#scheduled;
    this.#scheduled = new Set(this.#options.cameras().filter((camera) => this.wanted(camera).why === "scheduled"));
    if ([...this.#scheduled].some((camera) => !former.has(camera))) this.emit("due");
  }

  get #hasLimit(): boolean {
    return [...this.#hands.values()].some((hand) => hand.kind === "started" && hand.untilMs !== null);
  }

  #changed(): void {
    this.#store();
    this.emit("changed");
  }

  #store(): void {
    const { clock, store, log } = this.#options;
    const nowMs = (this.#storedMs = clock.monotonicMs());
    try {
      store.recordingByHand = Object.fromEntries(
        [...this.#hands].flatMap(([camera, hand]) => (hand.kind === "none" ? [] : [[camera, storedHand(hand, nowMs)]])),
      );
    } catch (error) {
      log.error("what was asked of recording by hand could not be written down: a restart forgets it", { error });
    }
  }
}

type Hand = Exclude<ByHand, { readonly kind: "none" }>;

/** What was left of it when it was written down is left of it now. */
function handOf(stored: StoredByHand[string], nowMs: number): Hand {
  if (stored.kind === "stopped") return stored;
  return { kind: "started", untilMs: stored.leftMs === null ? null : nowMs + stored.leftMs };
}

function storedHand(hand: Hand, nowMs: number): StoredByHand[string] {
  if (hand.kind === "stopped") return hand;
  return { kind: "started", leftMs: hand.untilMs === null ? null : Math.max(0, hand.untilMs - nowMs) };
}
