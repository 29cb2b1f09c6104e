/**
 * Keeps a second camera warm: its program runs and is paused (`--signal --initial pause`), so that a switch is two
 * SIGUSR1 instead of a stop and a start. The one exception to I1, and opt-in. It stands beside the SourceRunner and gives
 * it sources, or takes them from it; owns those that are paused, with their leases, and one timer. The pipeline closes it.
 *
 * Invariants: SIGUSR1 toggles, so no second one is sent before the effect of the first was seen, as frames that come or
 * stay away; it is sent only to a program that has its handlers, for it would kill any other; whoever wants a camera that
 * is paused here gets it; during a switch nothing is started here.
 */
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { Source } from "../camera/source.js";
import type { Profile } from "../config/profile.js";
import { AppError } from "../lib/errors.js";
import { catchesSignal } from "../process/caught-signals.js";
import { signalGroup } from "../process/process-table.js";
import type { StopLadder } from "../process/stop-ladder.js";
import type { RunningSource, SourceRunnerOptions } from "./source-runner.js";

export interface WarmStandbyOptions extends Omit<SourceRunnerOptions, "mayList" | "refused" | "timing"> {
  /** Whether the settings and the guard let a second camera run now; asked again every two seconds. */
  readonly isAllowed: () => boolean;
  /** As it would be started now. */
  readonly profileOf: (camera: number) => Profile;
}

interface Kept {
  readonly running: RunningSource;
  readonly profile: Profile;
  readonly onFrame: () => void;
}

const lookMs = 2000;
/** A program that died while paused is started anew after so long, and twice as long each time, up to a minute. */
const pausesMs = [2000, 4000, 8000, 16_000, 32_000, 60_000] as const;
/** So many frames must stay away for a camera to be called paused, and for so long at least. */
const quietFrames = 3;
const leastQuietMs = 100;
/** How long frames may go on to come after SIGUSR1, and how long the first one may take. */
const pauseMs = 1000;
const resumeMs = 800;
const ladder: StopLadder = [{ signal: "SIGINT", waitMs: 500 }];

/**
 * A program that was paused so often is started anew in the background: whoever waits for the end of a source waits on
 * through its pauses, a little more with each switch. The switch that comes just then is a cold one.
 */
const mostPauses = 200;

const isSame = (one: Profile, other: Profile): boolean => JSON.stringify(one) === JSON.stringify(other);

export class WarmStandby {
  readonly #o: WarmStandbyOptions;
  readonly #kept = new Map<number, Kept>();
  readonly #ending = new Map<number, Promise<void>>();
  /** How often each program was kept here. */
  readonly #pauses = new WeakMap<Source, number>();
  readonly #timer: NodeJS.Timeout;
  #wanted: number | null = null;
  /** A switch is under way: what is kept is its affair. */
  #isHeld = false;
  #failures = 0;
  #notBeforeMs = -Infinity;

