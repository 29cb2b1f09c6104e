/** What the stage shows, derived from what the page knows. */
import { computed } from "@preact/signals";
import { coverOf, type SignedOut } from "./cover.js";
import { progressOf } from "./progress.js";
import { delivery } from "./delivery-choice.js";
import { isSignedOut, sessionEnded, setUpToken } from "./session.js";
import { instant, mainChannel, misses, pending, player, playerSupported, stamped, status } from "./store.js";

export const progress = computed(() =>
  progressOf({
    view: status.value?.switch ?? null,
    viewAtMs: stamped.value?.switchAtMs ?? 0,
    pending: pending.value,
  }),
);

/** Why nobody is signed in here; null while somebody is, while it is not known yet, and without accounts. */
const signedOut = computed<SignedOut | null>(() => {
  if (setUpToken.value !== null) return "setUp";
  if (!isSignedOut.value) return null;
  return sessionEnded.value ? "ended" : "never";
});

export const cover = computed(() =>
  coverOf({
    signedOut: signedOut.value,
    misses: misses.value,
    status: status.value,
    channel: mainChannel.value,
    switching: progress.value !== null,
    player: player.value,
    supported: playerSupported.value || delivery.value === "instant",
    turnedAway: delivery.value === "instant" ? (instant.value?.turnedAway ?? null) : null,
  }),
);

const isPlayable = computed(() => {
  const channel = mainChannel.value;
  return channel !== null && channel.unavailable === null && status.value?.mode !== "off";
});

/** Address of the playlist while there is something to play; relative, as the page may lie below a path. */
export const playlistUrl = computed<string | null>(() => {
  const path = mainChannel.value?.playlist.replace(/^\/+/, "");
  return path === undefined || !isPlayable.value ? null : new URL(path, document.baseURI).href;
});

/** Address of the stream of JPEGs that follows every switch; null under the same conditions. */
export const streamUrl = computed<string | null>(() =>
  isPlayable.value ? new URL("stream?camera=active", document.baseURI).href : null,
);
