import type { FileHandle } from "node:fs/promises";
import { inspectInit, inspectPart, readFragment, type SampleDefaults } from "../../hls/mp4.js";
import { AppError } from "../../lib/errors.js";
import { initOf, readFactsBox, type FileFacts } from "./file-facts.js";
import { readRange, topBoxes, type FileBox } from "./read-boxes.js";

/** What a file of fragments holds, up to its last whole fragment. */
export interface ScannedFragments {
  /** Null: the file does not say where it comes from. */
  readonly facts: FileFacts | null;
  readonly frames: number;
  readonly startTicks: number;
  readonly endTicks: number;
  /** Where the last whole fragment ends; what stands behind is not playable. */
  readonly wholeBytes: number;
}

/**
 * Reads a file of fragments as a crash or a power cut may have left it. Null where not even one fragment is whole. Errors
 * of the file system are passed on.
 */
export async function scanFragments(file: FileHandle): Promise<ScannedFragments | null> {
  const { size } = await file.stat();
  const scan = new Scan(file);
  try {
    for await (const box of topBoxes(file, size)) await scan.take(box);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return scan.result;
}

class Scan {
  readonly #file: FileHandle;
  #defaults: SampleDefaults | null = null;
  #facts: FileFacts | null = null;
  #moof: FileBox | null = null;
  #found: Omit<ScannedFragments, "facts"> | null = null;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  get result(): ScannedFragments | null {
    return this.#found && { ...this.#found, facts: this.#facts };
  }

  /** Throws `mediaInvalid` where the file goes on with what is no whole fragment in its place. */
  async take(box: FileBox): Promise<void> {
    if (box.type === "moof") {
      if (this.#defaults === null) await this.#readHead(box.start);
      this.#moof = box;
    } else if (box.type === "mdat" && this.#moof?.end === box.start) {
      await this.#readFragment(this.#moof.start, box.end);
    }
  }

  async #readHead(end: number): Promise<void> {
    const head = await readRange(this.#file, 0, end);
    this.#defaults = inspectInit(initOf(head)).defaults;
    this.#facts = readFactsBox(head);
  }

  async #readFragment(start: number, end: number): Promise<void> {
    const fragment = await readRange(this.#file, start, end);
    if (this.#defaults === null) throw new AppError("mediaInvalid", "There is no init segment.");
    const { decodeTicks, ticks, samples } = inspectPart(fragment, this.#defaults);
    if (!holdsWholeNals(fragment)) throw new AppError("mediaInvalid", "A fragment was not written to its end.");
    const former = this.#found;
    if (former !== null && former.endTicks !== decodeTicks) {
      throw new AppError("mediaInvalid", `A fragment begins at ${decodeTicks} instead of ${former.endTicks}.`);
    }
    this.#found = {
      frames: (former?.frames ?? 0) + samples,
      startTicks: former?.startTicks ?? decodeTicks,
      endTicks: decodeTicks + ticks,
      wholeBytes: end,
    };
  }
}

/**
 * Whether media are H.264 to the last byte. After a power cut a file may be as long as it was and end in zeros: there
 * lengths are 0 then, or a unit ends in 0, which none does (H.264 7.4.1: the last byte of a NAL unit is not 0).
 */
function holdsWholeNals(fragment: Buffer): boolean {
  const { mdat } = readFragment(fragment);
  for (let at = mdat.body; at < mdat.end;) {
    const length = mdat.end - at < 5 ? 0 : fragment.readUInt32BE(at);
    at += 4 + length;
    if (length === 0 || at > mdat.end || fragment[at - 1] === 0) return false;
  }
  return true;
}
