/**
 * Lets one channel go on with the published parts of another: of one generation after the other, each as a generation of
 * its own number here. Owned by the channel, which ends it. It owns no file and no encoder.
 *
 * Invariants: a generation here has parts of one generation there (I2); the timeline here stays within half a part of the
 * date there, however often it turns to another channel (as long as the one it leaves gives parts).
 */
import type { Clock } from "../lib/clock.js";
import { MirrorParts } from "./mirror-parts.js";
import type { GenerationEnd, GenerationPublisher, Publisher } from "./publisher.js";
import { decideTakeover, goesBefore } from "./takeover.js";

export interface MirrorOptions {
  /** Where the parts go. */
  readonly into: Publisher;
  readonly nextGeneration: () => number;
  readonly clock: Clock;
}

/** Of the camera that the other channel shows. */
export interface MirroredCamera {
  readonly camera: number;
  readonly label: string;
}

interface Run {
  readonly of: Publisher;
  readonly parts: MirrorParts;
  readonly hint: () => void;
  readonly handle: GenerationPublisher;
}

interface Wish {
  readonly of: Publisher;
  readonly fulfil: () => void;
  readonly giveUp: (reason: Error) => void;
}

/** Parts come several times a second; this is for the time in which none do. */
const lookMs = 100;
/** Two calendars that differ by more than this: the wall clock was set between the beginnings of the channels. */
const setClockMs = 2000;

export class Mirror {
  readonly #o: MirrorOptions;
  #run: Run | null = null;
  #wish: Wish | null = null;
  /** Until when the parts of the channel that is to be left go out; null: all do. */
  #untilMs: number | null = null;

  constructor(options: MirrorOptions) {
    this.#o = options;
  }

  /** The channel whose parts are shown; null: none. */
  get of(): Publisher | null {
    return this.#run?.of ?? null;
  }

  /** The number under which they are shown; null: none are. */
  get generation(): number | null {
    return this.#run?.handle.generation ?? null;
  }

  /** Goes on with what another channel begins to show after this call. */
  begin(of: Publisher, camera: MirroredCamera): void {
    this.#start(of, camera, of.history.newest?.number ?? -1);
  }

  /**
   * Goes on with what another channel shows, at one of its key frames and in step with the timeline here. Resolves when
   * that has begun; rejects with the signal's reason, and goes on as before.
   */
  async turnTo(of: Publisher, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#run?.of === of) return;
    const look = (): void => {
      this.#look();
    };
    const onAbort = (): void => {
      this.#wish?.giveUp(signal.reason as Error);
    };
    const timer = setInterval(look, lookMs);
    signal.addEventListener("abort", onAbort, { once: true });
    of.on("part", look);
    try {
      await new Promise<void>((fulfil, giveUp) => {
        this.#wish = { of, fulfil, giveUp };
        look();
      });
    } finally {
      clearInterval(timer);
      signal.removeEventListener("abort", onAbort);
      of.off("part", look);
      this.#forgetWish();
    }
  }

  /** Shows nothing of another channel any more; resolves when what was there is published. Null: nothing was shown. */
  async end(): Promise<GenerationEnd | null> {
    this.#wish?.giveUp(new Error("The channel follows no other one any more."));
    this.#forgetWish();
    return this.#leave()?.handle.end() ?? null;
  }

  readonly #onPart = (): void => {
    const run = this.#run;
    if (run === null) return;
    run.hint();
    if (run.parts.isOver) this.#renew(run);
    this.#look();
  };

  /** The channel that is followed has begun another generation: it is one of its own here too. */
  #renew({ of, parts }: Run): void {
    const next = of.history.after(parts.position);
    if (next !== undefined) this.#start(of, next, parts.position);
  }

  #look(): void {
    const wish = this.#wish;
    if (wish === null) return;
    const { into, clock } = this.#o;
    const skewMs = skewOf(into, wish.of);
    const keys = wish.of.history.keys().map((part) => ({ part, dateMs: part.dateMs - skewMs }));
    const silentMs = clock.monotonicMs() - (into.history.newest?.publishedMs ?? 0);
    const decision = decideTakeover({ edgeMs: into.edgeDateMs, keys, silentMs });
    if (decision.kind === "wait") {
      this.#untilMs = decision.untilMs;
      this.#run?.hint();
      return;
    }
    const { part } = decision.key;
    this.#run?.parts.stop();
    this.#forgetWish();
    this.#start(wish.of, part, part.number - 1);
    wish.fulfil();
  }

  #forgetWish(): void {
    this.#wish = null;
    this.#untilMs = null;
    this.#run?.hint();
  }

  #start(of: Publisher, { camera, label }: MirroredCamera, after: number): void {
    void this.#leave()?.handle.end();
    const { into, nextGeneration } = this.#o;
    const { directory, history } = of;
    const mayTake = (): boolean => goesBefore(into.edgeDateMs, this.#untilMs);
    const parts = new MirrorParts({ directory, history, after, mayTake });
    let hint: () => void = () => undefined;
    const open = (publish: () => void): MirrorParts => {
      hint = publish;
      return parts;
    };
    const handle = into.begin({ generation: nextGeneration(), camera, label, open });
    this.#run = { of, parts, hint, handle };
    of.on("part", this.#onPart);
    hint();
  }

  #leave(): Run | null {
    const run = this.#run;
    this.#run = null;
    run?.of.off("part", this.#onPart);
    return run;
  }
}

/** By how much the other channel's calendar is ahead, if the wall clock was set between the two; 0: both agree. */
function skewOf(into: Publisher, other: Publisher): number {
  const [here, there] = [into.history.newest, other.history.newest];
  if (here === undefined || there === undefined) return 0;
  const skewMs = there.dateMs - there.publishedMs - (here.dateMs - here.publishedMs);
  return Math.abs(skewMs) > setClockMs ? skewMs : 0;
}
