/**
 * What the page asks about protection. A question without an answer leaves what is known: the heartbeat tells already
 * that the service is away, and all is asked again when it is back.
 */
import type { DrillName, Incident, Resources } from "../../../server/http/wire-protection.js";
import { hasHoleBefore, withHistory, withSample } from "../plots/track.js";
import { tellProblem } from "./actions.js";
import { ApiError, getCounts, getGaps, getIncidents, getResourceHistory, getSettings, postDrills } from "./api.js";
import { withFirstPage, withItem, withNextPage } from "./listed.js";
import { may } from "./session.js";
import { counts, gaps, incidents, limits, plotsOpen, track } from "./protection-store.js";

const incidentsAPage = 20;
const gapsAPage = 10;
/** What is kept and counted: 30 days. */
const countedHours = 720;
/** The least time between two questions for the same history, if the first brought nothing. */
const historyPauseMs = 10_000;

/** Something is missing in the track, and was not asked for with success yet. */
let historyWanted = false;
let historyAskedMs = -Infinity;

/** Adds the newest figures to the plots. What is missing before them is asked for while somebody looks at the plots. */
export function noteResources(resources: Resources): void {
  historyWanted ||= hasHoleBefore(track.peek(), resources.at);
  track.value = withSample(track.peek(), resources);
  if (plotsOpen.peek()) void fillTrack();
}

/** The plots are in sight: from now on they are kept without holes. */
export function openPlots(): void {
  plotsOpen.value = true;
  if (limits.peek() === null) void loadLimits();
  void fillTrack();
}

export function closePlots(): void {
  plotsOpen.value = false;
}

async function fillTrack(): Promise<void> {
  const nowMs = performance.now();
  if (!historyWanted || nowMs - historyAskedMs < historyPauseMs) return;
  historyAskedMs = nowMs;
  await quietly(async () => {
    const { samples } = await getResourceHistory();
    track.value = withHistory(track.peek(), samples);
    historyWanted = false;
  });
}

export const loadLimits = (): Promise<void> =>
  quietly(async () => {
    if (!may("operator")) return;
    limits.value = (await getSettings()).values.guard;
  });

export const loadIncidents = (): Promise<void> =>
  quietly(async () => {
    const page = await getIncidents(incidentsAPage);
    incidents.value = withFirstPage(incidents.peek(), { items: page.incidents, next: page.next });
  });

export async function loadOlderIncidents(): Promise<void> {
  const { next } = incidents.peek();
  if (next === null) return;
  await quietly(async () => {
    const page = await getIncidents(incidentsAPage, next);
    incidents.value = withNextPage(incidents.peek(), { items: page.incidents, next: page.next });
  });
}

export function noteIncident(incident: Incident): void {
  incidents.value = withItem(incidents.peek(), incident);
}

export const loadGaps = (): Promise<void> =>
  quietly(async () => {
    const page = await getGaps(gapsAPage);
    gaps.value = withFirstPage(gaps.peek(), { items: page.gaps, next: page.next });
  });

export async function loadOlderGaps(): Promise<void> {
  const { next } = gaps.peek();
  if (next === null) return;
  await quietly(async () => {
    const page = await getGaps(gapsAPage, next);
    gaps.value = withNextPage(gaps.peek(), { items: page.gaps, next: page.next });
  });
}

export const loadCounts = (): Promise<void> =>
  quietly(async () => {
    counts.value = (await getCounts(countedHours)).hours;
  });

/** Begins drills; what becomes of them comes with the status. */
export async function startDrills(names: readonly DrillName[]): Promise<void> {
  try {
    await postDrills(names);
  } catch (thrown) {
    tellProblem(thrown);
  }
}

async function quietly(question: () => Promise<void>): Promise<void> {
  try {
    await question();
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
  }
}
