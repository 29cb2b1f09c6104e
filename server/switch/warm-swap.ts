/**
 * A switch between the live camera and the one that is kept warm, as the steps of a pipeline have it: the one is paused
 * where it would be stopped, the other resumed where it would be started. The standby is the pipeline's to close.
 *
 * Invariant: a switch is wholly warm or wholly cold. Whatever keeps it from being warm, nothing that was kept runs on, so
 * that no two sources meet (I1).
 */
import type { Profile } from "../config/profile.js";
import type { Log } from "../lib/log.js";
import type { Channel } from "../stream/channel.js";
import type { SourceRunner } from "./source-runner.js";
import type { WarmStandby } from "./warm-standby.js";

export interface WarmSwapOptions {
  /** Undefined: every switch is cold. */
  readonly standby: WarmStandby | undefined;
  readonly runner: SourceRunner;
  readonly channel: Channel;
  readonly log: Log;
}

export class WarmSwap {
  readonly #o: WarmSwapOptions;
  /** The former camera was paused by the switch in progress, so nothing is released. */
  #isPaused = false;

  constructor(options: WarmSwapOptions) {
    this.#o = options;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /**
   * Pauses the live camera if the wanted one waits. False: it still runs, or none did, and the cold way is left.
   * `live` and `next` are what the two were, and are to be, started with.
   */
  async pause(target: number | null, live: Profile | null, next: Profile | null): Promise<boolean> {
    this.#isPaused = target !== null && live !== null && next !== null && (await this.#pause(target, live, next));
    return this.#isPaused;
  }

  /** False: the camera was not kept warm, or did not give a picture; then nothing of the two runs any more. */
  async resume(camera: number, profile: Profile): Promise<boolean> {
    const { standby, runner, log } = this.#o;
    const warm = standby?.take(camera, profile) ?? null;
    if (standby === undefined || warm === null) {
      await standby?.end();
      return false;
    }
    runner.adopt(warm);
    try {
      await standby.resume(warm);
      return true;
    } catch (error) {
      log.warn("the paused camera did not go on and is started anew", { camera, error: String(error) });
      await Promise.all([runner.stop("did not resume"), standby.end()]);
      return false;
    }
  }

  /** From now on this camera is kept warm, and no other; null: none. */
  keep(camera: number | null): void {
    this.#o.standby?.keep(camera);
  }

  /** Resolves when nothing is kept warm any more, until `keep` is called. */
  async end(): Promise<void> {
    await this.#o.standby?.end();
  }

  async close(): Promise<void> {
    await this.#o.standby?.close();
  }

  async #pause(target: number, live: Profile, next: Profile): Promise<boolean> {
    const { standby, runner, channel } = this.#o;
    if (standby === undefined || runner.source === null || !standby.isReady(target, next)) return false;
    const running = runner.giveAway();
    if (running === null) return false;
    channel.releaseSource();
    if (await standby.pause(running, live)) return true;
    runner.adopt(running);
    return false;
  }
}
