/** What the view of recordings knows; written by `recordings-actions.ts`. */
import { computed, signal } from "@preact/signals";
import type { Gap } from "../../../server/http/wire-protection.js";
import type { Receipt } from "../../../server/http/wire.js";
import type { Export, Recording, RecordingDay, RecordingPlans, Timeline } from "../../../server/http/wire-recording.js";
import { status } from "../state/store.js";
import { dayOf, type Day } from "./day.js";
import { missingBetween } from "./holes.js";
import { idlePlayback, type Playback } from "./playback.js";
import type { RecordingSettings } from "./retention-draft.js";

export const day = signal<Day>(dayOf(Date.now()));
export const camera = signal(0);
/** Null: not known yet. */
export const timeline = signal<Timeline | null>(null);
export const pictureGaps = signal<readonly Gap[]>([]);
export const switches = signal<readonly Receipt[]>([]);
export const days = signal<readonly RecordingDay[]>([]);
/** The files of the day and the camera, newest first. */
export const files = signal<{ readonly items: readonly Recording[]; readonly next: string | null } | null>(null);
export const exportsMade = signal<readonly Export[]>([]);
export const plans = signal<RecordingPlans | null>(null);
/** What is deleted by itself, and when a recording by hand ends; null: not known yet, or none of this person's business. */
export const keeping = signal<RecordingSettings | null>(null);
export const playback = signal<Playback>(idlePlayback);
/** What is to be exported, in milliseconds since the Unix epoch; null: not chosen yet. */
export const exportFrom = signal<number | null>(null);
export const exportTo = signal<number | null>(null);
/** The catalogue could not be asked: the code of the error. */
export const trouble = signal<string | null>(null);

export const recording = computed(() => status.value?.recording ?? null);

/** Of the chosen camera, in order. */
export const spans = computed(() => (timeline.value?.spans ?? []).filter((span) => span.camera === camera.value));

/** Of no camera; null: not known yet. */
export const isDayEmpty = computed(() => (timeline.value === null ? null : timeline.value.spans.length === 0));

export const missing = computed(() =>
  missingBetween({
    day: day.value,
    spans: spans.value,
    gaps: (timeline.value?.gaps ?? []).filter((gap) => gap.camera === camera.value),
    pictureGaps: pictureGaps.value,
  }),
);
