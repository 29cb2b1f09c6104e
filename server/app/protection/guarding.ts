/**
 * Brings the picture to what the guard allows (B2) and somebody wants (H4), by comparing the two again whenever one of them may have changed:
 * stops the camera, starts it again, or starts it anew with a smaller or larger picture. That every start of a camera
 * is no more than the guard allows is the pipeline's affair (`reduce`). Owns two timers; Protection closes it.
 *
 * Invariants: a stop is asked for at once, whatever runs; anything else waits until the switcher is settled, and so
 * supersedes nobody; while the cameras are turned off, nothing is started.
 */
import type { Profile } from "../../config/profile.js";
import { allowsDual, isSamePicture, reducedProfile, stepsFor, type InUse, type Rung } from "../../guard/ladder.js";
import type { GuardView, SafetyGuard } from "../../guard/safety-guard.js";
import type { Mode } from "../../http/wire.js";
import type { Resources } from "../../http/wire-protection.js";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import type { Channel, ChannelReason } from "../../stream/channel.js";
import type { CameraSwitcher } from "../../switch/camera-switcher.js";
import type { SwitchState } from "../../switch/machine.js";
import type { SwitchRequest } from "../../switch/switch-types.js";
import { offReason } from "../../switch/pipeline.js";
import type { Rest } from "../../switch/rest.js";
import type { CameraMode } from "../../switch/switch-types.js";
import { finished } from "../settings-changes.js";

/** What the wish is made from. */
export interface GuardedFacts {
  readonly mode: Mode;
  readonly inForce: CameraMode;
  /** There are cameras enough for dual mode. */
  readonly canDual: boolean;
  readonly rung: Rung;
  readonly state: SwitchState;
  /** Nobody watches, so no picture is wanted. */
  readonly resting: boolean;
  /** The picture that is shown, and the one that is set for this camera; null where there is none. */
  readonly shown: Picture | null;
  readonly set: Profile | null;
  /** It shows the small size; false: it has refused it. */
  readonly canBeSmall: boolean;
}

type Picture = Pick<Profile, "width" | "height" | "fps" | "bitrateKbps">;

export type GuardWish = "nothing" | "sayWhy" | "stop" | "rest" | "start" | "changeMode" | "reload";

/** How the cameras may run now. */
export const allowedMode = (mode: Mode, rung: Rung): CameraMode =>
  mode === "dual" && allowsDual(rung) ? "dual" : "toggle";

/** What is to be done for the picture to be as the guard allows. Pure. */
export function wishFor(facts: GuardedFacts): GuardWish {
  const { mode, rung, state, resting, shown, set } = facts;
  if (state.kind === "off") return mode === "off" || rung === "stopped" || resting ? "sayWhy" : "start";
  if (mode === "off") return "nothing";
  if (rung === "stopped") return isStopping(state) ? "nothing" : "stop";
  if (resting) return state.kind === "switching" || isStopping(state) ? "nothing" : "rest";
  if (state.kind !== "idle") return "nothing";
  const allowed = allowedMode(mode, rung);
  const isRight = shown === null || set === null || isSamePicture(shown, reducedProfile(set, rung, facts.canBeSmall));
  // Into dual mode a camera goes as it is shown: first as it should be.
  if (allowed !== facts.inForce && (allowed === "toggle" || (facts.canDual && isRight))) return "changeMode";
  return isRight || facts.inForce === "dual" ? "nothing" : "reload";
}

/** Whether no camera will be live when all that was asked for is done. */
function isStopping(state: SwitchState): boolean {
  if (state.kind === "switching") return (state.waiting ?? state.run.request).to === null;
  return state.kind === "recovering" && state.waiting !== null && state.waiting.to === null;
}

/** Why no camera is live while none is meant to be. */
export function whyOff(
  mode: Mode,
  { level, reason }: Pick<GuardView, "level" | "reason">,
  resting: boolean,
): ChannelReason {
  if (mode === "off") return offReason;
  if (level === "stopped" && reason !== null) return { code: "guardStopped", message: reason.message };
  if (resting) return { code: "resting", message: "The cameras rest until somebody watches." };
  return { code: "notLive", message: "The picture is on its way back." };
}

export interface GuardingOptions {
  readonly guard: SafetyGuard;
  readonly rest: Pick<Rest, "isResting"> & { on(event: "changed", listener: () => void): unknown };
  readonly switcher: CameraSwitcher;
  readonly channel: Pick<Channel, "unavailable" | "turnOff" | "showing">;
  /** As it is set, not as it is allowed. */
  readonly profileOf: (camera: number) => Profile;
  /** What else the guard may take away. */
  readonly inUse: () => InUse;
  /** Whether a camera shows the small size. */
  readonly canBeSmall: (camera: number) => boolean;
  readonly mode: () => Mode;
  readonly inForce: () => CameraMode;
  readonly canDual: () => boolean;
  readonly cameraToStart: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long the first camera waits for the guard's first look; it comes after 0.2 s. */
const firstLookMs = 1000;
/** Pauses after a change of the picture that failed; the last one stands for all that follow. */
const pausesMs = [2000, 5000, 10_000, 30_000, 60_000] as const;

export class Guarding {
  readonly #o: GuardingOptions;
  #begunMs: number | null = null;
  #hasStarted = false;
  #hasRested = false;
  #isClosed = false;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #failures = 0;
  #notBeforeMs = 0;

