import { computed, effect, signal } from "@preact/signals";
import { sharedNowMs } from "../feed/stamp.js";
import type { InstantPlayer, InstantView } from "../instant/instant-player.js";
import { chooseEngine } from "../player/choose-engine.js";
import { LivePlayer } from "../player/live-player.js";
import { idlePlayer, type PlayerView } from "../player/player-view.js";
import { Still } from "../player/still.js";
import { tell } from "./actions.js";
import { onStage, type Delivery, type Standing } from "./delivery.js";
import { delivery, fallBackToHls } from "./delivery-choice.js";
import { serviceTimeAt } from "./service-clock.js";
import { instant, pictureFrom, player, playerSupported, serviceClock, stageChannel } from "./store.js";
import { playlistUrl, streamUrl } from "./view.js";

export interface StageElements {
  readonly video: HTMLVideoElement;
  /** Keeps the last picture of the video. */
  readonly still: HTMLCanvasElement;
  /** Where the instant view is drawn. */
  readonly instant: HTMLCanvasElement;
}

/** The page's two players, between the elements that show their pictures and the signals that steer them. */
class StagePlayer {
  #live: LivePlayer | null = null;
  readonly #instant = signal<InstantPlayer | null>(null);
  #loading = false;
  readonly #hlsView = signal(idlePlayer);
  readonly #hlsStanding = computed(() => standingOfHls(this.#hlsView.value));
  readonly #instantStanding = computed(() => standingOfInstant(instant.value));

  /** Called once the elements are there; the returned function ends the players. */
  mount(elements: StageElements): () => void {
    const live = this.#openLive(elements);
    this.#live = live;
    const stopSteering = effect(() => {
      this.#steer(live, elements.instant);
    });
    const stopPublishing = effect(() => {
      player.value = pictureFrom.value === "hls" ? this.#hlsView.value : (instant.value?.player ?? idlePlayer);
    });
    return () => {
      stopSteering();
      stopPublishing();
      live.close();
      this.#live = null;
      this.#instant.peek()?.close();
      // Its canvas is gone: the next elements get another one.
      this.#instant.value = null;
      instant.value = null;
    };
  }

  wake(slept: boolean): void {
    this.#live?.wake(slept);
    this.#instant.peek()?.wake(slept);
  }

  press(): void {
    this.#live?.press();
  }

  #openLive({ video, still }: StageElements): LivePlayer {
    const openEngine = chooseEngine(video);
    playerSupported.value = openEngine !== null;
    // As a property: the attribute alone does not mute an element that a script made, and sound forbids autoplay.
    video.muted = true;
    return new LivePlayer({
      video,
      still: new Still(still),
      openEngine,
      onView: (view) => {
        this.#hlsView.value = view;
      },
    });
  }

  #steer(live: LivePlayer, canvas: HTMLCanvasElement): void {
    const chosen = delivery.value;
    const stands = onStage(chosen, { hls: this.#hlsStanding.value, instant: this.#instantStanding.value });
    const plays = (one: Delivery) => one === chosen || one === stands;
    pictureFrom.value = stands;
    if (plays("instant") && this.#instant.value === null) void this.#loadInstant(canvas);
    live.play(plays("hls") ? playlistUrl.value : null, stageChannel.value?.camera ?? null);
    this.#instant.value?.play(plays("instant") ? streamUrl.value : null);
  }

  /** Whoever never chooses the instant view never loads it. */
  async #loadInstant(canvas: HTMLCanvasElement): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const { InstantPlayer } = await import("../instant/instant-player.js");
      this.#instant.value = new InstantPlayer({
        canvas,
        serviceNowMs: () => serviceTimeAt(serviceClock.peek(), sharedNowMs()),
        onView: (view) => {
          instant.value = view;
        },
        onFallBack: fallBackToHls,
      });
    } catch {
      tell({ kind: "problem", code: "unreachable", message: "" });
      fallBackToHls();
    } finally {
      this.#loading = false;
    }
  }
}

const isShowing = (view: PlayerView): boolean => view.kind !== "idle" && view.shown;

/** It waits for a person's touch, or its first run showed nothing: the instant view must not hide that. */
function standingOfHls(view: PlayerView): Standing {
  if (isShowing(view)) return "picture";
  return view.kind === "refused" || view.kind === "resting" ? "trouble" : "nothing";
}

/** Its troubles are told over the other view, which goes on. */
function standingOfInstant(view: InstantView | null): Standing {
  return view !== null && view.turnedAway === null && isShowing(view.player) ? "picture" : "nothing";
}

export const stage = new StagePlayer();
