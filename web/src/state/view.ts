/** What the stage shows, derived from what the page knows. */
import { computed } from "@preact/signals";
import { coverOf } from "./cover.js";
import { progressOf } from "./progress.js";
import { mainChannel, misses, pending, player, playerSupported, stamped, status } from "./store.js";

export const progress = computed(() =>
  progressOf({
    view: status.value?.switch ?? null,
    viewAtMs: stamped.value?.switchAtMs ?? 0,
    pending: pending.value,
  }),
);

export const cover = computed(() =>
  coverOf({
    misses: misses.value,
    status: status.value,
    channel: mainChannel.value,
    switching: progress.value !== null,
    player: player.value,
    supported: playerSupported.value,
  }),
);

/** Address of the playlist while there is something to play; relative, as the page may lie below a path. */
export const playlistUrl = computed<string | null>(() => {
  const channel = mainChannel.value;
  if (channel === null || channel.unavailable !== null || status.value?.mode === "off") return null;
  return new URL(channel.playlist.replace(/^\/+/, ""), document.baseURI).href;
});
