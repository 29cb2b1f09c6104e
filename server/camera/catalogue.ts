/**
 * Which cameras there are and what they are called: our numbers 0, 1, … stand for libcamera ids, which are stable;
 * rpicam's own numbers move when a camera goes, and are looked up while no source runs. Owns no process for longer than
 * a listing, for which it takes the lease of all cameras itself.
 */
import { AppError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { CameraDriver, CameraInfo } from "./driver.js";
import type { Leases } from "./lease.js";

export interface CatalogueCamera {
  /** Our number, from 0. */
  readonly number: number;
  readonly id: string;
  /** The sensor; `unknown` as long as the camera was never seen. */
  readonly model: string;
  /** What the sensor offers, e.g. `2592x1944 10-bit GBRG`; empty as long as the camera was never seen. */
  readonly modes: string;
  /** Whether the last listing found it. */
  readonly connected: boolean;
}

export interface CatalogueOptions {
  readonly driver: CameraDriver;
  readonly leases: Leases;
  /** Ids in the order of their numbers; cameras found beside them come after. */
  readonly order: readonly string[];
  readonly log: Log;
}

/**
 * Ids in the order of our numbers: those the owner ordered, then those known before (so that a camera unplugged now
 * does not give its number away), then new ones as rpicam counts them.
 */
export function orderIds(order: readonly string[], known: readonly string[], found: readonly CameraInfo[]): string[] {
  const byNumber = [...found].sort((one, other) => one.number - other.number).map(({ id }) => id);
  return [...new Set([...order, ...known, ...byNumber])];
}

export class CameraCatalogue {
  readonly #options: CatalogueOptions;
  #order: readonly string[];
  /** Ids by our number. */
  #ids: readonly string[];
  /** What was ever seen, by id. */
  readonly #seen = new Map<string, CameraInfo>();
  /** rpicam's numbers by id, as of the last listing; null when they may have changed. */
  #rpicamNumbers: ReadonlyMap<string, number> | null = null;
  #connected: ReadonlySet<string> = new Set();

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#order = options.order;
    this.#ids = orderIds(options.order, [], []);
  }

  /** Every camera that is configured or was found since the start, by number. */
  cameras(): readonly CatalogueCamera[] {
    return this.#ids.map((id, number) => {
      const { model = "unknown", modes = "" } = this.#seen.get(id) ?? {};
      return { number, id, model, modes, connected: this.#connected.has(id) };
    });
  }

  /** Throws `unknownCamera`. */
  camera(number: number): CatalogueCamera {
    const camera = this.cameras()[number];
    if (camera === undefined) throw new AppError("unknownCamera", `There is no camera ${number}.`);
    return camera;
  }

  /**
   * Lists the cameras anew. Waits until no camera is leased: never call it while holding a lease. Rejects as the
   * driver's `list` does; what was known then stays.
   */
  async refresh(signal?: AbortSignal): Promise<readonly CatalogueCamera[]> {
    const lease = await this.#options.leases.acquire("all", signal);
    try {
      this.#take(await this.#options.driver.list(signal));
    } finally {
      lease.release();
    }
    return this.cameras();
  }

  /**
   * rpicam's number of our camera. Lists only when that is not known, or the camera was missing: then no lease may be
   * held. Rejects `unknownCamera`, `cameraGone`, and as `refresh` does.
   */
  async resolve(number: number, signal?: AbortSignal): Promise<number> {
    const { id } = this.camera(number);
    if (this.#rpicamNumbers?.has(id) !== true) await this.refresh(signal);
    const rpicamNumber = this.#rpicamNumbers?.get(id);
    if (rpicamNumber === undefined) throw new AppError("cameraGone", `Camera ${number} (${id}) is not connected.`);
    return rpicamNumber;
  }

  /** rpicam's number of our camera as the last listing had it; null when it is not known. Lists nothing. */
  knownRpicamNumber(number: number): number | null {
    return this.#rpicamNumbers?.get(this.camera(number).id) ?? null;
  }

  /**
   * The same, or the number that it would have if it were back: rpicam counts by descending id. What is started by it must
   * be asked which camera it opened.
   */
  likelyRpicamNumber(number: number): number | null {
    const known = this.knownRpicamNumber(number);
    if (known !== null || this.#rpicamNumbers === null) return known;
    const { id } = this.camera(number);
    return [...this.#rpicamNumbers.keys(), id].sort().reverse().indexOf(id);
  }

  /** A camera program named all cameras that it found, by rpicam's number: as good as a listing of its own. */
  learn(foundByNumber: readonly string[]): void {
    if (foundByNumber.length === 0) return;
    this.#rpicamNumbers = new Map(foundByNumber.map((id, number) => [id, number]));
    this.#connected = new Set(foundByNumber);
  }

  /** rpicam's numbers may have changed: the next `resolve` lists anew. */
  forget(): void {
    this.#rpicamNumbers = null;
  }

  /** Gives the cameras the numbers of their place in `ids`. Throws `badRequest` unless it names each known id once. */
  reorder(ids: readonly string[]): readonly CatalogueCamera[] {
    const isSame = ids.length === this.#ids.length && this.#ids.every((id) => ids.includes(id));
    if (!isSame) {
      throw new AppError("badRequest", `The order must name each camera once: ${this.#ids.join(", ")}`);
    }
    this.#order = [...ids];
    this.#ids = orderIds(this.#order, this.#ids, []);
    return this.cameras();
  }

  #take(found: readonly CameraInfo[]): void {
    for (const info of found) this.#seen.set(info.id, info);
    this.#ids = orderIds(this.#order, this.#ids, found);
    this.#rpicamNumbers = new Map(found.map(({ id, number }) => [id, number]));
    this.#connected = new Set(this.#rpicamNumbers.keys());
    this.#options.log.info("cameras listed", { cameras: this.cameras() });
  }
}
