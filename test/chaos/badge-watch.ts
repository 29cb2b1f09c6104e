/** Looks at the page as a person would (I7): while it says LIVE, the picture on it was drawn a moment ago. */
import type { PlayerPage, ShownFrame } from "../support/player-page.js";
import { RepeatedLook } from "./repeated-look.js";

/**
 * LIVE stands for a frame younger than a second (C2), and a picture that stands still is told from a live one after three
 * (health.frozenMs). The page learns of either within a second, its picture is 0.7 s behind, and this machine may be busy.
 */
const oldestLiveMs = 6000;

export class BadgeWatch {
  readonly problems: string[] = [];
  readonly #page: PlayerPage;
  readonly #looking: RepeatedLook;
  #isLying = false;

  constructor(page: PlayerPage) {
    this.#page = page;
    this.#looking = new RepeatedLook(() => this.#look());
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }

  async #look(): Promise<void> {
    const said = await this.#page.page
      .getAttribute("[data-testid=badge]", "data-state", { timeout: 2000 })
      .catch(() => null);
    const saidAtMs = Date.now();
    await this.#page.update();
    this.#judge(
      said,
      saidAtMs,
      this.#page.frames.findLast(({ strip }) => strip.valid),
    );
  }

  /** Each lie is told once. */
  #judge(said: string | null, saidAtMs: number, newest: ShownFrame | undefined): void {
    const drawnMs = newest?.strip.valid === true ? newest.strip.drawnMs : null;
    const ageMs = drawnMs === null ? null : saidAtMs - drawnMs;
    const isLying = said === "live" && ageMs !== null && ageMs > oldestLiveMs;
    if (isLying && !this.#isLying) {
      const at = new Date(saidAtMs).toISOString();
      this.problems.push(
        `LIVE is said of a picture drawn ${ageMs} ms ago, at ${at}, shown ${newest?.shownMs.toFixed(0)}`,
      );
    }
    this.#isLying = isLying;
  }
}
