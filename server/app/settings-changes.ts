import { EventEmitter, once } from "node:events";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { Profile } from "../config/profile.js";
import type { Settings, SettingsInput } from "../config/schema.js";
import type { ChangedBy, ChangeResult, SettingsStore } from "../config/settings-store.js";
import type { CameraView, ProfileChange, ProfilePatch, Receipt, SettingsChange } from "../http/wire.js";
import { AppError } from "../lib/errors.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { DualCamera } from "../switch/dual-camera.js";
import type { RequestAnswer } from "../switch/pending-requests.js";
import type { ModePipeline } from "../switch/mode-pipeline.js";
import type { Rotation } from "../switch/rotation.js";
import { cameraViews } from "./views.js";

export interface SettingsChangesParts {
  readonly store: SettingsStore;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: ModePipeline;
  readonly switcher: CameraSwitcher;
  /** Of dual mode, all that may be. */
  readonly allCameras: readonly DualCamera[];
  readonly rotation: Rotation;
}

/**
 * Changes of settings while the service runs, and what follows from them on the live cameras. A change is checked whole
 * before anything happens; one that needs a switch is stored when that switch is committed.
 *
 * Invariant: one change after the other, in the order in which they were asked for. The newest so holds in the end, and
 * none undoes another one that was under way.
 */
