import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { inspectInit, inspectPart } from "../../server/hls/mp4.js";
import { allSegments, namesIn, partUri, segmentUri, type PlaylistState } from "../../server/hls/playlist.js";
import { parsePlaylist } from "../../server/hls/playlist-text.js";

/**
 * Reads a channel's public directory as a player would and expects I4 of it: all that is named is there, whole and true.
 * `killed`: something may stand under the next part's name, for the kill came before it was in the playlist.
 */
export function expectTrueChannel(directory: string, killed = false): PlaylistState {
  const state = parsePlaylist(readFileSync(join(directory, "live.m3u8"), "utf8"), { windowSeconds: 10 });
  const read = (name: string) => readFileSync(join(directory, name));
  for (const name of namesIn(state)) expect(existsSync(join(directory, name)), name).toBe(true);
  if (!killed) expect(existsSync(join(directory, partUri(state.nextPart))), "the hinted part").toBe(false);
  for (const segment of allSegments(state)) {
    const { defaults } = inspectInit(read(segment.init));
    let ticks = segment.startTicks;
    for (const part of segment.parts) {
      const facts = inspectPart(read(partUri(part.number)), defaults);
      expect(facts).toMatchObject({ decodeTicks: ticks, ticks: part.ticks, independent: part.independent });
      ticks += part.ticks;
    }
    if (segment === state.open || segment.parts.length === 0) continue;
    const whole = Buffer.concat(segment.parts.map((part) => read(partUri(part.number))));
    expect(read(segmentUri(segment.sequence)).equals(whole), segmentUri(segment.sequence)).toBe(true);
  }
  return state;
}
