import type { MediaSource, PlaylistAnswer, PlaylistQuery } from "../http/service.js";
import type { Channel } from "../stream/channel.js";
import type { Rest } from "../switch/rest.js";
import { awaken } from "./awakening.js";

const retryAfterSeconds = 2;
/** NGINX takes the controller for dead after 5 s without an answer to a playlist (`proxy_read_timeout`). */
const mostHeldMs = 4500;

/** The channels' playlists and media, as the HLS routes ask for them. */
export class ChannelMedia implements MediaSource {
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #rest: Rest;

  constructor(channels: readonly Channel[], rest: Rest) {
    this.#rest = rest;
    this.#channels = new Map(channels.map((channel) => [channel.name, channel]));
  }

  playlist(name: string, query: PlaylistQuery, signal: AbortSignal): PlaylistAnswer | Promise<PlaylistAnswer> {
    const channel = this.#channels.get(name);
    if (channel === undefined) return { kind: "unknown" };
    if (channel.unavailable?.code === "resting") return this.#awakened(channel, query, signal);
    return this.#answer(channel, query, signal);
  }

  async media(name: string, uri: string, signal: AbortSignal): Promise<"published" | "absent"> {
    const channel = this.#channels.get(name);
    if (channel === undefined) return "absent";
    const end = await channel.publisher.waiters.waitForPart(uri, signal);
    return end === "published" ? "published" : "absent";
  }

  #answer(channel: Channel, query: PlaylistQuery, signal: AbortSignal): PlaylistAnswer | Promise<PlaylistAnswer> {
    if (channel.unavailable !== null) return { kind: "unavailable", reason: channel.unavailable, retryAfterSeconds };
    return this.#reload(channel, query, signal);
  }

  /** Held until the picture is there: a player that is told to come again comes a second later than it could. */
  async #awakened(channel: Channel, query: PlaylistQuery, signal: AbortSignal): Promise<PlaylistAnswer> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, mostHeldMs);
    const held = AbortSignal.any([signal, limit.signal]);
    try {
      await awaken({ rest: this.#rest, channel }, () => channel.unavailable === null, held);
      return await this.#answer(channel, query, held);
    } finally {
      clearTimeout(timer);
    }
  }

  async #reload(channel: Channel, query: PlaylistQuery, signal: AbortSignal): Promise<PlaylistAnswer> {
    const answer = await channel.publisher.waiters.reload(query, signal);
    switch (answer.kind) {
      case "ready":
        return { kind: "playlist", body: answer.text };
      case "bad":
        return { kind: "refused", message: answer.message };
      case "unavailable":
      case "aborted": {
        const waited = { code: "notLive", message: "No new part came in three target durations." } as const;
        return { kind: "unavailable", reason: channel.unavailable ?? waited, retryAfterSeconds };
      }
    }
  }
}