  constructor(options: WarmStandbyOptions) {
    this.#o = options;
    this.#timer = setInterval(() => {
      this.#settle();
    }, lookMs);
  }

  /** Whether a second camera runs because of it. */
  get isHolding(): boolean {
    return this.#kept.size > 0 || this.#ending.size > 0;
  }

  /** Whether a switch to this camera would be warm. */
  isReady(camera: number, profile: Profile): boolean {
    const kept = this.#kept.get(camera);
    if (kept === undefined || !isSame(kept.profile, profile)) return false;
    const { pid } = kept.running.source;
    // SIGUSR2 is trapped last of the two, and by nothing but the program itself.
    return pid !== undefined && catchesSignal(pid, "SIGUSR2");
  }

  /** From now on this camera is kept warm, and no other; null: none. To be called when a switch is over. */
  keep(camera: number | null): void {
    this.#isHeld = false;
    this.#wanted = camera;
    this.#settle();
  }

  /** Ends all that is kept, and keeps nothing more. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#isHeld = false;
    this.#wanted = null;
    for (const camera of [...this.#kept.keys()]) this.#end(camera, "not wanted");
    await Promise.all(this.#ending.values());
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.end();
  }

  /** Pauses a source and keeps it. False: its frames did not stop, or it cannot be paused; it is the caller's still. */
  async pause(running: RunningSource, profile: Profile): Promise<boolean> {
    this.#isHeld = true;
    const { source } = running;
    const quietMs = Math.max(leastQuietMs, (quietFrames * 1000) / profile.fps);
    if (!this.#canBePaused(source, quietMs)) return false;
    const sentMs = this.#nowMs;
    signalGroup(source.pid ?? 0, "SIGUSR1");
    while (this.#nowMs - Math.max(sentMs, source.newest?.arrivedMs ?? 0) < quietMs) {
      if (this.#nowMs - sentMs > pauseMs) return false;
      await wait(10);
    }
    if (source.isGone) return false;
    this.#add(running, profile);
    return true;
  }

  /** Gives away what is kept of this camera, still paused; null where it is not ready. */
  take(camera: number, profile: Profile): RunningSource | null {
    const kept = this.#kept.get(camera);
    if (kept === undefined || !this.isReady(camera, profile)) return null;
    this.#kept.delete(camera);
    kept.running.source.off("frame", kept.onFrame);
    this.#o.leases.yieldWhenWanted(kept.running.lease, null);
    // Another run of it: who watched over the one before is not to take its end for that of this one.
    return { ...kept.running };
  }

  /** Resolves with the first frame after the pause. Rejects `cameraStartTimeout` when none comes in time. */
  async resume({ source }: RunningSource): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, resumeMs);
    try {
      const came = once(source, "frame", { signal: limit.signal });
      signalGroup(source.pid ?? 0, "SIGUSR1");
      await came;
      this.#failures = 0;
    } catch (cause) {
      const message = `Camera ${source.camera} was paused and gave no picture within ${resumeMs} ms.`;
      throw new AppError("cameraStartTimeout", message, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Silence after the signal proves something only where there was none before it. */
  #canBePaused({ canPause, pid, newest }: Source, quietMs: number): boolean {
    if (!canPause || pid === undefined || newest === undefined) return false;
    return this.#nowMs - newest.arrivedMs < quietMs && catchesSignal(pid, "SIGUSR2");
  }

  #settle(): void {
    if (this.#isHeld) return;
    const wanted = this.#o.isAllowed() ? this.#wanted : null;
    for (const [camera, { profile, running }] of this.#kept) {
      const isWorn = (this.#pauses.get(running.source) ?? 0) > mostPauses;
      if (camera !== wanted || isWorn || !isSame(profile, this.#o.profileOf(camera))) this.#end(camera, "not wanted");
    }
    if (wanted === null || this.#kept.has(wanted) || this.#ending.has(wanted)) return;
    if (this.#nowMs >= this.#notBeforeMs) this.#open(wanted);
  }

  #open(camera: number): void {
    const { catalogue, driver, leases, records, clock, log, profileOf } = this.#o;
    const rpicamNumber = catalogue.knownRpicamNumber(camera);
    const lease = rpicamNumber === null ? null : leases.tryAcquire(camera, () => undefined);
    if (rpicamNumber === null || lease === null) return;
    const profile = profileOf(camera);
    const source = new Source({
      ...{ camera, profile, ladder, records, clock },
      cameraId: catalogue.camera(camera).id,
      command: driver.vidCommand(rpicamNumber, profile, "pause"),
      log: log.child({ part: "camera", camera }),
    });
    void source.exited.then(({ error }) => {
      // It has said which number is whose.
      if (error?.code === "wrongCamera") catalogue.learn(source.foundByNumber);
      if (source.isGone) lease.release();
    });
    this.#add({ source, lease }, profile);
  }

  #add(running: RunningSource, profile: Profile): void {
    const { source, lease } = running;
    const { camera } = source;
    const onFrame = (): void => {
      this.#fail(camera, "gives frames although it is paused");
    };
    const kept = { running, profile, onFrame };
    this.#kept.set(camera, kept);
    source.on("frame", onFrame);
    this.#o.leases.yieldWhenWanted(lease, () => {
      this.#end(camera, "wanted by somebody else");
    });
    const pauses = this.#pauses.get(source) ?? 0;
    this.#pauses.set(source, pauses + 1);
    if (pauses > 0) return;
    void source.exited.then(() => {
      if (this.#kept.get(camera)?.running.source === source) this.#fail(camera, "ended while it was paused");
    });
  }

  #fail(camera: number, what: string): void {
    const pause = pausesMs[Math.min(this.#failures, pausesMs.length - 1)] ?? 60_000;
    this.#failures += 1;
    this.#notBeforeMs = this.#nowMs + pause;
    this.#o.log.warn(`the warm camera ${what}; it is started anew in ${pause} ms`, { camera });
    this.#end(camera, what);
  }

  #end(camera: number, reason: string): void {
    const kept = this.#kept.get(camera);
    if (kept === undefined) return;
    this.#kept.delete(camera);
    const { source, lease } = kept.running;
    source.off("frame", kept.onFrame);
    const ended = source.stop(reason, ladder).then(({ gone }) => {
      lease.release();
      if (!gone) this.#o.log.error("a paused camera does not end, not even by SIGKILL", { camera });
      this.#ending.delete(camera);
    });
    this.#ending.set(camera, ended);
  }

  get #nowMs(): number {
    return this.#o.clock.monotonicMs();
  }
}
