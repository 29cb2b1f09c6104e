/**
 * Says when a channel had no fresh picture (D4, C2): told of frames, of parts, and of the scene around them, it knows no
 * clock, file or process, and keeps two numbers for each frame. All times are of one monotonic clock, in milliseconds.
 *
 * Invariants (property-tested): gaps never overlap and never end before they begin; no fresh frame lies inside one, unless
 * what it lacks is parts; a pause within the limits makes none; time in which the cameras are off belongs to none.
 */
import { guesses, type Cause } from "./gap-causes.js";

/** What is known around the frames; a cause by itself makes no gap. */
export type Scene =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      /** The camera that is to be shown. */
      readonly camera: number | null;
      /** What would keep the picture away now; null: nothing known. */
      readonly cause: Cause | null;
    };

export interface TrackedGap {
  readonly beginMs: number;
  /** Null while it lasts. */
  readonly endMs: number | null;
  readonly cause: Cause;
}

export interface GapNews {
  readonly kind: "opened" | "changed" | "closed";
  readonly gap: TrackedGap;
}

export interface GapLimits {
  /** Without a fresh frame, or without a new part, for longer than this there is a gap (C2: LIVE is up to 1 s). */
  readonly silentMs: number;
  /** Identical frames for longer than this are a frozen picture (I7). */
  readonly frozenMs: number;
}

/** A gap that a former run left open. */
export interface FormerGap {
  /** On this run's clock; usually negative. */
  readonly beginMs: number;
  readonly cause: Cause;
  /** It was planned up to here: if the picture then fails to come, that is another gap. */
  readonly plannedUntilMs: number | null;
}

interface OpenGap {
  readonly beginMs: number;
  readonly cause: Cause;
  /** The cause is only what the silence looks like; one that is stated takes its place. */
  readonly inferred: boolean;
  /** What must come again for it to end. */
  readonly lacks: "frame" | "part";
  readonly plannedUntilMs: number | null;
}

/** If a look comes so late, this process itself stood still, and what waits to be read may be fresh. */
const lateLookMs = 750;

export class GapTracker {
  readonly #limits: GapLimits;
  #isOff = true;
  #lastLookMs: number;
  #stoodStill = false;
  #lastFrameMs: number;
  #identicalSinceMs: number | null = null;
  #lastPartMs = -Infinity;
  /** Since when the picture was last known to be well; parts are not missed before it. */
  #wellSinceMs: number;
  /** Of the open gap: when a fresh frame, or a part, came again. */
  #frameAgainMs: number | null = null;
  #partAgainMs: number | null = null;
  /** A gap that began and ended between two looks. */
  #missed: { readonly fromMs: number; readonly toMs: number } | null = null;
  /** The last cause that was stated, kept until the picture is seen to be well without one. */
  #stated: Cause | null = null;
  #open: OpenGap | null = null;
  #lastEndMs = -Infinity;

  constructor(limits: GapLimits, nowMs: number, former: FormerGap | null = null) {
    this.#limits = limits;
    this.#lastLookMs = nowMs;
    this.#lastFrameMs = nowMs;
    this.#wellSinceMs = nowMs;
    if (former === null) return;
    this.#isOff = false;
    this.#open = { ...former, inferred: false, lacks: "frame" };
  }

  /** A frame of a camera, with the moment since which all have been identical (null: it differs from the last). */
  frame(atMs: number, identicalSinceMs: number | null): void {
    const fresh = identicalSinceMs === null;
    if (this.#open !== null) {
      if (fresh) this.#frameAgainMs ??= atMs;
    } else if (!this.#isOff && atMs - this.#lastFrameMs > this.#limits.silentMs) {
      this.#missed ??= { fromMs: this.#lastFrameMs, toMs: atMs };
    }
    this.#lastFrameMs = atMs;
    this.#identicalSinceMs = identicalSinceMs;
  }

