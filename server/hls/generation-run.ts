/**
 * One generation on its way into a channel: its raw parts, and how far it has come. Owned by the channel's publisher,
 * which alone publishes from it.
 */
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import { inspectInit, inspectPart, type PartFacts, type SampleDefaults } from "./mp4.js";
import { initUri, maxPartTicks } from "./playlist.js";
import type { OpenSource, PartSource, RawPart } from "./part-source.js";
import { RawParts } from "./raw-parts.js";
import { ticksPerSecond } from "./ticks.js";
import type { MediaFile } from "./channel-files.js";

interface GenerationName {
  /** Number of the generation. */
  readonly generation: number;
  readonly camera: number;
  /** Name of the camera for people. */
  readonly label: string;
}

interface EncodedMedia {
  /** Where its encoder writes `init.mp4` and `p000000.m4s`, `p000001.m4s`, …; made if it is missing. */
  readonly directory: string;
}

interface OtherMedia {
  readonly open: OpenSource;
}

export type GenerationInfo = GenerationName & (EncodedMedia | OtherMedia);

/** What a generation has put into the channel. */
export interface GenerationEnd {
  readonly parts: number;
  readonly ticks: number;
}

/** A part that has been read and found good. */
export interface ReadPart {
  readonly raw: RawPart;
  readonly facts: PartFacts;
}

export interface GenerationInit extends MediaFile {
  readonly defaults: SampleDefaults;
}

export class GenerationRun {
  readonly info: GenerationInfo;
  readonly raw: PartSource;
  readonly ended: Promise<GenerationEnd>;
  /** Its source gives no more. */
  exited = false;
  /** Published so far. */
  parts = 0;
  ticks = 0;
  #init: GenerationInit | null = null;
  #resolve!: (end: GenerationEnd) => void;

  constructor(info: GenerationInfo, hint: () => void, log: Log) {
    this.info = info;
    this.raw = "open" in info ? info.open(hint) : new RawParts(info.directory, hint, log);
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** The next part, read and checked, or null while there is none. Throws `mediaInvalid`. */
  next(): ReadPart | null {
    const raw = this.raw.next();
    if (!raw) return null;
    const facts = inspectPart(raw.data, this.init().defaults);
    if (facts.ticks < 1 || facts.ticks > maxPartTicks) {
      throw new AppError("mediaInvalid", `A part lasts ${facts.ticks} ticks instead of ${ticksPerSecond / 5}.`);
    }
    return { raw, facts };
  }

  /** Its init segment; there since before its first part. Throws `mediaInvalid`. */
  init(): GenerationInit {
    if (this.#init) return this.#init;
    const data = this.raw.readInit();
    const { timescale, hash, defaults } = inspectInit(data);
    if (timescale !== ticksPerSecond) {
      throw new AppError(
        "mediaInvalid",
        `The encoder counts ${timescale} instead of ${ticksPerSecond} ticks a second.`,
      );
    }
    this.#init = { name: initUri(hash), data, defaults };
    return this.#init;
  }

  /** Says how it ended; only the first time counts. */
  settle(): void {
    this.#resolve({ parts: this.parts, ticks: this.ticks });
  }
}
