/** What the view of recordings asks and does. An answer that does not come leaves what is known. */
import type { RecordingPlans } from "../../../server/http/wire-recording.js";
import { tell, tellProblem } from "../state/actions.js";
import { ApiError, getSettings, putRecordingSettings } from "../state/api.js";
import { dayOf, type Day } from "./day.js";
import { playableFrom } from "./holes.js";
import {
  deleteExport,
  deleteRecording,
  getDays,
  getExports,
  getPictureGaps,
  getPlans,
  getRecordings,
  getSwitches,
  getTimeline,
  playlistAddress,
  postExport,
  postRecording,
  putPin,
  putPlans,
} from "./recordings-api.js";
import { player } from "./recordings-player.js";
import type { RetentionLimits } from "./retention-draft.js";
import {
  camera,
  day,
  days,
  exportFrom,
  exportsMade,
  exportTo,
  files,
  keeping,
  pictureGaps,
  plans,
  spans,
  switches,
  timeline,
  trouble,
} from "./recordings-store.js";

const filesAPage = 30;
/** Lists that are kept by number are read back to the begin of the day, but no further than so many pages. */
const mostPages = 10;

export function chooseDay(chosen: Day): void {
  if (chosen.name === day.peek().name) return;
  day.value = chosen;
  timeline.value = null;
  files.value = null;
  exportFrom.value = null;
  exportTo.value = null;
  player.stop();
  void loadDay();
}

export function chooseCamera(chosen: number): void {
  if (chosen === camera.peek()) return;
  camera.value = chosen;
  files.value = null;
  player.stop();
  void loadFiles();
}

/** Everything about the day; again while it lasts, because it grows. */
export async function loadDay(): Promise<void> {
  const { from, to, name } = day.peek();
  await Promise.all([
    quietly(async () => {
      const loaded = await getTimeline(from, to);
      if (day.peek().name !== name) return;
      timeline.value = loaded;
      trouble.value = null;
    }, true),
    quietly(async () => {
      const loaded = (await getDays(name.slice(0, 7))).days;
      if (day.peek().name === name) days.value = loaded;
    }),
    quietly(async () => {
      pictureGaps.value = await allSince(from, async (before) => {
        const { gaps, next } = await getPictureGaps(before);
        return { items: gaps, next, oldest: gaps.at(-1)?.from ?? 0 };
      });
    }),
    quietly(async () => {
      const receipts = await allSince(from, async (before) => {
        const page = await getSwitches(before);
        return { items: page.receipts, next: page.next, oldest: page.receipts.at(-1)?.requestedAt ?? 0 };
      });
      switches.value = receipts.filter(({ requestedAt }) => requestedAt >= from && requestedAt < to);
    }),
    loadFiles(),
  ]);
}

export async function loadFiles(page?: string): Promise<void> {
  const { from, to, name } = day.peek();
  const of = camera.peek();
  await quietly(async () => {
    const query = { camera: of, from, to, limit: filesAPage };
    const loaded = await getRecordings(page === undefined ? query : { ...query, page });
    if (day.peek().name !== name || camera.peek() !== of) return;
    const before = page === undefined ? [] : (files.peek()?.items ?? []);
    files.value = { items: [...before, ...loaded.recordings], next: loaded.next };
  });
}

/** Plays the chosen camera from this time on, or from the next recording after it. False: there is none. */
export function playFrom(atMs: number): boolean {
  const from = playableFrom(spans.peek(), atMs);
  if (from === null) return false;
  const { from: begin, to } = day.peek();
  player.play({ url: playlistAddress(camera.peek(), begin, playlistEnd(to)), atMs: from });
  return true;
}

/** A day that still lasts has another playlist every minute: it goes on where the former one ended. */
function playlistEnd(to: number): number {
  const nowMs = Date.now();
  return to <= nowMs ? to : Math.ceil(nowMs / 60_000) * 60_000;
}

export function record(what: "start" | "stop", cameras: readonly number[]): Promise<void> {
  return telling(async () => {
    await postRecording(what, cameras);
  });
}

export const pin = (id: number, pinned: boolean): Promise<void> =>
  telling(async () => {
    const changed = await putPin(id, pinned);
    const known = files.peek();
    if (known !== null) files.value = { ...known, items: known.items.map((item) => (item.id === id ? changed : item)) };
    await loadTimeline();
  });

export const remove = (id: number): Promise<void> =>
  telling(async () => {
    await deleteRecording(id);
    const known = files.peek();
    if (known !== null) files.value = { ...known, items: known.items.filter((item) => item.id !== id) };
    // The playlist names it still.
    player.stop();
    await loadTimeline();
  });

export const beginExport = (of: number, from: number, to: number): Promise<void> =>
  telling(async () => {
    await postExport(of, from, to);
    await loadExports();
  });

export const removeExport = (id: number): Promise<void> =>
  telling(async () => {
    await deleteExport(id);
    await loadExports();
  });

export const loadExports = (): Promise<void> =>
  quietly(async () => {
    exportsMade.value = (await getExports()).exports;
  });

export const loadPlans = (): Promise<void> =>
  quietly(async () => {
    plans.value = await getPlans();
  });

export const savePlans = (changed: RecordingPlans): Promise<void> =>
  telling(async () => {
    plans.value = await putPlans(changed);
  });

export const loadKeeping = (): Promise<void> =>
  quietly(async () => {
    keeping.value = (await getSettings()).values.recording;
  });

/** Rejects what the service refuses: the form knows the fields. */
export async function saveRetention(changed: RetentionLimits): Promise<void> {
  await putRecordingSettings(changed);
  tell({ kind: "retentionSaved" });
  await loadKeeping();
}

/** Of recordings that are started from now on, in seconds; null: they last until somebody stops them. */
export const saveHandLimit = (handLimitSeconds: number | null): Promise<void> =>
  telling(async () => {
    await putRecordingSettings({ handLimitSeconds });
    tell({ kind: "handLimitSaved" });
    await loadKeeping();
  });

/** The days go on while somebody looks: what was today is a day like any other then. */
export const isToday = (): boolean => day.peek().name === dayOf(Date.now()).name;

async function loadTimeline(): Promise<void> {
  const { from, to } = day.peek();
  timeline.value = await getTimeline(from, to);
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next: number | null;
  /** Of the last item. */
  readonly oldest: number;
}

async function allSince<Item>(
  since: number,
  ask: (before: number | null) => Promise<PageOf<Item>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let before: number | null = null;
  for (let page = 0; page < mostPages; page++) {
    const { items, next, oldest }: PageOf<Item> = await ask(before);
    all.push(...items);
    if (next === null || oldest < since) break;
    before = next;
  }
  return all;
}

async function quietly(question: () => Promise<void>, isShown = false): Promise<void> {
  try {
    await question();
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (isShown) trouble.value = thrown.code;
  }
}

async function telling(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    tellProblem(thrown);
  }
}
