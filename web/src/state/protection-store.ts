/** What the page knows about protection beside the status; written by the feed and `protection-actions.ts`. */
import { computed, signal } from "@preact/signals";
import type { Gap, HourCounts, Incident } from "../../../server/http/wire-protection.js";
import type { Limits } from "../plots/plots.js";
import type { Sample } from "../plots/track.js";
import { drillRefusal } from "./drills.js";
import { offlineMisses } from "./heartbeat.js";
import { unknownList, type Listed } from "./listed.js";
import { misses, receipts, status } from "./store.js";

export const track = signal<readonly Sample[]>([]);
/** Somebody looks at the plots, so that they are worth asking for. */
export const plotsOpen = signal(false);
/** Where the guard acts; null until the settings were heard. */
export const limits = signal<Limits | null>(null);
export const incidents = signal<Listed<Incident>>(unknownList);
export const gaps = signal<Listed<Gap>>(unknownList);
export const counts = signal<readonly HourCounts[] | null>(null);

export const online = computed(() => misses.value < offlineMisses && status.value !== null);
export const guard = computed(() => status.value?.guard ?? null);

/** The guard has stopped the cameras: no switch is taken. */
export const isStopped = computed(() => guard.value?.level === "stopped");

/** Changes when a gap has probably begun or ended: then the list of gaps is asked for. */
export const gapNews = computed(() => {
  const standIn = status.value?.channels.map((channel) => channel.standIn).join() ?? "";
  const newest = [receipts.value[0]?.id, receipts.value[0]?.outcome, incidents.value.items[0]?.id];
  const { service, mode, availability } = status.value ?? {};
  return [online.value, service?.startedAt, mode, availability?.month.gaps, standIn, ...newest].join(" ");
});

export const drillsRefused = computed(() => drillRefusal({ online: online.value, status: status.value }));
