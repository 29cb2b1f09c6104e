import { z } from "zod";
import type { Route } from "../route.js";

const channel = z.string().meta({ description: "Name of the channel: `main`" });
const number = (description: string) => z.string().exactOptional().meta({ description });

/** Media, described for completeness: the playlist is answered by hls-handler.ts, the rest by NGINX from tmpfs. */
export const mediaRoutes: readonly Route[] = [
  {
    kind: "media",
    method: "get",
    path: "/hls/:channel/live.m3u8",
    access: "viewer",
    summary: "The low-latency playlist of a channel",
    params: z.object({ channel }),
    query: z.object({
      _HLS_msn: number("Blocking reload: wait for this media sequence number"),
      _HLS_part: number("Blocking reload: wait for this part of it"),
      viewer: number("Any word of the player's own; tells viewers of one address apart"),
    }),
    answers: { 200: { description: "Playlist", contentType: "application/vnd.apple.mpegurl" } },
    errors: ["badRequest", "notFound", "notLive", "guardStopped"],
  },
  {
    kind: "media",
    method: "get",
    path: "/hls/:channel/:file",
    access: "viewer",
    summary: "A part, segment or init segment that the playlist names; a part of its preload hint is waited for",
    params: z.object({ channel, file: z.string() }),
    answers: { 200: { description: "Fragmented MP4", contentType: "video/mp4" } },
    errors: ["notFound"],
  },
];
