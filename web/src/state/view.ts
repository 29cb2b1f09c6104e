/** What the stage shows, derived from what the page knows. */
import { computed } from "@preact/signals";
import type { ChannelView } from "../../../server/http/wire.js";
import { coverOf, type SignedOut } from "./cover.js";
import { progressOf } from "./progress.js";
import { delivery } from "./delivery-choice.js";
import { isSignedOut, session, sessionEnded, setUpToken } from "./session.js";
import { instant, isDual, misses, pending, player, playerSupported, stageChannel, stamped, status } from "./store.js";

export const progress = computed(() =>
  progressOf({
    view: status.value?.switch ?? null,
    viewAtMs: stamped.value?.switchAtMs ?? 0,
    pending: pending.value,
  }),
);

/** Why nobody is signed in here; null while somebody is, while it is not known yet, and without accounts. */
export const signedOut = computed<SignedOut | null>(() => {
  if (setUpToken.value !== null || session.value?.needsSetUp === true) return "setUp";
  if (!isSignedOut.value) return null;
  return sessionEnded.value ? "ended" : "never";
});

export const cover = computed(() =>
  coverOf({
    signedOut: signedOut.value,
    misses: misses.value,
    status: status.value,
    channel: stageChannel.value,
    switching: progress.value !== null,
    player: player.value,
    supported: playerSupported.value || delivery.value === "instant",
    turnedAway: delivery.value === "instant" ? (instant.value?.turnedAway ?? null) : null,
  }),
);

/** Address of a channel's playlist while there is something to play; relative, as the page may lie below a path. */
export function playlistOf(channel: ChannelView | null): string | null {
  if (channel === null || channel.unavailable !== null || status.value?.mode === "off") return null;
  return new URL(channel.playlist.replace(/^\/+/, ""), document.baseURI).href;
}

export const playlistUrl = computed<string | null>(() => playlistOf(stageChannel.value));

/** Address of the stream of JPEGs that follows every switch, in dual mode of one camera's; null under the same conditions. */
export const streamUrl = computed<string | null>(() => {
  if (playlistUrl.value === null) return null;
  const camera = isDual.value ? (stageChannel.value?.camera ?? 0) : "active";
  return new URL(`stream?camera=${camera}`, document.baseURI).href;
});
