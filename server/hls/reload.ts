/** What a request for the playlist or for a part gets at this moment. Pure. */
import { partUri, type PlaylistState } from "./playlist.js";

export type ReloadDecision =
  { readonly kind: "ready" } | { readonly kind: "wait" } | { readonly kind: "bad"; readonly message: string };

const ready: ReloadDecision = { kind: "ready" };
const wait: ReloadDecision = { kind: "wait" };
const bad = (message: string): ReloadDecision => ({ kind: "bad", message });

/** Query parameters as Express parses them. */
export type Query = Readonly<Record<string, unknown>>;

/** RFC 8216bis 6.2.5.2: a server may refuse a request for what lies further ahead than this many segments. */
const segmentsAhead = 2;

const wholeNumber = (value: unknown): number | null =>
  typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;

/**
 * Whole segments that a playlist must have before a player may see it, measured with hls.js 1.7.4: one with parts alone
 * is called empty and asked for again a second later; one that starts with a single segment makes it load that segment
 * over and over, stall for 2.3 s and stay 3 s behind. A player that is running already goes on with one.
 */
const segmentsToStart = 2;
const segmentsToGoOn = 1;

/** `state` is null while a channel has no playlist. */
export function decideReload(query: Query, state: PlaylistState | null): ReloadDecision {
  const { _HLS_msn: wantedSequence, _HLS_part: wantedPart } = query;
  const segments = state?.segments.length ?? 0;
  if (wantedSequence === undefined) {
    if (wantedPart !== undefined) return bad("_HLS_part needs _HLS_msn.");
    return segments < segmentsToStart ? wait : ready;
  }
  const sequence = wholeNumber(wantedSequence);
  const part = wantedPart === undefined ? null : wholeNumber(wantedPart);
  if (sequence === null) return bad("_HLS_msn must be a whole number.");
  if (part === null && wantedPart !== undefined) return bad("_HLS_part must be a whole number.");
  if (!state || segments < segmentsToGoOn) return wait;
  if (sequence >= state.nextSequence + segmentsAhead) return bad("_HLS_msn is too far ahead.");
  return isThere(state, sequence, part) ? ready : wait;
}

/** A part past the end of a closed segment means part 0 of the next, which is there unless that segment is the newest. */
function isThere(state: PlaylistState, sequence: number, part: number | null): boolean {
  const newest = state.segments.at(-1);
  if (newest && sequence < newest.sequence) return true;
  if (newest?.sequence === sequence) return part === null || part < newest.parts.length || state.open !== null;
  return state.open?.sequence === sequence && part !== null && part < state.open.parts.length;
}

/** `there` means that the file may be looked for. */
export type PartDecision = "there" | "wait" | "never";

/** Only the part that the playlist hints at is worth waiting for. */
export function decidePart(uri: string, state: PlaylistState | null): PartDecision {
  const number = Number(/^part_(\d{1,15})\.m4s$/.exec(uri)?.[1] ?? Number.NaN);
  if (!state || partUri(number) !== uri || number > state.nextPart) return "never";
  if (number < state.nextPart) return "there";
  return state.tail === "hint" ? "wait" : "never";
}
