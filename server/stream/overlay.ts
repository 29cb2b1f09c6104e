/**
 * The text that is burnt into a picture (H1): label and time. ffmpeg reads it before each frame from a file of ours, so
 * that no text can be taken for a part of the filter. The encoder that has one owns it; the file goes with its directory.
 *
 * Invariant: the time is that of the frame below it, so a picture that stands has a clock that stands (I7).
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localTime } from "../lib/local-time.js";
import type { Log } from "../lib/log.js";
import type { EncodedProfile } from "./encoded-profile.js";
import { findSlateFont } from "./slate-font.js";
import { clean, widthEm } from "./slate-lines.js";

/** What is drawn. */
export interface Overlay {
  /** Null: no label. */
  readonly label: string | null;
  readonly time: boolean;
}

/** How ffmpeg is told of it. The file is named relative to the directory in which ffmpeg runs. */
export interface DrawnOverlay {
  readonly textFile: string;
  readonly fontFile: string;
  readonly sizePx: number;
}

/** Share of the width that a line may take. */
const textShare = 0.9;
/** Less cannot be read. */
const leastPx = 8;
const textFile = "overlay.txt";

/** What a profile asks for; null: nothing. */
export function overlayOf(profile: EncodedProfile, label: string): Overlay | null {
  const shown = profile.overlayLabel === true ? clean(label) : "";
  const overlay = { label: shown === "" ? null : shown, time: profile.overlayTime === true };
  return overlay.label !== null || overlay.time ? overlay : null;
}

/** The label above the time; `epochMs` is the moment of the frame, in milliseconds since the Unix epoch. */
export function overlayText({ label, time }: Overlay, epochMs: number): string {
  return [...(label === null ? [] : [label]), ...(time ? [localTime(epochMs)] : [])].join("\n");
}

/** Two lines of it stay in the lower quarter of the picture, and a long label within its width where that can be read. */
export function overlaySizePx(text: string, { width, height }: Pick<EncodedProfile, "width" | "height">): number {
  const widest = Math.max(...text.split("\n").map(widthEm));
  return Math.max(leastPx, Math.floor(Math.min(height / 24, (width * textShare) / widest)));
}

export interface OverlayFileOptions {
  readonly overlay: Overlay;
  readonly profile: EncodedProfile;
  /** Of its own; made here. ffmpeg runs in it. */
  readonly directory: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly log: Log;
}

export class OverlayFile {
  readonly drawn: DrawnOverlay;
  readonly directory: string;
  readonly #overlay: Overlay;
  readonly #log: Log;
  #text = "";

  /** Null where no font is installed: the picture then goes on without the text, and the log says so. */
  static open(options: OverlayFileOptions): OverlayFile | null {
    const text = overlayText(options.overlay, options.nowMs);
    const fontFile = findSlateFont(text);
    if (fontFile !== null) return new OverlayFile(options, fontFile, text);
    options.log.warn("no font is installed, so no text is drawn into the picture (fonts-dejavu-core would do)");
    return null;
  }

  private constructor({ overlay, profile, directory, nowMs, log }: OverlayFileOptions, fontFile: string, text: string) {
    this.directory = directory;
    this.drawn = { textFile, fontFile, sizePx: overlaySizePx(text, profile) };
    this.#overlay = overlay;
    this.#log = log;
    mkdirSync(directory, { recursive: true });
    this.show(nowMs);
  }

  /** To be called before a frame is given to ffmpeg, with its moment. Writes once a second, 40 bytes on tmpfs. */
  show(epochMs: number): void {
    const text = overlayText(this.#overlay, epochMs);
    if (text === this.#text) return;
    this.#text = text;
    const path = join(this.directory, textFile);
    try {
      // By rename, and not later: ffmpeg may look at any moment, and gives up if there is no file.
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    } catch (error) {
      this.#log.warn("the text in the picture could not be changed", { error: String(error) });
    }
  }
}
