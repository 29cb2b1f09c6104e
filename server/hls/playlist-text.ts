/**
 * The playlist as text, and back. The text alone lets a restarted controller go on exactly: the tag of our own, which
 * players pass over as RFC 8216 demands, holds what no standard tag can say to the tick.
 */
import {
  allSegments,
  partUri,
  programDateMs,
  segmentUri,
  type CameraRange,
  type PlaylistPart,
  type PlaylistSegment,
  type PlaylistState,
} from "./playlist.js";
import { parseSeconds, secondsText, ticksPerSecond } from "./ticks.js";

/**
 * Version 9 is the one players expect of low-latency playlists. PART-HOLD-BACK is three part targets, the least that
 * RFC 8216bis recommends.
 */
const head = [
  "#EXTM3U",
  "#EXT-X-VERSION:9",
  "#EXT-X-TARGETDURATION:1",
  "#EXT-X-PART-INF:PART-TARGET=0.2",
  "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6",
  "#EXT-X-INDEPENDENT-SEGMENTS",
].join("\n");

const isoDate = (state: PlaylistState, ticks: number) => new Date(programDateMs(state, ticks)).toISOString();

export function renderPlaylist(state: PlaylistState): string {
  const segments = allSegments(state);
  const first = segments[0];
  const lines = [
    head,
    `#EXT-X-MEDIA-SEQUENCE:${first?.sequence ?? state.nextSequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${state.discontinuitySequence}`,
    `#EXT-X-SMART-TOGGLE:START=${first?.startTicks ?? state.edgeTicks},EPOCH=${state.epochMs},NEXT-PART=${state.nextPart}`,
    ...state.ranges.map((range) => rangeLine(state, range)),
  ];
  let init: string | null = null;
  for (const segment of segments) {
    lines.push(...segmentLines(state, segment, init));
    init = segment.init;
  }
  const next = partUri(state.nextPart);
  lines.push(state.tail === "hint" ? `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${next}"` : "#EXT-X-DISCONTINUITY");
  return `${lines.join("\n")}\n`;
}

/** Ticks in the id make it unique for ever: they never go down, while generations are counted by others. */
function rangeLine(state: PlaylistState, { generation, camera, label, startTicks }: CameraRange): string {
  return (
    `#EXT-X-DATERANGE:ID="g${generation}-t${startTicks}",CLASS="camera",START-DATE="${isoDate(state, startTicks)}",` +
    `END-ON-NEXT=YES,X-CAMERA=${camera},X-GENERATION=${generation},X-LABEL="${label}"`
  );
}

function segmentLines(state: PlaylistState, segment: PlaylistSegment, formerInit: string | null): string[] {
  const lines: string[] = [];
  if (segment.discontinuity) lines.push("#EXT-X-DISCONTINUITY");
  if (segment.init !== formerInit) lines.push(`#EXT-X-MAP:URI="${segment.init}"`);
  lines.push(`#EXT-X-PROGRAM-DATE-TIME:${isoDate(state, segment.startTicks)}`);
  for (const part of segment.parts) lines.push(partLine(part));
  if (segment !== state.open) lines.push(`#EXTINF:${secondsText(segment.ticks)},`, segmentUri(segment.sequence));
  return lines;
}

function partLine({ number, ticks, independent }: PlaylistPart): string {
  const line = `#EXT-X-PART:DURATION=${secondsText(ticks)},URI="${partUri(number)}"`;
  return independent ? `${line},INDEPENDENT=YES` : line;
}

/** A segment while its lines are read. */
interface Draft {
  discontinuity: boolean;
  parts: PlaylistPart[];
  ticks: number;
}

const newDraft = (): Draft => ({ discontinuity: false, parts: [], ticks: 0 });

/**
 * Reads what `renderPlaylist` wrote (and nothing else: any other line is an error). The state has no generation: that
 * ended with the process that wrote the text.
 */
export function parsePlaylist(text: string, options: { readonly windowSeconds: number }): PlaylistState {
  return new PlaylistReader(text).read(options.windowSeconds);
}

class PlaylistReader {
  readonly #lines: readonly string[];
  readonly #segments: PlaylistSegment[] = [];
  readonly #ranges: CameraRange[] = [];
  #sequence: number;
  #ticks: number;
  #init: string | null = null;
  #draft = newDraft();