export class SettingsChanges extends EventEmitter<{ changed: [readonly string[]] }> {
  readonly #p: SettingsChangesParts;
  /** Ends with the newest change that was asked for. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: SettingsChangesParts) {
    super();
    this.#p = parts;
  }

  cameras(): CameraView[] {
    const { catalogue, store, pipeline } = this.#p;
    return cameraViews({
      catalogue,
      profileOf: (camera) => store.profileOf(camera),
      needsReboot: (camera) => pipeline.needsReboot(camera),
    });
  }

  async changeProfile(camera: number, patch: ProfilePatch): Promise<ProfileChange> {
    const { catalogue, store } = this.#p;
    catalogue.camera(camera);
    const { receipt } = await this.#inTurn(() => {
      const profile: Profile = { ...store.profileOf(camera), ...patch };
      return this.#change({ cameras: { profiles: { [camera]: profile } } }, "api");
    });
    const view = this.cameras()[camera];
    if (view === undefined) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    return { camera: view, receipt };
  }

  /** Gives the cameras the numbers of their place in `ids`; label, flips and the like stay with the camera. */
  async reorderCameras(ids: readonly string[]): Promise<void> {
    const { store } = this.#p;
    this.#checkOrder(ids);
    await this.#inTurn(() => {
      const former = this.#order;
      const profiles = Object.fromEntries(ids.map((id, number) => [number, store.profileOf(former.indexOf(id))]));
      return this.#apply({ cameras: { order: [...ids], profiles } }, "api");
    });
  }

  /**
   * Takes over what a document says of run-time keys, as a whole, and lets every part that it concerns follow. Rejects
   * `switchFailed` when the live camera can not be shown so; nothing is changed then.
   */
  apply(document: SettingsInput, who: ChangedBy): Promise<SettingsChange> {
    return this.#inTurn(() => this.#apply(document, who));
  }

  /** Begins when all that were asked for before have ended, however they did. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(change);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #apply(document: SettingsInput, who: ChangedBy): Promise<SettingsChange> {
    const { changed, ignored, receipt } = await this.#change(document, who);
    if (receipt === null || receipt.outcome === "committed") return { changed: [...changed], ignored: [...ignored] };
    throw new AppError("switchFailed", `${receipt.reason?.message ?? ""} Nothing was changed.`.trim());
  }

  /** Checks, tries on the live cameras, and stores only what works. */
  async #change(document: SettingsInput, who: ChangedBy): Promise<ChangeResult & { readonly receipt: Receipt | null }> {
    const { store, catalogue, rotation } = this.#p;
    await this.#settled();
    const order = document.cameras?.order ?? [];
    this.#checkOrder(order);
    const next = store.preview(document);
    const former = this.#order;
    const before = this.#shown.map(({ camera, switcher }) => {
      return { camera, switcher, picture: this.#picture(camera, store.settings) };
    });
    if (order.length > 0) catalogue.reorder(order);
    const others = before.filter(({ camera, picture }) => picture !== this.#picture(camera, next));
    const receipt = await this.#tryAll(others, next);
    if (receipt !== null && receipt.outcome !== "committed") {
      if (order.length > 0) await this.#undoOrder(former);
      return { changed: [], ignored: [], receipt };
    }
    const result = store.change(document, who);
    if (result.changed.some((key) => key.startsWith("rotation."))) rotation.change(store.settings.rotation);
    this.emit("changed", result.changed);
    return { ...result, receipt };
  }

  /** One camera after the other; where one can not be shown so, those before it are put back. */
  async #tryAll(cameras: readonly ShownCamera[], settings: Settings): Promise<Receipt | null> {
    let last: Receipt | null = null;
    for (const [index, one] of cameras.entries()) {
      if (index > 0 && !(await this.#isStillShown(one))) continue;
      last = await this.#tryOn(one, settings);
      if (last === null || last.outcome === "committed") continue;
      for (const former of cameras.slice(0, index)) {
        if (await this.#isStillShown(former)) await this.#tryOn(former, this.#p.store.settings);
      }
      break;
    }
    return last;
  }

  /** The mode may have changed, or the cameras been turned off, while another one was tried: nothing is to come on again. */
  async #isStillShown({ switcher }: ShownCamera): Promise<boolean> {
    await this.#settled();
    return this.#shown.some((one) => one.switcher === switcher);
  }

  /** Starts a live camera anew as these settings have it. */
  async #tryOn({ camera, switcher }: ShownCamera, settings: Settings): Promise<Receipt | null> {
    const profile = this.#p.store.profileOf(camera, settings);
    return finished(switcher.request(camera, "profile", { reload: true, profile }));
  }

  async #undoOrder(former: readonly string[]): Promise<void> {
    this.#p.catalogue.reorder(former);
    await this.#settled();
    // Turned off meanwhile: nothing is to come on again.
    for (const one of this.#shown) await this.#tryOn(one, this.#p.store.settings);
  }

  /** Until no switch or attempt runs: it could end with a picture of the settings as they were. */
  async #settled(): Promise<void> {
    const isBusy = ({ state }: CameraSwitcher): boolean =>
      state.kind === "switching" || (state.kind === "recovering" && state.run !== null);
    const switchers = [this.#p.switcher, ...this.#p.allCameras.map((one) => one.switcher)];
    for (let busy = switchers.find(isBusy); busy !== undefined; busy = switchers.find(isBusy)) {
      await once(busy, "changed");
    }
  }

  /** Empty is “as found”; else every camera that is known here must be named, and no other. */
  #checkOrder(ids: readonly string[]): void {
    const known = this.#order;
    if (ids.length > 0 && this.#isDual && ids.join() !== known.join()) {
      throw new AppError(
        "modeForbids",
        "Cameras can not change their numbers while both are shown. Leave dual mode first.",
      );
    }
    if (ids.length === 0 || (ids.length === known.length && known.every((id) => ids.includes(id)))) return;
    throw new AppError("badRequest", `cameras.order must name each camera once: ${known.join(", ")}.`);
  }

  get #order(): string[] {
    return this.#p.catalogue.cameras().map(({ id }) => id);
  }

  get #isDual(): boolean {
    return this.#p.allCameras.some(({ isOn }) => isOn);
  }

  /** The live cameras, each with whoever can start it anew. */
  get #shown(): readonly ShownCamera[] {
    const { switcher, allCameras } = this.#p;
    if (this.#isDual) return allCameras.filter(({ isLive }) => isLive);
    const { state } = switcher;
    return state.kind === "idle" ? [{ camera: state.live, switcher }] : [];
  }

  /** What a camera shows under these settings, to tell whether they change it. */
  #picture(camera: number, settings: Settings): string {
    return JSON.stringify([this.#order[camera], this.#p.store.profileOf(camera, settings)]);
  }
}

interface ShownCamera {
  readonly camera: number;
  readonly switcher: CameraSwitcher;
}

/** The receipt of a request, null when it needed no switch. */
export async function finished(answer: RequestAnswer): Promise<Receipt | null> {
  if (answer.alreadyLive) return null;
  const end = await answer.receipt;
  return end.outcome === "alreadyLive" ? null : end;
}
