/** The player beside the large one, in dual mode: what it plays, and what is known of its picture. */
import { computed, effect, signal } from "@preact/signals";
import { chooseEngine } from "../player/choose-engine.js";
import { LivePlayer } from "../player/live-player.js";
import { idlePlayer } from "../player/player-view.js";
import { Still } from "../player/still.js";
import { coverOf } from "./cover.js";
import { badgeOf, misses, playerSupported, sideChannel, status } from "./store.js";
import { playlistOf, signedOut } from "./view.js";

const view = signal(idlePlayer);
let mounted: LivePlayer | null = null;

export const sideBadge = computed(() => badgeOf(sideChannel.value, view.value));

export const sideCover = computed(() =>
  coverOf({
    signedOut: signedOut.value,
    misses: misses.value,
    status: status.value,
    channel: sideChannel.value,
    switching: false,
    player: view.value,
    supported: playerSupported.value,
    turnedAway: null,
  }),
);

/** Plays into these elements until the returned function is called: a hidden view holds no connection. */
export function mountSide(video: HTMLVideoElement, still: HTMLCanvasElement): () => void {
  video.muted = true;
  const live = new LivePlayer({
    video,
    still: new Still(still),
    openEngine: chooseEngine(video),
    onView: (news) => {
      view.value = news;
    },
  });
  mounted = live;
  const stop = effect(() => {
    live.play(playlistOf(sideChannel.value), sideChannel.value?.camera ?? null);
  });
  return () => {
    stop();
    live.close();
    mounted = null;
    view.value = idlePlayer;
  };
}

/** As `LivePlayer.wake`. */
export function wakeSide(slept: boolean): void {
  mounted?.wake(slept);
}
