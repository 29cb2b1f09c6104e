/**
 * The gap ledger of one channel (D4): every time it had no fresh picture, why, and the availability that follows from it,
 * over restarts and crashes too. Owns the channel's rows in `gaps`, `channel_hours` and `channel_ledgers`; whoever makes
 * it calls `look` every 250 ms and closes it.
 *
 * Invariants: lengths are of the monotonic clock, or of the machine's uptime over a restart; a row never ends before it
 * begins, nor overlaps the one before it, however the wall clock jumps; an answer never reads the database.
 */
import { EventEmitter } from "node:events";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import { spanOf, type OpenTime, type Span } from "./availability.js";
import { outages } from "./gap-causes.js";
import { GapTracker, type GapLimits, type GapNews, type Scene, type TrackedGap } from "./gap-tracker.js";
import type { Gap, GapStore } from "./gap-store.js";
import { foundLater, laterOf, outageOf, type UnsureOutage } from "./outage.js";
import { msBetween, type Moment } from "./sign-of-life.js";

export interface GapLedgerOptions {
  readonly channel: string;
  readonly limits: GapLimits;
  readonly store: GapStore;
  /** The service's last sign of life before this run; null: it left none. */
  readonly lastSign: Moment | null;
  /** Now, as a later run can understand it. */
  readonly moment: () => Moment;
  /** Whether the channel is meant to be shown at the start. */
  readonly isOn: boolean;
  /** The camera that an outage of the service took away; null: unknown. */
  readonly camera: number | null;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Availability {
  readonly hour: Span;
  readonly day: Span;
  readonly month: Span;
}

const hourMs = 3600_000;
/** How often what runs along is written down; also the most that a power cut makes uncertain. */
const flushMs = 10_000;

export class GapLedger extends EventEmitter<{ gap: [Gap] }> {
  readonly #o: GapLedgerOptions;
  readonly #tracker: GapTracker;
  readonly #startMs: number;
  #open: Gap | null = null;
  #openBeginMs = 0;
  #isOn: boolean;
  #accountedMs: number;
  #flushedMs: number;
  /** The outage over a restart of the machine, as long as its length may rest on a wall clock not yet set. */
  #unsure: UnsureOutage | null = null;

  constructor(options: GapLedgerOptions) {
    super();
    this.#o = options;
    const { clock, isOn } = options;
    const nowMs = clock.monotonicMs();
    this.#startMs = nowMs;
    this.#isOn = isOn;
    this.#accountedMs = nowMs;
    this.#flushedMs = nowMs;
    this.#tracker = isOn ? this.#goOn(nowMs) : this.#rest(nowMs);
  }

  get channel(): string {
    return this.#o.channel;
  }

  frame(atMs: number, identicalSinceMs: number | null): void {
    this.#tracker.frame(atMs, identicalSinceMs);
  }

  part(atMs: number): void {
    this.#tracker.part(atMs);
  }

