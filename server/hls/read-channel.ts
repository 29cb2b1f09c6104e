import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspectInit, inspectPart } from "./mp4.js";
import { allSegments, namesIn, partUri, segmentUri, type PlaylistSegment, type PlaylistState } from "./playlist.js";
import { parsePlaylist } from "./playlist-text.js";

export interface ReadChannel {
  readonly state: PlaylistState;
  /** What of I3 and I4 does not hold, each in one line. */
  readonly problems: readonly string[];
}

/**
 * Reads a channel's public directory as a player would: all that its playlist names must be there, whole and as stated.
 * Throws when there is no playlist, or none that can be read.
 */
export function readChannel(directory: string, text = readFileSync(join(directory, "live.m3u8"), "utf8")): ReadChannel {
  const state = parsePlaylist(text, { windowSeconds: 10 });
  const missing = [...namesIn(state)].filter((name) => !existsSync(join(directory, name)));
  if (missing.length > 0) return { state, problems: missing.map((name) => `${name} is named and does not exist`) };
  const problems = allSegments(state).flatMap((segment) => segmentProblems(directory, segment, segment === state.open));
  return { state, problems };
}

function segmentProblems(directory: string, segment: PlaylistSegment, isOpen: boolean): string[] {
  const read = (name: string): Buffer => readFileSync(join(directory, name));
  const problems: string[] = [];
  const { defaults } = inspectInit(read(segment.init));
  let ticks = segment.startTicks;
  for (const part of segment.parts) {
    const facts = inspectPart(read(partUri(part.number)), defaults);
    const stated = { decodeTicks: ticks, ticks: part.ticks, independent: part.independent };
    const found = { decodeTicks: facts.decodeTicks, ticks: facts.ticks, independent: facts.independent };
    if (JSON.stringify(stated) !== JSON.stringify(found)) {
      problems.push(`${partUri(part.number)}: stated ${JSON.stringify(stated)}, found ${JSON.stringify(found)}`);
    }
    ticks += part.ticks;
  }
  if (isOpen || segment.parts.length === 0) return problems;
  const whole = Buffer.concat(segment.parts.map((part) => read(partUri(part.number))));
  const uri = segmentUri(segment.sequence);
  return read(uri).equals(whole) ? problems : [...problems, `${uri} is not the sum of its parts`];
}
