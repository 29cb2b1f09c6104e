/**
 * The standing player of the page: owns the video element's source, one engine at a time, and the kept picture. It does
 * what `machine.ts` decides. Made once by the stage and closed with it; a switch of cameras never touches it.
 */
import { pace } from "./catch-up.js";
import type { Delay, Engine, OpenEngine } from "./engine.js";
import { watchFrames } from "./frame-watch.js";
import { decide, initialPlayer, type PlayerEffect, type PlayerEvent, type PlayerState } from "./machine.js";
import type { PlayerView } from "./player-view.js";
import type { Still } from "./still.js";

export interface PlayerParts {
  readonly video: HTMLVideoElement;
  readonly still: Still;
  /** Null: this browser cannot play HLS at all. */
  readonly openEngine: OpenEngine | null;
  onView(view: PlayerView): void;
}

const tickMs = 250;
/** Media count as newer than the picture when the place for it is so far ahead. */
const newerS = 0.5;
/** A page that nobody sees loads on for so long. */
const unseenMs = 10_000;
/** Jumps to the newest media are at least so far apart: each costs a short stall. */
const jumpPauseMs = 2000;

export class LivePlayer {
  readonly #parts: PlayerParts;
  readonly #closed = new AbortController();
  #state: PlayerState = initialPlayer;
  #engine: Engine | null = null;
  #url: string | null = null;
  #sinceMs = performance.now();
  #shown = false;
  #camera: number | null = null;
  /** The newest frame of this run that was shown, on the media element's timeline. */
  #furthestS = -Infinity;
  #jumpedMs = -Infinity;
  #unseenTimer: ReturnType<typeof setTimeout> | undefined;
  /** On the wall clock, which goes on while the machine sleeps. */
  #unseenSinceMs = Infinity;

