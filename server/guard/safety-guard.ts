/**
 * SafetyGuard: says how much picture the machine can bear (B2), and warns of what a person should mend. It owns the
 * state of the policy and nothing else: no camera, no timer. Samples come in by `note`; whoever can change the picture
 * listens to `changed` and asks for `rung`.
 *
 * Invariants: the state changes in `note` alone; every change is logged and told once, with its reason.
 */
import { EventEmitter } from "node:events";
import type { Settings } from "../config/schema.js";
import type { Clock } from "../lib/clock.js";
import type { Log } from "../lib/log.js";
import type { GuardSample } from "./figures.js";
import { levelOf, rankOf, type Level, type ReducedRung, type Rung } from "./ladder.js";
import { atEase, backInMs, decide, type GuardMove, type GuardState } from "./policy.js";
import type { GuardReason } from "./reasons.js";
import {
  noWarnings,
  warnAbout,
  warningsOf,
  type GuardWarning,
  type WarningCode,
  type WarningSample,
  type WarningState,
} from "./warnings.js";

/** What is told of it; the shape of the API. */
export interface GuardView {
  readonly level: Level;
  readonly rung: Rung;
  /** Of this rung, in milliseconds since the Unix epoch. */
  readonly since: number;
  readonly reason: GuardReason | null;
  readonly backInMs: number | null;
  readonly warnings: GuardWarning[];
}

export interface GuardChange extends GuardMove {
  /** After the change. */
  readonly view: GuardView;
}

export interface SafetyGuardEvents {
  changed: [GuardChange];
  warningBegan: [GuardWarning];
  warningEnded: [GuardWarning];
}

export interface SafetyGuardOptions {
  /** With `enabled: false` it only warns. */
  readonly limits: Settings["guard"];
  readonly clock: Clock;
  readonly log: Log;
}

export class SafetyGuard extends EventEmitter<SafetyGuardEvents> {
  readonly #o: SafetyGuardOptions;
  #state: GuardState = atEase;
  #warned: WarningState = noWarnings;
  readonly #told = new Map<WarningCode, GuardWarning>();
  #since: number;

  constructor(options: SafetyGuardOptions) {
    super();
    this.#o = options;
    this.#since = Math.round(options.clock.epochMs());
  }

  get rung(): Rung {
    return this.#state.rung;
  }

  /** Whether it has seen a sample: before, it can not say whether a camera may be started. */
  get hasLooked(): boolean {
    return this.#state.sinceMs !== null || !this.#o.limits.enabled;
  }

  get view(): GuardView {
    const { limits, clock } = this.#o;
    const { rung, reason } = this.#state;
    return {
      level: levelOf(rung),
      rung,
      since: this.#since,
      reason,
      backInMs: backInMs(this.#state, limits, clock.monotonicMs()),
      warnings: [...warningsOf(this.#warned), ...this.#told.values()],
    };
  }

  /** Takes in one sample; `steps` are those that change something of the present picture (see `stepsFor`). */
  note(sample: GuardSample & WarningSample, steps: readonly ReducedRung[]): void {
    const { limits, clock } = this.#o;
    this.#noteWarnings(sample);
    if (!limits.enabled) return;
    const { state, change } = decide(this.#state, { sample, steps }, limits, clock.monotonicMs());
    this.#state = state;
    if (change !== null) this.#tell(change);
  }

  /** For what only others notice. A warning that stands already stays as it began. */
  warn(code: WarningCode, message: string): void {
    if (this.#told.has(code)) return;
    const since = Math.round(this.#o.clock.epochMs());
    const warning: GuardWarning = { code, since, value: null, threshold: null, message };
    this.#told.set(code, warning);
    this.#began(warning);
  }

  /** Its cause is gone. */
  unwarn(code: WarningCode): void {
    const warning = this.#told.get(code);
    if (warning === undefined) return;
    this.#told.delete(code);
    this.#ended(warning);
  }

  #tell(change: GuardMove): void {
    const { log, clock } = this.#o;
    const { from, to, reason } = change;
    this.#since = Math.round(clock.epochMs());
    const line = `guard: ${from} → ${to}: ${reason.message}`;
    if (rankOf(to) > rankOf(from)) log.warn(line);
    else log.info(line);
    this.emit("changed", { ...change, view: this.view });
  }

  #noteWarnings(sample: WarningSample): void {
    const { limits, clock } = this.#o;
    const before = warningsOf(this.#warned);
    const now = { monotonicMs: clock.monotonicMs(), epochMs: clock.epochMs() };
    this.#warned = warnAbout(this.#warned, sample, limits, now);
    const after = warningsOf(this.#warned);
    const isNotIn = (warnings: GuardWarning[]) => (one: GuardWarning) =>
      !warnings.some(({ code }) => code === one.code);
    for (const warning of after.filter(isNotIn(before))) this.#began(warning);
    for (const warning of before.filter(isNotIn(after))) this.#ended(warning);
  }

  #began(warning: GuardWarning): void {
    this.#o.log.warn(`warning: ${warning.message}`, { code: warning.code });
    this.emit("warningBegan", warning);
  }

  #ended(warning: GuardWarning): void {
    this.#o.log.info(`the warning ${warning.code} is over`);
    this.emit("warningEnded", warning);
  }
}