  constructor(text: string) {
    if (!text.startsWith(`${head}\n`) || !text.endsWith("\n"))
      throw new Error("This is not a playlist of Smart Toggle.");
    this.#lines = text
      .slice(head.length + 1)
      .trimEnd()
      .split("\n");
    this.#sequence = this.#number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)$/);
    this.#ticks = this.#number(/^#EXT-X-SMART-TOGGLE:START=(\d+),/);
  }

  read(windowSeconds: number): PlaylistState {
    // The last line is the tail, the three first lines after the head are read by name.
    for (const line of this.#lines.slice(3, -1)) this.#take(line);
    const open = this.#draft.parts.length > 0 ? this.#finish() : null;
    return {
      windowTicks: windowSeconds * ticksPerSecond,
      epochMs: this.#number(/^#EXT-X-SMART-TOGGLE:START=\d+,EPOCH=(\d+),/),
      discontinuitySequence: this.#number(/^#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)$/),
      segments: this.#segments,
      open,
      ranges: this.#ranges,
      nextSequence: this.#sequence,
      nextPart: this.#number(/^#EXT-X-SMART-TOGGLE:START=\d+,EPOCH=\d+,NEXT-PART=(\d+)$/),
      edgeTicks: this.#ticks,
      generation: null,
      init: this.#init,
      tail: this.#tail(),
    };
  }

  #number(pattern: RegExp): number {
    for (const line of this.#lines) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return Number(found);
    }
    throw new Error(`The playlist has no line ${pattern.source}.`);
  }

  #tail(): PlaylistState["tail"] {
    const last = this.#lines.at(-1) ?? "";
    if (last === "#EXT-X-DISCONTINUITY") return "discontinuity";
    if (last.startsWith("#EXT-X-PRELOAD-HINT:TYPE=PART,")) return "hint";
    throw new Error("The playlist is cut off.");
  }

  #take(line: string): void {
    if (line === "#EXT-X-DISCONTINUITY") this.#draft.discontinuity = true;
    else if (line.startsWith("#EXT-X-PART:")) this.#draft.parts.push(parsePart(line));
    else if (line.startsWith("#EXTINF:")) this.#draft.ticks = parseSeconds(line.slice(8, -1));
    else if (line.startsWith("#EXT-X-MAP:")) this.#init = line.slice('#EXT-X-MAP:URI="'.length, -1);
    else if (line.startsWith("#EXT-X-DATERANGE:")) this.#ranges.push(parseRange(line));
    else if (line === segmentUri(this.#sequence)) this.#segments.push(this.#finish());
    else if (!line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) throw new Error(`Unexpected in the playlist: ${line}`);
  }

  #finish(): PlaylistSegment {
    const { discontinuity, parts } = this.#draft;
    const ticks = this.#draft.ticks || parts.reduce((sum, part) => sum + part.ticks, 0);
    if (this.#init === null || ticks === 0) throw new Error("The playlist names a segment without init or duration.");
    const segment = {
      sequence: this.#sequence,
      startTicks: this.#ticks,
      ticks,
      init: this.#init,
      discontinuity,
      parts,
    };
    this.#sequence += 1;
    this.#ticks += ticks;
    this.#draft = newDraft();
    return segment;
  }
}

function parsePart(line: string): PlaylistPart {
  const found = /^#EXT-X-PART:DURATION=([\d.]+),URI="part_(\d+)\.m4s"(,INDEPENDENT=YES)?$/.exec(line);
  if (!found) throw new Error(`Unexpected in the playlist: ${line}`);
  return { number: Number(found[2]), ticks: parseSeconds(found[1] ?? ""), independent: found[3] !== undefined };
}

function parseRange(line: string): CameraRange {
  const found = /^#EXT-X-DATERANGE:ID="g(\d+)-t(\d+)",.*,X-CAMERA=(\d+),X-GENERATION=\d+,X-LABEL="([^"]*)"$/.exec(line);
  if (!found) throw new Error(`Unexpected in the playlist: ${line}`);
  const [, generation, startTicks, camera, label = ""] = found;
  return { generation: Number(generation), startTicks: Number(startTicks), camera: Number(camera), label };
}