  constructor(parts: PlayerParts) {
    this.#parts = parts;
    const { signal } = this.#closed;
    watchFrames(parts.video, signal, (mediaTimeS) => {
      this.#onFrame(mediaTimeS);
    });
    const timer = setInterval(() => {
      this.#onTick();
    }, tickMs);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      clearTimeout(this.#unseenTimer);
    });
    document.addEventListener(
      "visibilitychange",
      () => {
        this.#onVisibility();
      },
      { signal },
    );
  }

  /**
   * What to play; null for nothing, which also removes the last picture. It stays until the first new one where both are
   * of the same camera.
   */
  play(url: string | null, camera: number | null): void {
    if (url === this.#url) return;
    const staysSame = url !== null && camera !== null && camera === this.#camera;
    if (this.#url !== null) this.#send({ kind: staysSame ? "moved" : "unwanted" });
    this.#url = url;
    if (url === null) return;
    this.#sinceMs = performance.now();
    this.#shown = false;
    this.#camera = null;
    this.#send({ kind: "wanted" });
  }

  /**
   * The page was asleep, the network came back, or the service answers again: try now. After a sleep of the machine the
   * connections of before are dead: a new run begins.
   */
  wake(slept = false): void {
    if (document.hidden) return;
    if (slept) this.#send({ kind: "unseen" });
    this.#send({ kind: "woke" });
  }

  /** A person asked for the picture where the browser had refused to play by itself. */
  press(): void {
    this.#send({ kind: "pressed" });
  }

  close(): void {
    this.#closed.abort();
    this.play(null, null);
  }

  #send(event: PlayerEvent): void {
    const { state, effects } = decide(this.#state, event, performance.now());
    const changed = state.kind !== this.#state.kind;
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    if (changed) this.#publish();
  }

  #do(effect: PlayerEffect): void {
    switch (effect) {
      case "open":
        this.#open();
        return;
      case "close":
        this.#parts.still.keep(this.#parts.video);
        this.#closeEngine();
        return;
      case "clear":
        this.#parts.still.clear();
        this.#closeEngine();
        return;
      case "jump":
        this.#jump();
        return;
      case "recoverMedia":
        this.#parts.still.keep(this.#parts.video);
        this.#engine?.recoverMedia();
        return;
      case "play":
        this.#startPlayback();
    }
  }

  #open(): void {
    const { openEngine, video } = this.#parts;
    if (openEngine === null || this.#url === null) return;
    const engine = openEngine(video, this.#url, {
      onFailure: (recovery) => {
        if (this.#engine === engine) this.#send({ kind: "failed", recovery });
      },
      onReady: () => {
        this.#startPlayback();
      },
    });
    this.#engine = engine;
    this.#furthestS = -Infinity;
  }

  #closeEngine(): void {
    this.#engine?.close();
    this.#engine = null;
  }

  #startPlayback(): void {
    this.#parts.video.play().catch((thrown: unknown) => {
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError") this.#send({ kind: "refused" });
    });
  }

  #jump(): void {
    const delay = this.#engine?.delay();
    const nowMs = performance.now();
    if (!delay || nowMs - this.#jumpedMs < jumpPauseMs || !this.#isNewer(delay)) return;
    this.#jumpedMs = nowMs;
    this.#parts.video.currentTime = delay.livePositionS;
  }

  #isNewer({ livePositionS }: Delay): boolean {
    return livePositionS - this.#parts.video.currentTime > newerS;
  }

  /** A frame that was shown before, as after a jump back, is no sign of life. */
  #onFrame(mediaTimeS: number): void {
    if (this.#engine === null || mediaTimeS <= this.#furthestS) return;
    this.#furthestS = mediaTimeS;
    this.#parts.still.hide();
    this.#shown = true;
    this.#sinceMs = performance.now();
    this.#send({ kind: "shown" });
    this.#noteCamera(this.#engine.camera());
  }

  /** At the very frame: the label must never name another camera than the picture's. */
  #noteCamera(camera: number | null): void {
    if (camera === this.#camera) return;
    this.#camera = camera;
    this.#publish();
  }

  #onTick(): void {
    if (document.hidden) return;
    const delay = this.#engine?.delay();
    this.#send({ kind: "tick", newerMedia: delay ? this.#isNewer(delay) : false });
    if (this.#state.kind === "playing" || this.#state.kind === "stalled") this.#keepPace();
    this.#publish();
  }

  #keepPace(): void {
    const { video } = this.#parts;
    const delay = this.#engine?.delay();
    if (!delay) return;
    const decision = pace({
      latencyS: delay.latencyS,
      targetS: delay.targetS,
      aheadS: bufferedAheadS(video),
      toLivePositionS: delay.livePositionS - video.currentTime,
      rate: video.playbackRate,
    });
    if (decision.kind === "jump") this.#jump();
    else if (video.playbackRate !== decision.rate) video.playbackRate = decision.rate;
  }

  #onVisibility(): void {
    clearTimeout(this.#unseenTimer);
    if (document.hidden) {
      this.#unseenSinceMs = Date.now();
      this.#unseenTimer = setTimeout(() => {
        if (document.pictureInPictureElement === null) this.#send({ kind: "unseen" });
      }, unseenMs);
      return;
    }
    // The timer stands still while the machine sleeps.
    this.wake(Date.now() - this.#unseenSinceMs > unseenMs && document.pictureInPictureElement === null);
    this.#unseenSinceMs = Infinity;
  }

  #publish(): void {
    const playing = this.#state.kind !== "idle";
    this.#parts.onView({
      kind: this.#state.kind,
      shown: this.#shown,
      ageMs: playing ? performance.now() - this.#sinceMs : null,
      delay: this.#engine?.delay() ?? null,
      camera: this.#camera,
    });
  }
}

function bufferedAheadS(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let i = 0; i < buffered.length; i++) {
    if (buffered.start(i) <= currentTime && currentTime < buffered.end(i)) return buffered.end(i) - currentTime;
  }
  return 0;
}
