/** Finds out where a channel's timeline stands at the start of the process. */
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { ChannelFiles } from "./channel-files.js";
import { namesIn, openPlaylist, partUri, skipPart, type PlaylistStart, type PlaylistState } from "./playlist.js";
import { parsePlaylist } from "./playlist-text.js";

export const playlistName = "live.m3u8";

export interface OpenChannelOptions {
  readonly windowSeconds: number;
  /** Where the timeline goes on if there is no playlist. */
  readonly reserved: PlaylistStart | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenedChannel {
  readonly state: PlaylistState;
  /** The playlist that stands there; null if there is none. */
  readonly text: Buffer | null;
  /** The parts of its open segment. */
  readonly openParts: readonly Buffer[];
}

/**
 * Goes on from the playlist of an earlier run if everything it names is there, else from the reservation, else from
 * nothing. What else lies in the directory is left to expire.
 */
export function openChannel(options: OpenChannelOptions, files: ChannelFiles): OpenedChannel {
  const opened = goOn(options, files) ?? startAnew(options, files);
  files.expireAllBut(namesIn(opened.state).add(playlistName));
  return opened;
}

function goOn({ windowSeconds, log }: OpenChannelOptions, files: ChannelFiles): OpenedChannel | null {
  if (!files.has(playlistName)) return null;
  try {
    const text = files.read(playlistName);
    const state = parsePlaylist(text.toString(), { windowSeconds });
    const missing = [...namesIn(state)].filter((name) => !files.hasContent(name));
    if (missing.length > 0) throw new Error(`Missing: ${missing.join(", ")}`);
    const openParts = (state.open?.parts ?? []).map((part) => files.read(partUri(part.number)));
    // A player may hold what the killed process wrote under the next name without ever naming it.
    files.remove(partUri(state.nextPart));
    return { state: skipPart(state), text, openParts };
  } catch (error) {
    log.warn("The playlist of the former run cannot be used", { error });
    return null;
  }
}

function startAnew({ windowSeconds, reserved, clock }: OpenChannelOptions, files: ChannelFiles): OpenedChannel {
  files.remove(playlistName);
  const beginning: PlaylistStart = {
    mediaSequence: 0,
    discontinuitySequence: 0,
    part: 0,
    ticks: 0,
    epochMs: Math.round(clock.epochMs()),
  };
  return { state: openPlaylist(reserved ?? beginning, { windowSeconds }), text: null, openParts: [] };
}