  look(scene: Scene): void {
    const nowMs = this.#o.clock.monotonicMs();
    this.#account(nowMs);
    const isTurned = this.#isOn !== (scene.kind === "on");
    this.#isOn = scene.kind === "on";
    if (this.#unsure !== null) this.#lookAtWallClock(this.#unsure, nowMs);
    for (const news of this.#tracker.look(nowMs, scene)) this.#take(news);
    // While it is off nothing changes: what was written when it was turned stands.
    if (isTurned || (this.#isOn && nowMs - this.#flushedMs >= flushMs)) this.#flush(nowMs);
  }

  /** Newest first. */
  list(page: { readonly limit: number; readonly before?: number }): Gap[] {
    const gaps = this.#o.store.list(page);
    const open = this.#open;
    return open === null ? gaps : gaps.map((gap) => (gap.id === open.id ? this.#soFar(open) : gap));
  }

  availability(): Availability {
    this.#account(this.#o.clock.monotonicMs());
    const { hour, day, month } = this.#o.store.sums;
    const open = this.#openTime();
    return {
      hour: spanOf(hour.sum, open, hourMs),
      day: spanOf(day.sum, open, 24 * hourMs),
      month: spanOf(month.sum, open, 30 * 24 * hourMs),
    };
  }

  /** `asked`: the service stops because somebody wants it to, and not because its start failed. */
  close(asked: boolean): void {
    const nowMs = this.#o.clock.monotonicMs();
    this.#account(nowMs);
    if (asked) for (const news of this.#tracker.stop(nowMs, { ...outages.stopped, camera: null })) this.#take(news);
    this.#flush(nowMs);
  }

  /** From what the former run left: the time without any service is a gap, planned if it was stopped in order. */
  #goOn(nowMs: number): GapTracker {
    const { store, lastSign, limits, channel, camera } = this.#o;
    const now = this.#o.moment();
    const last = laterOf(lastSign, store.accountedUntil);
    if (last === null) return new GapTracker(limits, nowMs);
    this.#addObserved(msBetween(store.accountedUntil ?? last, now));
    const { openGap: former, lastEndAt } = store;
    const outage = outageOf({ former, last, now, camera, lastEndAt });
    const open = { ...outage, id: former?.id ?? store.nextId(), channel };
    this.#open = open;
    this.#openBeginMs = nowMs - open.ms;
    if (last.bootId !== now.bootId) this.#unsure = { gap: open, last, downMs: msBetween(last, now) };
    store.write(open);
    return new GapTracker(limits, nowMs, {
      beginMs: this.#openBeginMs,
      cause: { code: open.code, message: open.message, planned: open.planned, camera: open.camera },
      plannedUntilMs: open.planned ? nowMs : null,
    });
  }

  /** The cameras were turned off: what the former run left open ended with it. */
  #rest(nowMs: number): GapTracker {
    const { store, lastSign, limits } = this.#o;
    const { openGap: former } = store;
    if (former !== null) {
      const last = laterOf(lastSign, store.accountedUntil);
      const ms = Math.max(former.ms, last === null ? 0 : last.at - former.from);
      this.#closeRow({ ...former, ms, to: former.from + ms });
    }
    return new GapTracker(limits, nowMs);
  }

  #take({ kind, gap }: GapNews): void {
    if (kind === "opened") this.#openRow(gap);
    const open = this.#open;
    if (open === null) return;
    const { code, message, planned } = gap.cause;
    const known = { ...open, code, message, planned, camera: gap.cause.camera };
    if (kind === "closed") {
      const ms = Math.round(Math.max(0, (gap.endMs ?? 0) - this.#openBeginMs));
      this.#open = null;
      this.#closeRow({ ...known, ms, to: known.from + ms });
    } else {
      this.#open = known;
      this.#o.store.write(this.#soFar(known));
      this.emit("gap", this.#soFar(known));
    }
  }

  #openRow({ beginMs, cause }: TrackedGap): void {
    const { clock, store, channel } = this.#o;
    const agoMs = clock.monotonicMs() - beginMs;
    const from = Math.max(Math.round(clock.epochMs() - agoMs), store.lastEndAt);
    this.#openBeginMs = beginMs;
    this.#open = { id: store.nextId(), channel, ...cause, from, to: null, ms: 0 };
  }

  #closeRow(gap: Gap): void {
    const { clock, store, log } = this.#o;
    // After a wall clock that went back rows lie ahead of it; the time they took does not.
    const toMs = Math.min(gap.to ?? gap.from, clock.epochMs());
    store.addTime(gap.planned ? "plannedMs" : "missingMs", toMs - gap.ms, toMs);
    if (!gap.planned) store.countGap(toMs);
    store.write(gap);
    if (this.#unsure?.gap.id === gap.id) this.#unsure = { ...this.#unsure, gap };
    // Rows and sums are written together, so that a crash does not leave one without the other.
    this.#flush(clock.monotonicMs());
    log.info("a gap in the picture ended", { camera: gap.camera, code: gap.code, ms: gap.ms, planned: gap.planned });
    this.emit("gap", gap);
  }

  /**
   * A machine without a battery starts with the time of its last stop, and is set right over the network some time
   * later: only then it is known how long it was off.
   */
  #lookAtWallClock(unsure: UnsureOutage, nowMs: number): void {
    const { clock, store } = this.#o;
    const { gap } = unsure;
    const moreMs = foundLater(unsure, clock.epochMs(), nowMs - this.#startMs);
    if (moreMs === null) return;
    this.#unsure = null;
    if (moreMs === 0) return;
    if (this.#open?.id === gap.id) {
      this.#openBeginMs -= moreMs;
      this.#addObserved(moreMs);
    } else if (gap.to === store.lastEndAt) {
      store.addTime("observedMs", gap.to, gap.to + moreMs);
      store.addTime(gap.planned ? "plannedMs" : "missingMs", gap.to, gap.to + moreMs);
      store.write({ ...gap, ms: gap.ms + moreMs, to: gap.to + moreMs });
      this.#flush(nowMs);
    }
  }

  #account(nowMs: number): void {
    const ms = nowMs - this.#accountedMs;
    this.#accountedMs = nowMs;
    if (this.#isOn) this.#addObserved(ms);
    else this.#o.store.advance(this.#o.clock.epochMs());
  }

  #addObserved(ms: number): void {
    const to = this.#o.clock.epochMs();
    this.#o.store.addTime("observedMs", to - ms, to);
  }

  #flush(nowMs: number): void {
    this.#flushedMs = nowMs;
    if (this.#open !== null) this.#o.store.write(this.#soFar(this.#open));
    this.#o.store.flush(this.#o.moment());
  }

  #soFar(open: Gap): Gap {
    return { ...open, ms: Math.round(Math.max(0, this.#o.clock.monotonicMs() - this.#openBeginMs)) };
  }

  #openTime(): OpenTime | null {
    if (this.#open === null) return null;
    const { ms, planned } = this.#soFar(this.#open);
    return { ms, planned };
  }
}
