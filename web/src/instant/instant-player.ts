/**
 * The instant view: owns one connection at a time to the stream of JPEGs, and the canvas on which they are drawn. It does
 * what `machine.ts` decides. Loaded when somebody first chooses it, then lives as long as the page, mostly at rest.
 */
import type { PlayerView } from "../player/player-view.js";
import { askForFrame, readFrames } from "./frame-stream.js";
import {
  decideInstant,
  initialInstant,
  type InstantEffect,
  type InstantEvent,
  type InstantState,
  type Refusal,
} from "./machine.js";
import { Painter } from "./painter.js";
import type { StreamPart } from "./part-reader.js";
import { ShownFrames, type InstantFigures } from "./shown-frames.js";

export interface InstantView {
  readonly player: PlayerView;
  readonly figures: InstantFigures;
  /** Why there is no instant view, and when the other one comes by itself (`sharedNowMs`). */
  readonly turnedAway: { readonly refusal: Refusal; readonly untilMs: number } | null;
}

export interface InstantParts {
  readonly canvas: HTMLCanvasElement;
  /** The service's clock now, in milliseconds since the Unix epoch; null while it is not known. */
  serviceNowMs(): number | null;
  onView(view: InstantView): void;
  /** The other view is wanted: a person was told why. */
  onFallBack(): void;
}

const tickMs = 250;

export class InstantPlayer {
  readonly #parts: InstantParts;
  readonly #closed = new AbortController();
  readonly #painter: Painter;
  #frames = new ShownFrames();
  #state: InstantState = initialInstant;
  #run = new AbortController();
  #url: string | null = null;
  #shown = false;
  #sinceMs = 0;
  #camera: number | null = null;
  #latencyMs: number | null = null;

  constructor(parts: InstantParts) {
    this.#parts = parts;
    this.#painter = new Painter(parts.canvas, {
      onDrawn: (part) => {
        this.#onDrawn(part);
      },
      onDropped: () => {
        this.#frames.dropped();
      },
    });
    this.#listen();
  }

  /** The stream to show; null for nothing, which also removes the last picture. */
  play(url: string | null): void {
    if (url === this.#url) return;
    if (this.#url !== null) this.#send({ kind: "unwanted" });
    this.#url = url;
    if (url === null) return;
    this.#frames = new ShownFrames();
    this.#shown = false;
    this.#camera = null;
    this.#latencyMs = null;
    this.#sinceMs = performance.now();
    this.#send({ kind: "wanted" });
    if (document.hidden) this.#send({ kind: "hidden" });
  }

  /**
   * The page was asleep, the network came back, or the service answers again: try now. After a sleep of the machine the
   * connection of before is dead.
   */
  wake(slept = false): void {
    if (document.hidden) return;
    if (slept) this.#send({ kind: "hidden" });
    this.#send({ kind: "woke" });
  }

  close(): void {
    this.#closed.abort();
    this.play(null);
  }

  #listen(): void {
    const { signal } = this.#closed;
    const timer = setInterval(() => {
      if (this.#state.kind === "idle") return;
      this.#send({ kind: "tick" });
      this.#publish();
    }, tickMs);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
    });
    const onVisibility = () => {
      this.#send({ kind: document.hidden ? "hidden" : "woke" });
    };
    document.addEventListener("visibilitychange", onVisibility, { signal });
    // Left for another page: this one may be kept, and its connection must not be.
    const onLeave = () => {
      this.#send({ kind: "hidden" });
    };
    window.addEventListener("pagehide", onLeave, { signal });
  }

  #send(event: InstantEvent): void {
    const { state, effects } = decideInstant(this.#state, event, performance.now());
    const changed = state.kind !== this.#state.kind;
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    if (changed) this.#publish();
  }

  #do(effect: InstantEffect): void {
    switch (effect) {
      case "open":
        this.#open();
        return;
      case "close":
        this.#run.abort();
        this.#painter.forget();
        return;
      case "clear":
        this.#run.abort();
        this.#painter.clear();
        return;
      case "ask":
        void this.#ask();
        return;
      case "fallBack":
        this.#parts.onFallBack();
    }
  }

  #open(): void {
    if (this.#url === null) return;
    this.#run = new AbortController();
    this.#frames.reopened();
    void readFrames(this.#url, this.#run.signal, {
      onPart: (part) => {
        this.#frames.received(part);
        this.#painter.show(part);
      },
      onRefused: (refusal) => {
        this.#send({ kind: "refused", refusal });
      },
      onEnded: () => {
        this.#send({ kind: "ended" });
      },
    });
  }

  async #ask(): Promise<void> {
    const { signal } = this.#run;
    if (this.#url === null) return;
    const answer = await askForFrame(this.#url, signal);
    if (!signal.aborted) this.#send({ kind: "asked", answer });
  }

  #onDrawn(part: StreamPart): void {
    const nowMs = performance.now();
    const latencyMs = this.#latencyOf(part);
    if (!this.#frames.drawn(part, part.jpeg.length, latencyMs, nowMs)) return;
    this.#shown = true;
    this.#sinceMs = nowMs;
    this.#latencyMs = latencyMs;
    const changed = part.camera !== this.#camera;
    this.#camera = part.camera;
    this.#send({ kind: "drawn" });
    // At the very frame: the label must never name another camera than the picture's.
    if (changed) this.#publish();
  }

  #latencyOf({ capturedAtMs }: StreamPart): number | null {
    const serviceNowMs = this.#parts.serviceNowMs();
    return capturedAtMs === null || serviceNowMs === null ? null : Math.max(0, serviceNowMs - capturedAtMs);
  }

  #publish(): void {
    const state = this.#state;
    const nowMs = performance.now();
    this.#parts.onView({
      player: {
        kind: state.kind === "turnedAway" ? "resting" : state.kind,
        shown: this.#shown,
        ageMs: state.kind === "idle" ? null : nowMs - this.#sinceMs,
        // Nothing is planned between a frame and the screen.
        delay: this.#latencyMs === null ? null : { latencyS: this.#latencyMs / 1000, targetS: 0 },
        camera: this.#camera,
      },
      figures: this.#frames.figures(nowMs),
      turnedAway: turnedAwayOf(state),
    });
  }
}

function turnedAwayOf(state: InstantState): InstantView["turnedAway"] {
  if (state.kind !== "turnedAway") return null;
  return { refusal: state.refusal, untilMs: performance.timeOrigin + state.untilMs };
}
