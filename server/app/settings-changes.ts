import { EventEmitter } from "node:events";
import type { CameraCatalogue } from "../camera/catalogue.js";
import type { Profile } from "../config/profile.js";
import type { SettingsInput } from "../config/schema.js";
import type { SettingsStore } from "../config/settings-store.js";
import type { CameraView, ProfileChange, ProfilePatch, Receipt, SettingsChange } from "../http/wire.js";
import { AppError } from "../lib/errors.js";
import type { CameraSwitcher } from "../switch/camera-switcher.js";
import type { RequestAnswer } from "../switch/pending-requests.js";
import type { Pipeline } from "../switch/pipeline.js";
import type { Rotation } from "../switch/rotation.js";
import { cameraViews } from "./views.js";

export interface SettingsChangesParts {
  readonly store: SettingsStore;
  readonly catalogue: CameraCatalogue;
  readonly pipeline: Pipeline;
  readonly switcher: CameraSwitcher;
  readonly rotation: Rotation;
}

/**
 * Changes of settings while the service runs, and what follows from them on the live camera. A change is checked whole
 * before anything happens; one that needs a switch is stored when that switch is committed.
 */
export class SettingsChanges extends EventEmitter<{ changed: [] }> {
  readonly #p: SettingsChangesParts;

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
    const { catalogue, store, switcher } = this.#p;
    catalogue.camera(camera);
    const profile: Profile = { ...store.profileOf(camera), ...patch };
    const document = { cameras: { profiles: { [camera]: profile } } };
    store.preview(document);
    const needsSwitch = this.#live === camera && JSON.stringify(profile) !== JSON.stringify(store.profileOf(camera));
    const receipt = needsSwitch ? await finished(switcher.request(camera, "profile", { reload: true, profile })) : null;
    if (receipt === null || receipt.outcome === "committed") store.change(document, "api");
    this.emit("changed");
    const view = this.cameras()[camera];
    if (view === undefined) throw new AppError("unknownCamera", `There is no camera ${camera}.`);
    return { camera: view, receipt };
  }

  /** Gives the cameras the numbers of their place in `ids`; label, flips and the like stay with the camera. */
  async reorderCameras(ids: readonly string[]): Promise<void> {
    const { catalogue, store } = this.#p;
    const former = catalogue.cameras().map(({ id }) => id);
    if (ids.every((id, number) => id === former[number]) && ids.length === former.length) return;
    this.#checkOrder(ids);
    const profiles = Object.fromEntries(ids.map((id, number) => [number, store.profileOf(former.indexOf(id))]));
    await this.apply({ cameras: { order: [...ids], profiles } }, "api");
  }

  /** Takes over what a document says of run-time keys, as a whole, and lets every part that it concerns follow. */
  async apply(document: SettingsInput, who: "api" | "file"): Promise<SettingsChange> {
    const { store, switcher, catalogue, rotation } = this.#p;
    this.#checkOrder(document.cameras?.order ?? []);
    const live = this.#live;
    const before = live === null ? null : this.#whatShows(live);
    const { changed, ignored } = store.change(document, who);
    const { order } = store.settings.cameras;
    if (changed.includes("cameras.order") && order.length > 0) catalogue.reorder(order);
    if (changed.some((key) => key.startsWith("rotation."))) rotation.change(store.settings.rotation);
    this.emit("changed");
    if (live !== null && before !== this.#whatShows(live)) {
      await finished(switcher.request(live, "profile", { reload: true }));
    }
    return { changed: [...changed], ignored: [...ignored] };
  }

  /** Empty is “as found”; else every camera that is known here must be named, and no other. */
  #checkOrder(ids: readonly string[]): void {
    const known = this.#p.catalogue.cameras().map(({ id }) => id);
    if (ids.length === 0 || (ids.length === known.length && known.every((id) => ids.includes(id)))) return;
    throw new AppError("badRequest", `cameras.order must name each camera once: ${known.join(", ")}.`);
  }

  get #live(): number | null {
    const { state } = this.#p.switcher;
    return state.kind === "idle" ? state.live : null;
  }

  #whatShows(camera: number): string {
    return JSON.stringify([this.#p.catalogue.camera(camera).id, this.#p.store.profileOf(camera)]);
  }
}

/** The receipt of a request, null when it needed no switch. */
export async function finished(answer: RequestAnswer): Promise<Receipt | null> {
  if (answer.alreadyLive) return null;
  const end = await answer.receipt;
  return end.outcome === "alreadyLive" ? null : end;
}