  /** A part that everybody can fetch from this moment on. */
  part(atMs: number): void {
    this.#lastPartMs = atMs;
    if (this.#open !== null) this.#partAgainMs ??= atMs;
  }

  /** To be called every 250 ms, and when the scene changes. Times never go down. */
  look(nowMs: number, scene: Scene): GapNews[] {
    const late = nowMs - this.#lastLookMs > lateLookMs;
    this.#lastLookMs = nowMs;
    if (scene.kind === "off") return this.#turnOff(nowMs);
    if (this.#isOff) this.#turnOn(nowMs);
    if (scene.cause !== null) this.#stated = scene.cause;
    const news: GapNews[] = [];
    this.#takeMissed(scene, late, news);
    this.#refine(scene.cause, news);
    this.#closeIfWell(nowMs, news);
    // What came while this process stood still is read after this look.
    if (this.#open === null && !late) this.#openIfSilent(nowMs, scene, news);
    if (late) this.#stoodStill = true;
    else if (this.#open === null) this.#stoodStill = false;
    if (this.#open === null && scene.cause === null && nowMs - this.#lastFrameMs <= this.#limits.silentMs)
      this.#stated = null;
    return news;
  }

  /** The service stops, as somebody asked: what follows is planned. Nothing is to be called after it. */
  stop(nowMs: number, cause: Cause): GapNews[] {
    if (this.#isOff) return [];
    const news: GapNews[] = [];
    this.#closeIfWell(nowMs, news);
    this.#close(nowMs, news);
    this.#begin({ beginMs: nowMs, cause, inferred: false, lacks: "frame", plannedUntilMs: null }, news);
    return news;
  }

  #turnOff(nowMs: number): GapNews[] {
    const news: GapNews[] = [];
    this.#closeIfWell(nowMs, news);
    this.#close(nowMs, news);
    this.#isOff = true;
    this.#missed = null;
    this.#stated = null;
    return news;
  }

  #turnOn(nowMs: number): void {
    this.#isOff = false;
    this.#lastFrameMs = nowMs;
    this.#wellSinceMs = nowMs;
    this.#identicalSinceMs = null;
  }

  #takeMissed(scene: Extract<Scene, { kind: "on" }>, late: boolean, news: GapNews[]): void {
    const missed = this.#missed;
    this.#missed = null;
    if (missed === null || this.#open !== null) return;
    const stoodStill = late || this.#stoodStill;
    const guess = stoodStill ? guesses.ownStandstill : guesses.silentCamera;
    const cause = this.#stated ?? { ...guess, camera: scene.camera };
    this.#begin({ beginMs: missed.fromMs, cause, inferred: false, lacks: "frame", plannedUntilMs: null }, news);
    this.#close(missed.toMs, news);
  }

  /** A planned gap that turns out to be a failure, and a guess that is replaced by what is known. */
  #refine(cause: Cause | null, news: GapNews[]): void {
    const open = this.#open;
    if (open === null || cause === null || cause.planned || !(open.inferred || open.cause.planned)) return;
    if (this.#frameAgainMs !== null && open.lacks === "frame") return; // Over already.
    if (open.plannedUntilMs === null) {
      this.#open = { ...open, cause, inferred: false };
      news.push({ kind: "changed", gap: tracked(this.#open, null) });
      return;
    }
    this.#close(open.plannedUntilMs, news);
    const beginMs = open.plannedUntilMs;
    this.#begin({ beginMs, cause, inferred: false, lacks: "frame", plannedUntilMs: null }, news);
  }

  #closeIfWell(nowMs: number, news: GapNews[]): void {
    const againMs = this.#open?.lacks === "part" ? this.#partAgainMs : this.#frameAgainMs;
    if (this.#open === null || againMs === null) return;
    this.#close(Math.min(againMs, nowMs), news);
  }

  #openIfSilent(nowMs: number, { camera }: Extract<Scene, { kind: "on" }>, news: GapNews[]): void {
    const { silentMs, frozenMs } = this.#limits;
    const frozenSinceMs = this.#identicalSinceMs;
    const partSinceMs = Math.max(this.#lastPartMs, this.#wellSinceMs);
    if (nowMs - this.#lastFrameMs > silentMs) {
      this.#openWith(this.#lastFrameMs, { ...guesses.silentCamera, camera }, "frame", news);
    } else if (frozenSinceMs !== null && nowMs - frozenSinceMs > frozenMs) {
      this.#openWith(frozenSinceMs, { ...guesses.frozenCamera, camera }, "frame", news);
    } else if (nowMs - partSinceMs > silentMs) {
      this.#openWith(partSinceMs, { ...guesses.silentEncoder, camera }, "part", news);
    }
  }

  #openWith(beginMs: number, guess: Cause, lacks: OpenGap["lacks"], news: GapNews[]): void {
    const cause = this.#stated ?? guess;
    this.#begin({ beginMs, cause, inferred: this.#stated === null, lacks, plannedUntilMs: null }, news);
  }

  #begin(gap: OpenGap, news: GapNews[]): void {
    this.#open = { ...gap, beginMs: Math.max(gap.beginMs, this.#lastEndMs) };
    this.#frameAgainMs = null;
    this.#partAgainMs = null;
    news.push({ kind: "opened", gap: tracked(this.#open, null) });
  }

  #close(atMs: number, news: GapNews[]): void {
    const open = this.#open;
    if (open === null) return;
    const endMs = Math.max(atMs, open.beginMs);
    this.#open = null;
    this.#lastEndMs = endMs;
    this.#wellSinceMs = endMs;
    news.push({ kind: "closed", gap: tracked(open, endMs) });
  }
}

const tracked = ({ beginMs, cause }: OpenGap, endMs: number | null): TrackedGap => ({ beginMs, endMs, cause });
