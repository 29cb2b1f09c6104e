/**
 * Removes the oldest recordings as the limits ask for it. Lives in the recorder process. One look at a time; between any
 * two deletions everything is measured anew, so that it stops as soon as there is room.
 */
import { statfs } from "node:fs/promises";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Catalogue } from "../catalogue/catalogue.js";
import type { TotalsView } from "../library/requests.js";
import { chooseDeletion, floorBytesOf, type Deletion, type RetentionFacts, type RetentionReason } from "./choose.js";
import { clockIsTrusted } from "./clock-trust.js";

export interface RetentionSettings {
  /** Null: kept for ever. */
  readonly keepDays: number | null;
  /** Of each camera; null: no limit. */
  readonly maxGb: number | null;
  readonly minFreeHours: number;
  readonly minFreeMb: number;
}

export interface RetentionOptions {
  /** Folder of recordings. */
  readonly root: string;
  readonly catalogue: Pick<Catalogue, "oldest" | "oldestDated" | "forgetOldGaps">;
  readonly settings: RetentionSettings;
  readonly held: () => ReadonlySet<number>;
  readonly totals: () => TotalsView;
  /** Whether the folder of recordings is the one it should be; where it is not, its disk says nothing and nothing goes. */
  readonly isOurs: () => Promise<boolean>;
  /** Removes the file, then the row. */
  readonly remove: (id: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Free bytes of the disk; null: unknown. Default: as the file system says. */
  readonly freeBytes?: () => Promise<number | null>;
  /** Default: `clockIsTrusted`. */
  readonly trusted?: () => Promise<boolean>;
}

/** Deletions in one look; the next one comes within a minute. */
const mostInOneLook = 500;
/** So many that cannot be removed are single ones, such as on bad blocks; more are the disk's doing. */
const mostStuck = 20;
const dayMs = 86_400_000;

export class Retention {
  readonly #options: RetentionOptions;
  readonly #log: Log;
  #settings: RetentionSettings;
  #looking: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#log = options.log.child({ part: "retention" });
  }

  configure(settings: RetentionSettings): void {
    this.#settings = settings;
    this.look();
  }

  get settings(): RetentionSettings {
    return this.#settings;
  }

  get isLooking(): boolean {
    return this.#looking !== null;
  }

  /** When the oldest recording becomes too old, in milliseconds since the Unix epoch; null: none ever does. */
  get dueAtMs(): number | null {
    const { keepDays } = this.#settings;
    const ends = this.#options.catalogue.oldestDated().map(({ endedAt }) => endedAt);
    return keepDays === null || ends.length === 0 ? null : Math.min(...ends) + keepDays * dayMs;
  }

  /** Looks soon; what happens while it looks is looked at after it. */
  look(): void {
    if (this.#closed) return;
    if (this.#looking !== null) {
      this.#again = true;
      return;
    }
    this.#looking = this.#run()
      .catch((error: unknown) => {
        this.#log.warn("old recordings could not be removed", { reason: String(error) });
      })
      .finally(() => {
        this.#looking = null;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
  }

  async #run(): Promise<void> {
    const removed: Partial<Record<RetentionReason, number>> = {};
    const trusted = await (this.#options.trusted ?? clockIsTrusted)();
    const stuck = new Set<number>();
    for (let count = 0; count < mostInOneLook; count++) {
      const deletion = this.#closed ? null : await this.#choose(trusted, stuck);
      if (deletion === null) break;
      if (await this.#remove(deletion.id, stuck)) removed[deletion.reason] = (removed[deletion.reason] ?? 0) + 1;
    }
    if (Object.keys(removed).length === 0) return;
    this.#options.catalogue.forgetOldGaps();
    this.#log.info("old recordings were removed", removed);
  }

  /** One that cannot be removed holds up no other one; false then. It is tried again with the next look. */
  async #remove(id: number, stuck: Set<number>): Promise<boolean> {
    try {
      await this.#options.remove(id);
      return true;
    } catch (error) {
      stuck.add(id);
      if (stuck.size >= mostStuck) throw error;
      this.#log.warn("an old recording could not be removed", { id, reason: String(error) });
      return false;
    }
  }

  async #choose(trusted: boolean, stuck: ReadonlySet<number>): Promise<Deletion | null> {
    const { catalogue, totals, held, clock, isOurs } = this.#options;
    if (!(await isOurs())) return null;
    const { cameras, bytesPerHour } = totals();
    const staying = new Set([...held(), ...stuck]);
    const facts: RetentionFacts = {
      oldest: catalogue.oldest(staying),
      oldestDated: catalogue.oldestDated(staying),
      bytes: new Map(cameras.map(({ camera, bytes }) => [camera, bytes])),
      freeBytes: await (this.#options.freeBytes ?? (() => freeBytesOf(this.#options.root)))(),
      nowMs: trusted ? clock.epochMs() : null,
    };
    const { keepDays, maxGb, minFreeHours, minFreeMb } = this.#settings;
    const limits = {
      maxAgeMs: keepDays === null ? null : keepDays * dayMs,
      maxBytes: maxGb === null ? null : maxGb * 1e9,
      floorBytes: floorBytesOf(minFreeHours, bytesPerHour, minFreeMb * 1e6),
    };
    return chooseDeletion(limits, facts);
  }
}

async function freeBytesOf(root: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(root);
    return bavail * bsize;
  } catch {
    return null;
  }
}
