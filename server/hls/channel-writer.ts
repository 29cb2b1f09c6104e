/**
 * The one writer of a channel's playlist and media. Owned by `Publisher`. Each step writes media first, then the
 * playlist, and only then counts as done (I4): a kill between any two writes leaves a playlist that is true, and a step
 * that throws has changed nothing and can be tried again.
 */
import type { Clock } from "../lib/clock.js";
import type { ChannelFiles, MediaFile } from "./channel-files.js";
import type { GenerationRun, ReadPart } from "./generation-run.js";
import { playlistName, type OpenedChannel } from "./open-channel.js";
import {
  appendPart,
  beginGeneration,
  endGeneration,
  jumpTo,
  partUri,
  positionOf,
  programDateMs,
  segmentUri,
  skipPart,
  type PlaylistPart,
  type PlaylistSegment,
  type PlaylistStart,
  type PlaylistState,
  type PlaylistStep,
} from "./playlist.js";
import { renderPlaylist } from "./playlist-text.js";
import { rebase } from "./rebase.js";
import type { ReservedPositions } from "./reserved-positions.js";
import { decideResume } from "./resume.js";

export type AppendedPart = PlaylistPart & {
  readonly uri: string;
  readonly startTicks: number;
  /** Of its start, in milliseconds since the Unix epoch. */
  readonly dateMs: number;
};

export class ChannelWriter {
  readonly #files: ChannelFiles;
  readonly #reserved: ReservedPositions;
  readonly #clock: Clock;
  #state: PlaylistState;
  #text: Buffer | null;
  /** The parts of the open segment. */
  #openParts: readonly Buffer[];
  /** The run whose parts are being appended. */
  #run: GenerationRun | null = null;
  /** Raw part whose writing failed: something may stand under the next name. */
  #failedRaw: string | null = null;
  /** Where the next generation begins, if not at the edge. */
  #jump: PlaylistStart | null = null;
  /** At this monotonic time the end of the timeline was this much in the past. */
  #away: { readonly ms: number; readonly sinceMs: number };

  constructor(opened: OpenedChannel, files: ChannelFiles, reserved: ReservedPositions, clock: Clock) {
    this.#files = files;
    this.#reserved = reserved;
    this.#clock = clock;
    this.#state = opened.state;
    this.#text = opened.text;
    this.#openParts = opened.openParts;
    const { state } = opened;
    this.#away = { ms: clock.epochMs() - programDateMs(state, state.edgeTicks), sinceMs: clock.monotonicMs() };
  }

  /** The playlist as published; null while there is none. */
  get text(): Buffer | null {
    return this.#text;
  }

  /** What `text` says; null while there is none. */
  get state(): PlaylistState | null {
    return this.#text ? this.#state : null;
  }

  /** Decode time of the next part. */
  get edgeTicks(): number {
    return this.#jump?.ticks ?? this.#state.edgeTicks;
  }

  /** Date of the next part. */
  get edgeDateMs(): number {
    return programDateMs(this.#jump ?? this.#state, this.edgeTicks);
  }

  /**
   * How long ago the end of the timeline was, in ms: by the monotonic clock since something was published, by the wall
   * clock before. Negative where the wall clock is behind the channel's date.
   */
  get awayMs(): number {
    return this.#away.ms + this.#clock.monotonicMs() - this.#away.sinceMs;
  }

  has(uri: string): boolean {
    return this.#files.has(uri);
  }

  /** Decides where the next generation begins after a time without one: now, in step with `awayMs`. */
  resume(paidMs: number): void {
    const resume = decideResume(positionOf(this.#state), this.awayMs, paidMs);
    this.#jump = resume.kind === "exact" ? null : resume.to;
  }

  /** A part with which a segment begins must be independent. */
  accepts(part: ReadPart, run: GenerationRun): boolean {
    return part.facts.independent || (this.#run === run && this.#state.open !== null);
  }

  /** Publishes a part as the next of the channel. The first part of a run begins its generation. */
  append(part: ReadPart, run: GenerationRun): AppendedPart {
    this.#giveUpFailedName(part.raw.path);
    this.#failedRaw = part.raw.path;
    const begun = this.#run === run ? { state: this.#state, expired: [] } : this.#begin(run);
    const step = appendPart(begun.state, part.facts);
    const data = rebase(part.raw.data, { decodeTicks: step.part.startTicks, sequence: step.part.number });
    const parts = [...this.#openParts, data];
    const media: MediaFile[] = [{ name: step.part.uri, data }];
    if (this.#run !== run) media.unshift(run.init());
    if (step.closed) media.push(segmentFile(step.closed, parts));
    this.#apply({ ...step, expired: [...begun.expired, ...step.expired] }, media);
    this.#openParts = step.closed ? [] : parts;
    this.#failedRaw = null;
    this.#run = run;
    this.#jump = null;
    this.#away = { ms: 0, sinceMs: this.#clock.monotonicMs() };
    return { ...step.part, dateMs: programDateMs(step.state, step.part.startTicks) };
  }

  /** Closes the open segment, if there is one: what comes belongs to another generation. */
  endGeneration(): void {
    const step = endGeneration(this.#state);
    if (this.#text) this.#apply(step, step.closed ? [segmentFile(step.closed, this.#openParts)] : []);
    this.#state = step.state;
    this.#openParts = [];
    this.#run = null;
  }

  /** Nothing more is published: stores the exact position, without the name that players may have asked for. */
  settle(): void {
    if (this.#text) this.#reserved.settle(positionOf(skipPart(this.#state)));
  }

  /**
   * What was published is not to be seen any more: the playlist goes at once, its media after the usual time. The
   * timeline goes on from its end all the same.
   */
  forget(): void {
    if (this.#text === null) return;
    const position = positionOf(skipPart(this.#state));
    this.#reserved.settle(position);
    this.#files.remove(playlistName);
    const { state, expired } = jumpTo(this.#state, position);
    this.#files.expire(expired);
    this.#state = state;
    this.#text = null;
    this.#openParts = [];
  }

  #begin(run: GenerationRun): Pick<PlaylistStep, "state" | "expired"> {
    if (this.#state.open) this.endGeneration();
    const from = this.#jump ? jumpTo(this.#state, this.#jump) : { state: this.#state, expired: [] };
    const { generation, camera, label } = run.info;
    const init = run.init().name;
    const state = beginGeneration(from.state, { generation, camera, label, init });
    if (state.tail === "discontinuity" && this.#state.tail === "hint") {
      // Tells those who wait for the hinted part at once that it will never come.
      this.#apply({ state, expired: [] }, []);
    }
    // After a jump nothing names the init segment, but this generation is about to.
    return { state, expired: from.expired.filter((name) => name !== init) };
  }

  #giveUpFailedName(rawPath: string): void {
    if (this.#failedRaw === null || this.#failedRaw === rawPath) return;
    this.#files.expire([partUri(this.#state.nextPart)]);
    this.#state = skipPart(this.#state);
    this.#failedRaw = null;
  }

  /** The order of I4. */
  #apply({ state, expired }: Pick<PlaylistStep, "state" | "expired">, media: readonly MediaFile[]): void {
    this.#reserved.cover(positionOf(state));
    const text = Buffer.from(renderPlaylist(state));
    for (const file of media) this.#files.write(file);
    this.#files.write({ name: playlistName, data: text });
    this.#state = state;
    this.#text = text;
    this.#files.expire(expired);
  }
}

function segmentFile(segment: PlaylistSegment, parts: readonly Buffer[]): MediaFile {
  return { name: segmentUri(segment.sequence), data: Buffer.concat(parts) };
}
