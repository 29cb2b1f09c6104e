/**
 * The live playlist of one channel as a value: what it names, and where its timeline stands. Pure; `playlist-text.ts`
 * writes and reads it, `Publisher` owns the files.
 *
 * Invariants (property-tested): sequences and ticks never go down, no name is used twice, a segment has one generation
 * and starts with an independent part, EXT-X-DISCONTINUITY stands only where the init segment differs, and whatever was
 * named is either still named or was handed out as `expired` exactly once.
 */
import { ticksPerMs, ticksPerSecond } from "./ticks.js";

/** A position on a channel's timeline from which a playlist can go on. */
export interface PlaylistStart {
  /** Of the next segment. */
  readonly mediaSequence: number;
  /** Of the next segment: the number of discontinuities before it since the channel exists. */
  readonly discontinuitySequence: number;
  /** Number of the next part. */
  readonly part: number;
  /** Decode time of the next part. */
  readonly ticks: number;
  /** Program date time = epochMs + ticks / 90, in milliseconds since the Unix epoch. */
  readonly epochMs: number;
}

export interface PlaylistPart {
  readonly number: number;
  readonly ticks: number;
  readonly independent: boolean;
}

export interface PlaylistSegment {
  readonly sequence: number;
  readonly startTicks: number;
  readonly ticks: number;
  /** Name of its init segment. */
  readonly init: string;
  /** A discontinuity stands before it. */
  readonly discontinuity: boolean;
  /** Empty once it is so old that only the segment as a whole is named. */
  readonly parts: readonly PlaylistPart[];
}

/** From where on the channel shows which camera. */
export interface CameraRange {
  readonly generation: number;
  readonly camera: number;
  readonly label: string;
  readonly startTicks: number;
}

export interface PlaylistGeneration {
  readonly generation: number;
  readonly camera: number;
  readonly label: string;
  /** Name of its init segment. */
  readonly init: string;
}

export interface PlaylistState {
  readonly windowTicks: number;
  readonly epochMs: number;
  /** As the header states it: discontinuities that have left the playlist. */
  readonly discontinuitySequence: number;
  /** Closed segments, oldest first. */
  readonly segments: readonly PlaylistSegment[];
  /** The segment being made, once it has a part. */
  readonly open: PlaylistSegment | null;
  readonly ranges: readonly CameraRange[];
  readonly nextSequence: number;
  readonly nextPart: number;
  readonly edgeTicks: number;
  /** The generation that parts belong to now; its range stands in `ranges` from its first part on. */
  readonly generation: (PlaylistGeneration & { readonly begunAtTicks: number }) | null;
  /** Init segment of the newest part. */
  readonly init: string | null;
  /** What the text ends in: the name of the next part, or the notice that what comes has another init segment. */
  readonly tail: "hint" | "discontinuity";
}

/** What one step of a playlist did. */
export interface PlaylistStep {
  readonly state: PlaylistState;
  /** The segment that is complete with this step. */
  readonly closed: PlaylistSegment | null;
  /** Names that were in the playlist before this step and are not any more. */
  readonly expired: readonly string[];
}

/** Closed segments whose parts are still named: RFC 8216bis has them go three target durations from the end. */
const segmentsWithParts = 3;

/** A part may be at most half a second, so that a segment rounds to the target duration of 1 s. */
export const maxPartTicks = ticksPerSecond / 2 - 1;

export const partUri = (number: number): string => `part_${number}.m4s`;
export const segmentUri = (sequence: number): string => `seg_${sequence}.m4s`;
export const initUri = (hash: string): string => `init_${hash}.mp4`;

export const programDateMs = (state: { readonly epochMs: number }, ticks: number): number =>
  Math.round(state.epochMs + ticks / ticksPerMs);

export function openPlaylist(start: PlaylistStart, options: { readonly windowSeconds: number }): PlaylistState {
  return {
    windowTicks: options.windowSeconds * ticksPerSecond,
    epochMs: start.epochMs,
    discontinuitySequence: start.discontinuitySequence,
    segments: [],
    open: null,
    ranges: [],
    nextSequence: start.mediaSequence,
    nextPart: start.part,
    edgeTicks: start.ticks,
    generation: null,
    init: null,
    tail: "hint",
  };
}

/** The position after everything in the playlist. */
export function positionOf(state: PlaylistState): PlaylistStart {
  const named = allSegments(state).filter((segment) => segment.discontinuity).length;
  return {
    mediaSequence: state.nextSequence,
    discontinuitySequence: state.discontinuitySequence + named + (state.tail === "discontinuity" ? 1 : 0),
    part: state.nextPart,
    ticks: state.edgeTicks,
    epochMs: state.epochMs,
  };
}

/** All segments, the open one last. */
export function allSegments(state: PlaylistState): readonly PlaylistSegment[] {
  return state.open ? [...state.segments, state.open] : state.segments;
}

/** Every name in the playlist that must exist; the preload hint does not yet. */
export function namesIn(state: PlaylistState): Set<string> {
  const names = new Set(state.segments.map((segment) => segmentUri(segment.sequence)));
  for (const segment of allSegments(state)) {
    names.add(segment.init);
    for (const part of segment.parts) names.add(partUri(part.number));
  }
  return names;
}

