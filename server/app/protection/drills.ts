/**
 * Runs drills on the live system, one by one, and keeps the report of the last run. Owned by `Protection`, which closes
 * it: a drill under way is then broken off and undone.
 */
import type { DrillName, DrillResult, DrillView } from "../../http/wire-protection.js";
import { AppError, toAppError } from "../../lib/errors.js";
import { drillPlan, whenTrue, type Drill, type DrillTools } from "./drill-plan.js";

/** A drill is broken off at so many times its limit; until then it is waited for, to say how long it took. */
const patience = 4;
/** How long the picture must have been sound before the next drill. */
const calmMs = 2000;
const calmPatienceMs = 60_000;

export class Drills {
  readonly #tools: DrillTools;
  readonly #closing = new AbortController();
  #view: DrillView | null = null;
  #run: Promise<void> = Promise.resolve();

  constructor(tools: DrillTools) {
    this.#tools = tools;
  }

  /** The run under way, or the last one. */
  get view(): DrillView | null {
    return this.#view;
  }

  /** The drill that breaks something at this moment. */
  get running(): DrillName | null {
    return this.#view?.results.find(({ outcome }) => outcome === "running")?.name ?? null;
  }

  /** None named: all. Throws `drillRunning`, or `modeForbids` unless a sound picture is live. */
  start(names: readonly DrillName[]): DrillView {
    if (this.#view !== null && this.#view.endedAt === null) {
      throw new AppError("drillRunning", "Drills are running. Wait until they have ended.");
    }
    if (this.#tools.channel.followed !== null) {
      throw new AppError("modeForbids", "Drills need toggle mode: they break one camera at a time.");
    }
    if (!this.#isSound()) {
      throw new AppError("modeForbids", "Drills need a live picture and the guard at normal.");
    }
    const chosen = drillPlan.filter(({ name }) => names.length === 0 || names.includes(name));
    const results = chosen.map((drill) => this.#result(drill, { outcome: "waiting" }));
    const view = this.#show({ startedAt: this.#tools.clock.epochMs(), endedAt: null, results });
    this.#run = this.#runAll(chosen);
    return view;
  }

  /** Breaks off what runs and resolves when it is undone. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError("shuttingDown", "The service is stopping."));
    await this.#run;
  }

  async #runAll(drills: readonly Drill[]): Promise<void> {
    const release = this.#tools.rest.keepAwake("drills");
    for (const drill of drills) {
      if (this.#closing.signal.aborted) break;
      this.#note(this.#result(drill, { outcome: "running" }));
      this.#note(await this.#runOne(drill));
    }
    // What the last drill did is over when the picture is sound again; that it is not is the business of the guard.
    await this.#limited(calmPatienceMs, (signal) => this.#calm(signal)).catch(() => undefined);
    if (this.#view !== null) this.#show({ ...this.#view, endedAt: this.#tools.clock.epochMs() });
    release();
  }

  async #runOne(drill: Drill): Promise<DrillResult> {
    const limitMs = drill.limitMs(this.#tools);
    try {
      await this.#limited(calmPatienceMs, (signal) => this.#calm(signal));
      const end = await this.#limited(limitMs * patience, (signal) => drill.run(this.#tools, signal));
      if (end.kind === "skipped") return this.#result(drill, { outcome: "skipped", note: end.note });
      const outcome = end.ms <= limitMs ? "passed" : "failed";
      return this.#result(drill, { outcome, pictureMs: end.ms, note: end.note });
    } catch (thrown) {
      const { message } = toAppError(thrown);
      this.#tools.log.error(`the drill ${drill.name} failed: ${message}`);
      return this.#result(drill, { outcome: "failed", note: message });
    }
  }

  /** Not AbortSignal.timeout: nothing would hold it, and Node 20 may collect it before its time. */
  async #limited<Value>(ms: number, act: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort(new AppError("notLive", `There was no picture within ${ms / 1000} s.`));
    }, ms);
    try {
      return await act(AbortSignal.any([limit.signal, this.#closing.signal]));
    } catch (thrown) {
      // Timers and events reject with an error of their own, whatever the signal's reason.
      const aborted = [this.#closing.signal, limit.signal].find((signal) => signal.aborted);
      throw aborted === undefined ? thrown : toAppError(aborted.reason);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The picture has been sound for a while: what the drill before it did is over. */
  #calm(signal: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    let sinceMs = clock.monotonicMs();
    return whenTrue(() => {
      if (!this.#isSound()) sinceMs = clock.monotonicMs();
      return clock.monotonicMs() - sinceMs >= calmMs;
    }, signal);
  }

  #isSound(): boolean {
    const { channel, switcher, guard } = this.#tools;
    return switcher.state.kind === "idle" && channel.standIn === "none" && guard().level === "normal";
  }

  #result({ name, limitMs }: Drill, part: Pick<DrillResult, "outcome"> & Partial<DrillResult>): DrillResult {
    return { name, pictureMs: null, limitMs: limitMs(this.#tools), note: "", ...part };
  }

  #note(result: DrillResult): void {
    if (this.#view === null) return;
    const { log } = this.#tools;
    log.info(`drill ${result.name}: ${result.outcome}`, { pictureMs: result.pictureMs, note: result.note });
    const results = this.#view.results.map((one) => (one.name === result.name ? result : one));
    this.#show({ ...this.#view, results });
  }

  #show(view: DrillView): DrillView {
    this.#view = view;
    return view;
  }
}
