import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { anchorFor, cutAfter, epochAt, planCuts, type ClockAnchor, type CutPlan } from "../files/cuts.js";
import type { FileFacts } from "../files/file-facts.js";
import { folderFor, partialName, stemFor, zoneOffsetMin } from "../files/file-name.js";
import { FragmentFile } from "../files/fragment-file.js";
import type { RecordedPart } from "../messages.js";
import type { Leftover } from "../repair/leftovers.js";
import type { Tier } from "../storage/tier.js";

/** Begins the files of one channel: when they start, what they are called, where they end. */
export class FileMaker {
  readonly #tier: Tier;
  readonly #fileSeconds: () => number;
  readonly #isDated: () => Promise<boolean>;
  #plan: CutPlan | null = null;
  #anchor: ClockAnchor | null = null;
  #init: { readonly path: string; readonly data: Buffer } | null = null;

  constructor(tier: Tier, fileSeconds: () => number, isDated: () => Promise<boolean>) {
    this.#tier = tier;
    this.#fileSeconds = fileSeconds;
    this.#isDated = isDated;
  }

  /** A moment of the channel before, so that files adjoin over a restart too. */
  anchor(anchor: ClockAnchor): void {
    this.#anchor = anchor;
  }

  /** A file that begins with this part. Errors of the file system are passed on. */
  async begin(part: RecordedPart): Promise<FragmentFile> {
    const init = await this.#readInit(part.init);
    const startedAtMs = epochAt(anchorFor(this.#anchor, part), part.startTicks);
    const facts = factsOf(part, startedAtMs, await this.#isDated());
    // From file to file: so each begins in the very millisecond in which the one before ended, whatever was rounded.
    this.#anchor = { ticks: part.startTicks, epochMs: startedAtMs };
    const { camera, zoneOffsetMin: offset } = facts;
    const folder = this.#tier.directoryFor(folderFor(camera, startedAtMs, offset));
    const path = join(folder, partialName(stemFor(camera, startedAtMs, offset), part.startTicks));
    return FragmentFile.create({ path, facts, init, initName: part.init, cutTicks: this.#cutAfter(facts) });
  }

  /** What a former process left, to be gone on with by this part. */
  async goOn(left: Leftover, part: RecordedPart): Promise<FragmentFile> {
    const init = await this.#readInit(part.init);
    return FragmentFile.reopen({ ...left, init, initName: part.init, cutTicks: this.#cutAfter(left.facts) });
  }

  /** The boundaries of a generation stay where its first file put them. */
  #cutAfter(begin: FileFacts): number {
    if (this.#plan?.generation !== begin.generation) this.#plan = planCuts(begin, this.#fileSeconds());
    return cutAfter(this.#plan, begin.startTicks);
  }

  async #readInit(path: string): Promise<Buffer> {
    if (this.#init?.path !== path) this.#init = { path, data: await readFile(path) };
    return this.#init.data;
  }
}

function factsOf(part: RecordedPart, startedAtMs: number, dated: boolean): FileFacts {
  const { channel, camera, label, generation, startTicks, profile } = part;
  const offset = zoneOffsetMin(startedAtMs);
  return { channel, camera, label, generation, startTicks, startedAtMs, zoneOffsetMin: offset, dated, profile };
}
