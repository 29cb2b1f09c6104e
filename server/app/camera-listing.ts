import { cameraHolders, type CameraHolder } from "../camera/camera-holders.js";
import type { CameraDriver } from "../camera/driver.js";
import type { CameraView, ListedCamera } from "../http/wire.js";

type Holders = ReadonlyMap<string, readonly CameraHolder[] | null>;

/** Says of cameras who else holds them. A look goes through all processes: one is for all who ask at the same time. */
export class CameraListing {
  readonly #driver: CameraDriver;
  #looking: Promise<Holders> | undefined;

  constructor(driver: CameraDriver) {
    this.#driver = driver;
  }

  async of(cameras: readonly CameraView[]): Promise<ListedCamera[]> {
    this.#looking ??= this.#look(cameras.map(({ id }) => id)).finally(() => {
      this.#looking = undefined;
    });
    const holders = await this.#looking;
    return cameras.map((camera) => ({ ...camera, heldBy: holders.get(camera.id)?.slice() ?? null }));
  }

  async #look(ids: readonly string[]): Promise<Holders> {
    const looks = ids.map(async (id) => [id, await cameraHolders(this.#driver, id)] as const);
    return new Map(await Promise.all(looks));
  }
}
