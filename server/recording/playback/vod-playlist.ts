/**
 * The playlist over the recordings of a range. Pure. Each recording is cut into segments of 5 s; between recordings that
 * follow each other on their channel's timeline to the tick nothing stands, so that a player goes over the seam as over
 * any other.
 */
import { secondsText, ticksPerSecond } from "../../hls/ticks.js";

export interface PlayedRecording {
  readonly id: number;
  readonly channel: string;
  readonly generation: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** On the channel's timeline. */
  readonly startTicks: number;
  readonly endTicks: number;
}

/** A seek loads one, and a day has 17 280 of them. */
export const segmentSeconds = 5;
const segmentTicks = segmentSeconds * ticksPerSecond;

/** Length of each segment of a recording, in ticks. */
export function segmentLengths({ startTicks, endTicks }: Pick<PlayedRecording, "startTicks" | "endTicks">): number[] {
  const ticks = endTicks - startTicks;
  const count = Math.ceil(ticks / segmentTicks);
  return Array.from({ length: count }, (_, index) => Math.min(segmentTicks, ticks - index * segmentTicks));
}

/** Nothing is missing between the two, and both have the same init segment. */
export function follows(former: PlayedRecording, next: PlayedRecording): boolean {
  return (
    next.channel === former.channel && next.generation === former.generation && next.startTicks === former.endTicks
  );
}

/** `recordings` oldest first. Addresses are relative to the playlist's own. */
export function vodPlaylist(recordings: readonly PlayedRecording[]): string {
  const lines = [
    ...["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${segmentSeconds}`, "#EXT-X-PLAYLIST-TYPE:VOD"],
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  for (const [index, recording] of recordings.entries()) {
    const former = recordings[index - 1];
    lines.push(...linesOf(recording, former === undefined ? "first" : follows(former, recording) ? "seam" : "gap"));
  }
  return `${lines.join("\n")}\n#EXT-X-ENDLIST\n`;
}

function linesOf(recording: PlayedRecording, before: "first" | "seam" | "gap"): string[] {
  const { id, startedAt } = recording;
  const head = before === "gap" ? ["#EXT-X-DISCONTINUITY"] : [];
  if (before !== "seam") head.push(`#EXT-X-MAP:URI="${id}/init.mp4"`);
  head.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(startedAt).toISOString()}`);
  const segments = segmentLengths(recording).flatMap((ticks, index) => [
    `#EXTINF:${secondsText(ticks)},`,
    `${id}/segments/${index}.m4s`,
  ]);
  return [...head, ...segments];
}
