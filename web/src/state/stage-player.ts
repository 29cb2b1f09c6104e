import { effect } from "@preact/signals";
import { chooseEngine } from "../player/choose-engine.js";
import { LivePlayer } from "../player/live-player.js";
import { Still } from "../player/still.js";
import { player, playerSupported } from "./store.js";
import { playlistUrl } from "./view.js";

/** The page's one player, between the elements that show it and the signals that steer it. */
class StagePlayer {
  #live: LivePlayer | null = null;

  /** Called once the elements are there; the returned function ends the player. */
  mount(video: HTMLVideoElement, canvas: HTMLCanvasElement): () => void {
    const openEngine = chooseEngine(video);
    playerSupported.value = openEngine !== null;
    // As a property: the attribute alone does not mute an element that a script made, and sound forbids autoplay.
    video.muted = true;
    const live = new LivePlayer({
      video,
      still: new Still(canvas),
      openEngine,
      onView: (view) => {
        player.value = view;
      },
    });
    this.#live = live;
    const stopFollowing = effect(() => {
      live.play(playlistUrl.value);
    });
    return () => {
      stopFollowing();
      live.close();
    };
  }

  wake(): void {
    this.#live?.wake();
  }

  press(): void {
    this.#live?.press();
  }
}

export const stage = new StagePlayer();
