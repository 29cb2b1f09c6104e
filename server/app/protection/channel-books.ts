/**
 * The books of all channels: `main`, and each camera's own, which is wanted in dual mode alone. Owns the sign of life,
 * which all of them go by after a restart. Bookkeeping makes it, has it look, and closes it.
 */
import { uptime } from "node:os";
import { join } from "node:path";
import { gapNumbers } from "../../guard/ledger/gap-numbers.js";
import { GapStore } from "../../guard/ledger/gap-store.js";
import type { SafeWrites } from "../../guard/ledger/safe-writes.js";
import { SignOfLife, type Moment } from "../../guard/ledger/sign-of-life.js";
import type { SafetyGuard } from "../../guard/safety-guard.js";
import type { GapRequest } from "../../http/service.js";
import type { Availability, DrillName, GapPage } from "../../http/wire-protection.js";
import { systemClock as clock } from "../../lib/clock.js";
import type { Metrics } from "../../ops/metrics.js";
import { readBootId } from "../../process/child-records.js";
import type { Channel } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { DualCamera } from "../../switch/dual-camera.js";
import type { Rest } from "../../switch/rest.js";
import type { Ground } from "../ground.js";
import { ChannelBook, type ChannelBookOptions } from "./channel-book.js";
import { ownSceneOf, sceneOf, type SceneFacts } from "./gap-scene.js";
import { partOf } from "../open-channel.js";
import { pageOf } from "./page-of.js";

export interface ChannelBooksParts {
  readonly ground: Ground;
  readonly channel: Channel;
  readonly switcher: CameraSwitcher;
  /** Of dual mode. */
  readonly allCameras: readonly DualCamera[];
  readonly guard: SafetyGuard;
  readonly rest: Rest;
  readonly drill: () => DrillName | null;
  readonly writes: SafeWrites;
  readonly metrics: Metrics;
}

const beatMs = 1000;

export class ChannelBooks {
  readonly main: ChannelBook;
  /** Of the cameras of dual mode, by number. */
  readonly own: readonly ChannelBook[];
  readonly #p: ChannelBooksParts;
  readonly #sign: SignOfLife;
  readonly #bootId = readBootId();
  #beatenMs = clock.monotonicMs();

  constructor(parts: ChannelBooksParts) {
    this.#p = parts;
    const { ground, channel, allCameras } = parts;
    const { state } = ground;
    this.#sign = new SignOfLife(join(ground.live, "sign-of-life.json"));
    const nextId = gapNumbers(ground.database.connection);
    this.main = new ChannelBook({
      ...this.#bookOf(channel, nextId),
      ...{ isOn: state.mode !== "off", camera: state.activeCamera },
      scene: (problem) => {
        const followed = allCameras.find((one) => one.channel === channel.followed);
        return sceneOf(this.#facts(problem), followed?.switcher.state);
      },
    });
    this.own = allCameras.map(
      ({ camera, channel: own, switcher }) =>
        new ChannelBook({
          ...this.#bookOf(own, nextId),
          ...{ isOn: state.mode === "dual", camera },
          scene: (problem) => ownSceneOf(this.#facts(problem), switcher.state, camera),
        }),
    );
    this.#sign.beat(this.#moment());
  }

  /** `main` first. */
  get all(): readonly ChannelBook[] {
    return [this.main, ...this.own];
  }

  /** Of all channels, or of one. */
  gapPage({ limit, before, channel }: GapRequest): GapPage {
    const asked = this.all.filter(({ ledger }) => channel === undefined || ledger.channel === channel);
    const page = { limit: limit + 1, ...(before !== undefined && { before }) };
    const gaps = asked.flatMap(({ ledger }) => ledger.list(page)).sort((one, other) => other.id - one.id);
    const { items, next } = pageOf(gaps, limit);
    return { gaps: items, next };
  }

  /** Of `main`, and of each camera that was to be shown in dual mode within the 30 days. */
  availability(): Availability {
    const own = this.own.map(({ ledger }, camera) => ({ camera, channel: ledger.channel, ...ledger.availability() }));
    return { ...this.main.ledger.availability(), cameras: own.filter(({ month }) => month.observedMs > 0) };
  }

  /** To be called every 250 ms, and when the state of a switcher changes. */
  look(): void {
    for (const book of this.all) book.look();
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#beatenMs < beatMs) return;
    this.#beatenMs = nowMs;
    this.#sign.beat(this.#moment());
  }

  /** `asked`: as `GapLedger.close`. */
  close(asked: boolean): void {
    for (const { ledger } of this.all) ledger.close(asked);
    this.#sign.beat(this.#moment());
    this.#sign.close();
  }

  #bookOf(channel: Channel, nextId: () => number): Omit<ChannelBookOptions, "isOn" | "camera" | "scene"> {
    const { ground, writes, metrics } = this.#p;
    const { database, store, log } = ground;
    const db = database.connection;
    return {
      ...{ channel, metrics, clock, log: log.child({ part: partOf("ledger", channel.name) }) },
      limits: { silentMs: 1000, frozenMs: store.settings.health.frozenMs },
      store: new GapStore({ channel: channel.name, db, writes, nextId, nowMs: clock.epochMs() }),
      lastSign: this.#sign.former,
      moment: () => this.#moment(),
    };
  }

  #facts(publishProblem: string | null): SceneFacts {
    const { ground, switcher, guard, rest, drill } = this.#p;
    const { mode } = ground.state;
    return { mode, state: switcher.state, guard: guard.view, resting: rest.isResting, drill: drill(), publishProblem };
  }

  #moment(): Moment {
    return { at: Math.round(clock.epochMs()), uptimeMs: uptime() * 1000, bootId: this.#bootId };
  }
}