/**
 * What comes belongs to another generation. Where its init segment differs, the preload hint is withdrawn and its name
 * given up, because a player that asked for it would decode what it gets with the former init segment.
 */
export function beginGeneration(state: PlaylistState, generation: PlaylistGeneration): PlaylistState {
  if (state.open) throw new Error("The former generation's segment is still open.");
  const label = plain(generation.label);
  const differs = state.init !== null && state.init !== generation.init;
  const withdrawn = differs && state.tail === "hint";
  return {
    ...state,
    generation: { ...generation, label, begunAtTicks: state.edgeTicks },
    tail: differs ? "discontinuity" : "hint",
    nextPart: state.nextPart + (withdrawn ? 1 : 0),
  };
}

/** A quoted attribute cannot hold quotes or line breaks. */
const plain = (label: string): string => label.replaceAll('"', "'").replace(/\p{Cc}/gu, " ");

/** Adds a part to the open segment, or opens one with it; five parts of 0.2 s close a segment. */
export function appendPart(
  state: PlaylistState,
  part: { readonly ticks: number; readonly independent: boolean },
): PlaylistStep & { readonly part: PlaylistPart & { readonly uri: string; readonly startTicks: number } } {
  if (!state.generation) throw new Error("A part must belong to a generation.");
  if (!state.open && !part.independent) throw new Error("A segment must start with an independent part.");
  if (part.ticks < 1 || part.ticks > maxPartTicks) throw new Error(`A part cannot last ${part.ticks} ticks.`);
  const added = { number: state.nextPart, ticks: part.ticks, independent: part.independent };
  const open = state.open ?? openSegment(state, state.generation);
  const longer: PlaylistState = {
    ...state,
    open: { ...open, ticks: open.ticks + part.ticks, parts: [...open.parts, added] },
    ranges: withRange(state),
    nextSequence: open.sequence + 1,
    nextPart: state.nextPart + 1,
    edgeTicks: state.edgeTicks + part.ticks,
    init: open.init,
    tail: "hint",
  };
  const full = open.ticks + part.ticks >= ticksPerSecond;
  const step = full ? closeSegment(longer) : { state: longer, closed: null, expired: [] };
  return { ...step, part: { ...added, uri: partUri(added.number), startTicks: state.edgeTicks } };
}

function openSegment(state: PlaylistState, { init }: PlaylistGeneration): PlaylistSegment {
  const discontinuity = state.tail === "discontinuity";
  return { sequence: state.nextSequence, startTicks: state.edgeTicks, ticks: 0, init, discontinuity, parts: [] };
}

function withRange(state: PlaylistState): readonly CameraRange[] {
  const newest = state.ranges.at(-1);
  if (!state.generation || (newest && newest.startTicks >= state.generation.begunAtTicks)) return state.ranges;
  const { generation, camera, label } = state.generation;
  return [...state.ranges, { generation, camera, label, startTicks: state.edgeTicks }];
}

/** Closes the open segment, if there is one, however short. */
export function closeSegment(state: PlaylistState): PlaylistStep {
  if (!state.open) return { state, closed: null, expired: [] };
  const closed = state.open;
  const after = trim({ ...state, open: null, segments: [...state.segments, closed] });
  return { state: after, closed, expired: expiredBetween(state, after) };
}

/** The generation gives no more parts. */
export function endGeneration(state: PlaylistState): PlaylistStep {
  const step = closeSegment(state);
  return { ...step, state: { ...step.state, generation: null } };
}

/** Gives up the next part's name, because something may stand under it that was never in the playlist. */
export function skipPart(state: PlaylistState): PlaylistState {
  return { ...state, nextPart: state.nextPart + 1 };
}

/**
 * Goes on at another position, after a time in which nothing was published: everything named so far leaves the playlist.
 * For the moment before a generation begins.
 */
export function jumpTo(state: PlaylistState, start: PlaylistStart): PlaylistStep {
  const after = openPlaylist(start, { windowSeconds: state.windowTicks / ticksPerSecond });
  return { state: after, closed: null, expired: expiredBetween(state, after) };
}

/** Names only segments within the window, the parts of the newest three, and the cameras of what is left. */
function trim(state: PlaylistState): PlaylistState {
  const first = firstToKeep(state);
  const gone = state.segments.slice(0, first).filter((segment) => segment.discontinuity).length;
  const kept = state.segments.slice(first);
  const segments = kept.map((segment, index) =>
    index < kept.length - segmentsWithParts ? { ...segment, parts: [] } : segment,
  );
  const startTicks = segments[0]?.startTicks ?? state.edgeTicks;
  const ranges = state.ranges.filter((_, index) => {
    const next = state.ranges[index + 1];
    return !next || next.startTicks > startTicks;
  });
  return { ...state, segments, ranges, discontinuitySequence: state.discontinuitySequence + gone };
}

/** Index of the oldest segment without which the playlist would be shorter than its window. */
function firstToKeep({ segments, windowTicks }: PlaylistState): number {
  let ticks = 0;
  for (let index = segments.length - 1; index > 0; index--) {
    ticks += segments[index]?.ticks ?? 0;
    if (ticks >= windowTicks) return index;
  }
  return 0;
}

function expiredBetween(before: PlaylistState, after: PlaylistState): string[] {
  const named = namesIn(after);
  return [...namesIn(before)].filter((name) => !named.has(name));
}
