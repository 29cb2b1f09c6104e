import type { PlaylistWaiters } from "../hls/publisher.js";
import type { MediaSource, PlaylistAnswer } from "./service.js";
import type { Reason } from "./wire.js";

/** What the HLS routes need of one channel. */
export interface MediaChannel {
  readonly waiters: PlaylistWaiters;
  /** Why it has nothing to show (cameras off, stopped by the guard), else null. */
  whyUnavailable(): Reason | null;
}

/** Seconds after which a player may ask again where nothing is to be shown. */
const retryAfterSeconds = 2;

const nothingNew: Reason = { code: "notLive", message: "No new part came within three target durations." };

function unavailable(reason: Reason): PlaylistAnswer {
  return { kind: "unavailable", reason, retryAfterSeconds };
}

/** The media of the channels that `find` knows. */
export function channelMedia(find: (name: string) => MediaChannel | undefined): MediaSource {
  return {
    async playlist(name, query, signal) {
      const channel = find(name);
      if (channel === undefined) return { kind: "unknown" };
      const why = channel.whyUnavailable();
      if (why !== null) return unavailable(why);
      const answer = await channel.waiters.reload(query, signal);
      switch (answer.kind) {
        case "ready":
          return { kind: "playlist", body: answer.text };
        case "bad":
          return { kind: "refused", message: answer.message };
        case "timeout":
        case "aborted":
          return unavailable(channel.whyUnavailable() ?? nothingNew);
      }
    },
    async media(name, file, signal) {
      const answer = await find(name)?.waiters.waitForPart(file, signal);
      return answer === "published" ? "published" : "absent";
    },
  };
}
