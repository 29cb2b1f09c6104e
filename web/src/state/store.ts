/** What the page knows: written by the feed, the player and the actions, read by the components. */
import { computed, effect, signal } from "@preact/signals";
import type { ChannelView, Receipt } from "../../../server/http/wire.js";
import { sharedNowMs, type StampedStatus } from "../feed/stamp.js";
import { text } from "../i18n/text.js";
import type { InstantView } from "../instant/instant-player.js";
import { idlePlayer, type PlayerView } from "../player/player-view.js";
import { cameraLabel } from "./camera-label.js";
import type { Delivery } from "./delivery.js";
import { dualView } from "./dual-view.js";
import { gradeOfCamera, heartbeat, type Heartbeat } from "./heartbeat.js";
import type { Notice } from "./notice.js";
import { noteServiceTime, type ServiceClock } from "./service-clock.js";
import { stageChannels } from "./stage-channels.js";

/** A request of this page that the service has not answered yet. `to: null` is off. */
export interface Pending {
  readonly to: number | null;
  /** In milliseconds of `sharedNowMs`. */
  readonly atMs: number;
  /** The service was seen switching since: what it says is newer than the request. */
  readonly seen: boolean;
}

export const stamped = signal<StampedStatus | null>(null);
export const misses = signal(0);
export const receipts = signal<readonly Receipt[]>([]);
export const notice = signal<Notice | null>(null);
export const pending = signal<Pending | null>(null);
/** Whether this browser can play HLS at all. */
export const playerSupported = signal(true);
/** The player whose picture is on the stage. */
export const player = signal<PlayerView>(idlePlayer);
/** Which one that is: the chosen one, or the former one until the chosen one shows something. */
export const pictureFrom = signal<Delivery>("hls");
/** What the instant view says of itself; null until it was first chosen. */
export const instant = signal<InstantView | null>(null);
export const serviceClock = signal<ServiceClock | null>(null);

/** Since when the camera of a channel is good without a break, by the channel's name; in milliseconds of `sharedNowMs`. */
let goodSince: ReadonlyMap<string, number> = new Map();

/** Takes in what the service says. */
export function noteStatus(news: StampedStatus): void {
  const good = news.status.channels.filter((channel) => gradeOfCamera(channel) === "live");
  goodSince = new Map(good.map(({ name }) => [name, goodSince.get(name) ?? sharedNowMs()]));
  stamped.value = news;
  serviceClock.value = noteServiceTime(serviceClock.value, news.status.now, sharedNowMs());
  const asked = pending.value;
  if (asked !== null && news.status.switch.kind === "switching") pending.value = { ...asked, seen: true };
}

export const status = computed(() => stamped.value?.status ?? null);

const channelsOnStage = computed(() => stageChannels(status.value, dualView.value));

/** The channel of the large player: `main`, or in dual mode the one of a camera. */
export const stageChannel = computed<ChannelView | null>(() => channelsOnStage.value.first);

/** Of the player beside it, in dual mode. */
export const sideChannel = computed<ChannelView | null>(() => channelsOnStage.value.second);

/** Both cameras run, and each browser chooses what it shows. */
export const isDual = computed(() => status.value?.modeInForce.mode === "dual");

/** The picture is still that of the former camera. */
export const isFormer = computed(() => {
  const { camera } = player.value;
  return camera !== null && camera !== (stageChannel.value?.camera ?? null);
});

export const badge = computed(() => badgeOf(stageChannel.value, player.value));

/** What the badge of one channel's picture says. */
export function badgeOf(channel: ChannelView | null, view: PlayerView): Heartbeat {
  const { shown, ageMs, camera } = view;
  const former = camera !== null && camera !== (channel?.camera ?? null);
  return heartbeat({
    misses: misses.value,
    mode: status.value?.mode ?? null,
    channel,
    picture: { shown, ageMs, lagMs: lagMs(view), behindMs: view.delay && view.delay.latencyS * 1000, former },
    goodForMs: sharedNowMs() - (goodSince.get(channel?.name ?? "") ?? Infinity),
  });
}

/** The camera that is live on the stage; its picture reaches the screen a little later. */
export const liveCamera = computed<number | null>(() => stageChannel.value?.camera ?? null);

/** The camera whose picture is on the screen. */
export const shownCamera = computed<number | null>(() =>
  liveCamera.value === null ? null : (player.value.camera ?? liveCamera.value),
);

/** The camera whose picture is on the screen, or was the last that was. Null: none was ever shown on this page. */
export const snapshotCamera = signal<number | null>(null);

effect(() => {
  if (player.value.shown && shownCamera.value !== null) snapshotCamera.value = shownCamera.value;
});

/** Name of a camera by its number, in the language of the page. */
export function labelOf(number: number): string {
  return cameraLabel(status.value?.cameras ?? [], number, text.value);
}

function lagMs(view: PlayerView): number | null {
  return view.delay && Math.max(0, view.delay.latencyS - view.delay.targetS) * 1000;
}