  constructor(options: GuardingOptions) {
    this.#o = options;
    options.guard.on("changed", () => {
      this.look();
    });
    options.switcher.on("changed", () => {
      this.look();
    });
    options.rest.on("changed", () => {
      this.look();
    });
  }

  /** Gives a sample to the guard, with the steps that change something of the present picture. */
  note(sample: Resources): void {
    const { guard, switcher, profileOf, inUse, canBeSmall, cameraToStart } = this.#o;
    const { state } = switcher;
    const camera = state.kind === "idle" ? state.live : cameraToStart();
    guard.note(sample, stepsFor(profileOf(camera), inUse(), canBeSmall(camera)));
    this.look();
  }

  /** From here on cameras may be started. The first one waits a moment for the guard's first look. */
  begin(): void {
    this.#begunMs = this.#nowMs;
    this.#lookIn(firstLookMs);
    this.look();
  }

  /** Compares soon, not now: what follows from the same event (a profile that is stored) comes first. */
  look(): void {
    if (this.#isClosed) return;
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      try {
        this.#reconcile();
      } catch (error) {
        // The next sample, a second later, looks again.
        this.#o.log.error("the picture could not be brought to what the guard allows", { error });
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
  }

  #reconcile(): void {
    switch (wishFor(this.#facts())) {
      case "nothing":
        break;
      case "sayWhy":
        this.#sayWhy();
        break;
      case "stop":
        this.#o.switcher.request(null, "guard");
        break;
      case "rest":
        this.#hasRested = true;
        this.#o.switcher.request(null, "idle");
        break;
      case "start":
        this.#start();
        break;
      case "changeMode":
        this.#change({ reload: true, mode: allowedMode(this.#o.mode(), this.#o.guard.rung) });
        break;
      case "reload":
        this.#change({ reload: true });
        break;
    }
  }

  #facts(): GuardedFacts {
    const { guard, rest, switcher, channel, profileOf, canBeSmall, mode, inForce, canDual } = this.#o;
    const { state } = switcher;
    const { showing } = channel;
    const isShown = state.kind === "idle" && showing?.camera === state.live;
    const set = isShown ? profileOf(state.live) : null;
    const shown = isShown ? showing.profile : null;
    const modes = { mode: mode(), inForce: inForce(), canDual: canDual() };
    const picture = { shown, set, canBeSmall: !isShown || canBeSmall(state.live) };
    return { ...modes, ...picture, rung: guard.rung, state, resting: rest.isResting };
  }

  /** Nothing runs: only what the playlist answers may have to be another reason. */
  #sayWhy(): void {
    const { channel, guard, rest, mode } = this.#o;
    const why = whyOff(mode(), guard.view, rest.isResting);
    if (channel.unavailable?.code !== why.code) void channel.turnOff(why);
  }

  #start(): void {
    const { guard, switcher, cameraToStart } = this.#o;
    if (this.#begunMs === null) return;
    if (!guard.hasLooked && this.#nowMs - this.#begunMs < firstLookMs) return;
    const trigger = this.#hasStarted ? (this.#hasRested ? "idle" : "guard") : "start";
    this.#hasStarted = true;
    this.#hasRested = false;
    const mode = allowedMode(this.#o.mode(), guard.rung);
    switcher.request(cameraToStart(), trigger, { reload: false, mode });
  }

  /** Starts the picture anew as it is allowed now, or changes to the mode that is. */
  #change(how: Pick<SwitchRequest, "reload" | "mode">): void {
    const { switcher } = this.#o;
    const { state } = switcher;
    if (state.kind !== "idle") return;
    const waitMs = this.#notBeforeMs - this.#nowMs;
    if (waitMs > 0) {
      this.#lookIn(waitMs);
      return;
    }
    this.#note(switcher.request(state.live, "guard", how)).catch((error: unknown) => {
      this.#o.log.info("the change of the picture was given up", { error: String(error) });
    });
  }

  async #note(answer: ReturnType<CameraSwitcher["request"]>): Promise<void> {
    const receipt = await finished(answer);
    if (receipt === null || receipt.outcome === "committed") {
      this.#failures = 0;
      return;
    }
    const pauseMs = pausesMs[Math.min(this.#failures, pausesMs.length - 1)] ?? 60_000;
    this.#failures += 1;
    this.#notBeforeMs = this.#nowMs + pauseMs;
    this.#o.log.warn(`the picture could not be changed, next try in ${pauseMs} ms`, { reason: receipt.reason });
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.look();
    }, ms);
  }

  get #nowMs(): number {
    return this.#o.clock.monotonicMs();
  }
}
