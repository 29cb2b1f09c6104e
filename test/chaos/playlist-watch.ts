/**
 * Looks at the public playlist all the time (I2, I3, I4): what it names is there, whole and on one timeline; its numbers
 * never go down, and no name comes back with other content.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { allSegments, partUri, type PlaylistState } from "../../server/hls/playlist.js";
import { readChannel } from "../../server/hls/read-channel.js";
import type { Product } from "../support/product.js";
import { RepeatedLook } from "./repeated-look.js";

/** More are not kept: a fault that goes on would fill the memory. */
const mostProblems = 50;

export class PlaylistWatch {
  readonly problems: string[] = [];
  readonly #product: Product;
  readonly #looking: RepeatedLook;
  /** Size and inode of each part seen, by name. */
  readonly #parts = new Map<string, string>();
  #before: readonly number[] = [];
  #looks = 0;

  constructor(product: Product) {
    this.#product = product;
    this.#looking = new RepeatedLook(() => this.#look());
  }

  get looks(): number {
    return this.#looks;
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }

  /** Nothing is expected of a playlist that is not answered: why there is a picture or not is somebody else's question. */
  async #look(): Promise<void> {
    const { pid } = this.#product;
    const text = await this.#fetch();
    if (text === null) return;
    this.#looks += 1;
    const found = this.#judge(text);
    // Of a controller that was killed meanwhile, with all that was on tmpfs, nothing more is expected.
    if (pid !== undefined && this.#product.pid === pid) this.#note(found);
  }

  #judge(text: string): string[] {
    const directory = join(this.#product.live, "hls/main");
    try {
      const { state, problems } = readChannel(directory, text);
      return problems.length > 0 ? [...problems] : [...this.#backwards(state), ...this.#reused(directory, state)];
    } catch (error) {
      return [String(error)];
    }
  }

  async #fetch(): Promise<string | null> {
    try {
      const response = await fetch(`${this.#product.url}/hls/main/live.m3u8`, { signal: AbortSignal.timeout(3000) });
      const text = await response.text();
      return response.ok ? text : null;
    } catch {
      return null;
    }
  }

  #backwards({ nextSequence, discontinuitySequence, edgeTicks, nextPart }: PlaylistState): string[] {
    const now = [nextSequence, discontinuitySequence, edgeTicks, nextPart];
    const before = this.#before;
    this.#before = now;
    const isForward = now.every((number, index) => number >= (before[index] ?? 0));
    return isForward ? [] : [`went back from ${before.join(", ")} to ${now.join(", ")}`];
  }

  #reused(directory: string, state: PlaylistState): string[] {
    const parts = allSegments(state).flatMap((segment) => segment.parts.map(({ number }) => partUri(number)));
    return parts.flatMap((uri) => {
      const { ino, size } = statSync(join(directory, uri));
      const found = `${ino}/${size}`;
      const known = this.#parts.get(uri);
      this.#parts.set(uri, found);
      return known === undefined || known === found ? [] : [`${uri} has other content than before`];
    });
  }

  #note(problems: readonly string[]): void {
    if (this.problems.length < mostProblems) this.problems.push(...problems);
  }
}
