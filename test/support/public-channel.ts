import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { partUri, type PlaylistState } from "../../server/hls/playlist.js";
import { readChannel } from "../../server/hls/read-channel.js";

/**
 * Expects I3 and I4 of a channel's public directory. `killed`: something may stand under the next part's name, for the
 * kill came before it was in the playlist.
 */
export function expectTrueChannel(directory: string, killed = false): PlaylistState {
  const { state, problems } = readChannel(directory);
  expect(problems).toEqual([]);
  if (!killed) expect(existsSync(join(directory, partUri(state.nextPart))), "the hinted part").toBe(false);
  return state;
}
