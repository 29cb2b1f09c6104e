/** Changes of the mode (A1, A10): what is refused before anything happens, what is written down, which switch follows. */
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { StateManager } from "../config/state-manager.js";
import { allowsDual } from "../guard/ladder.js";
import type { ProtectionService } from "../http/service.js";
import type { Mode, ModeView } from "../http/wire.js";
import { AppError } from "../lib/errors.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { ModePipeline } from "../switch/mode-pipeline.js";
import type { Rest } from "../switch/rest.js";
import { cameraToStart } from "./camera-to-start.js";
import { finished } from "./settings-changes.js";

export interface ModeChangesParts {
  readonly state: StateManager;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: ModePipeline;
  readonly switcher: CameraSwitcher;
  readonly protection: ProtectionService;
  readonly rest: Rest;
}

export class ModeChanges {
  readonly #p: ModeChangesParts;
  /** Of the newest request; it may still be on its way. */
  #asked: Mode;

  constructor(parts: ModeChangesParts) {
    this.#p = parts;
    this.#asked = parts.state.mode;
  }

  /** `told` is called when the mode that is kept has changed. */
  async change(mode: Mode, told: () => void): Promise<ModeView> {
    const { state, switcher } = this.#p;
    if (mode === "dual") this.#checkDual();
    const isSettled = this.#asked === mode && state.mode === mode;
    // A request for the camera last committed would undo a switch that is under way.
    if (mode !== "off" && isSettled && switcher.state.kind !== "off") return { mode, receipt: null };
    this.#asked = mode;
    try {
      return await this.#follow(mode, told);
    } finally {
      if (this.#asked === mode) this.#asked = state.mode;
    }
  }

  async #follow(mode: Mode, told: () => void): Promise<ModeView> {
    const { state, switcher, protection } = this.#p;
    const isOff = switcher.state.kind === "off" || state.mode === "off";
    // Off, or on again, is written down first: whatever happens from here on, a restart keeps it. Between the two modes
    // of cameras that are on, what was committed last is kept.
    const problem = mode === "off" || isOff ? this.#keep(mode) : null;
    told();
    const target = mode === "off" ? null : cameraToStart(this.#p);
    const how = mode === "off" ? { reload: false } : { reload: true, mode };
    // Stopped by the guard, the cameras start by themselves when it allows it.
    const isStopped = mode !== "off" && protection.guard().level === "stopped";
    if (!isStopped) this.#p.rest.wake("the mode was set");
    const receipt = isStopped ? null : await finished(switcher.request(target, "mode", how));
    if (problem !== null) throw problem;
    return { mode, receipt };
  }

  /** Throws with the reason, before any effect. */
  #checkDual(): void {
    const { pipeline, protection } = this.#p;
    const usable = pipeline.usableCameras().length;
    if (usable < 2) {
      const found = usable === 0 ? "none" : "only one";
      throw new AppError("tooFewCameras", `Dual mode needs two cameras, and ${found} can be used now.`);
    }
    const { rung, reason } = protection.guard();
    if (!allowsDual(rung)) throw new AppError("guardForbids", `No dual mode now. ${reason?.message ?? ""}`.trim());
    if (protection.drill()?.endedAt === null) throw new AppError("drillRunning", "No dual mode while drills run.");
  }

  /** A disk that is full keeps nobody from turning the cameras off; that a restart undoes it is told afterwards. */
  #keep(mode: Mode): AppError | null {
    try {
      this.#p.state.mode = mode;
      return null;
    } catch (cause) {
      const done = `The mode is “${mode}” now, but it could not be written down: a restart undoes it.`;
      const advice = "Make room on the disk of the state folder and set it again.";
      return new AppError("stateUnusable", `${done} ${advice}`, { cause });
    }
  }
}
