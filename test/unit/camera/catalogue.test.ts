import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CameraCatalogue } from "../../../server/camera/catalogue.js";
import type { CameraDriver, CameraInfo } from "../../../server/camera/driver.js";
import { Leases } from "../../../server/camera/lease.js";
import { silentLog } from "../../../server/lib/log.js";

const left: CameraInfo = { number: 0, id: "/base/i2c@88000/imx708@1a", model: "imx708", modes: "4608x2592" };
const right: CameraInfo = { number: 1, id: "/base/i2c@80000/ov5647@36", model: "ov5647", modes: "2592x1944" };

/** Cameras that are plugged and unplugged by hand; it counts its listings. */
class FakeDriver implements CameraDriver {
  readonly kind = "simulated";
  connected: CameraInfo[] = [left, right];
  listings = 0;

  list(): Promise<CameraInfo[]> {
    this.listings += 1;
    return Promise.resolve(this.connected);
  }

  vidCommand(): never {
    throw new Error("nothing is run here");
  }

  stillCommand(): never {
    throw new Error("nothing is run here");
  }

  devicePaths(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

function make(order: string[] = []): { driver: FakeDriver; leases: Leases; catalogue: CameraCatalogue } {
  const driver = new FakeDriver();
  const leases = new Leases();
  return { driver, leases, catalogue: new CameraCatalogue({ driver, leases, order, log: silentLog }) };
}

describe("CameraCatalogue", () => {
  it("numbers cameras as found when nothing is ordered", async () => {
    const { catalogue } = make();
    expect(await catalogue.refresh()).toEqual([
      { number: 0, id: left.id, model: "imx708", modes: "4608x2592", connected: true },
      { number: 1, id: right.id, model: "ov5647", modes: "2592x1944", connected: true },
    ]);
  });

  it("numbers them as ordered (A1), and tells rpicam's numbers apart from ours", async () => {
    const { catalogue } = make([right.id, left.id]);
    await catalogue.refresh();
    expect(catalogue.cameras().map(({ id }) => id)).toEqual([right.id, left.id]);
    expect(await catalogue.resolve(0)).toBe(1);
    expect(await catalogue.resolve(1)).toBe(0);
  });

  it("lists an ordered camera that is missing as not connected", async () => {
    const { catalogue, driver } = make(["/base/gone", left.id]);
    driver.connected = [left];
    await catalogue.refresh();
    expect(catalogue.camera(0)).toMatchObject({ id: "/base/gone", model: "unknown", connected: false });
    expect(catalogue.camera(1)).toMatchObject({ id: left.id, connected: true });
    await expect(catalogue.resolve(0)).rejects.toMatchObject({ code: "cameraGone" });
  });

  it("works with one camera, and with none", async () => {
    const { catalogue, driver } = make();
    driver.connected = [];
    expect(await catalogue.refresh()).toEqual([]);
    expect(() => catalogue.camera(0)).toThrow(expect.objectContaining({ code: "unknownCamera" }) as Error);
    driver.connected = [left];
    expect(await catalogue.refresh()).toHaveLength(1);
    expect(await catalogue.resolve(0)).toBe(0);
  });

  it("keeps a camera's number when another is unplugged, and follows rpicam's as it moves", async () => {
    const { catalogue, driver } = make();
    await catalogue.refresh();
    driver.connected = [{ ...right, number: 0 }];
    catalogue.forget();
    expect(await catalogue.resolve(1)).toBe(0);
    expect(catalogue.camera(0)).toMatchObject({ id: left.id, model: "imx708", connected: false });
  });

  it("lists only when it must", async () => {
    const { catalogue, driver } = make();
    await catalogue.resolve(0).catch(() => undefined);
    expect(driver.listings).toBe(0); // Nothing is known, so there is no camera 0 to look for.
    await catalogue.refresh();
    await catalogue.resolve(0);
    await catalogue.resolve(1);
    expect(driver.listings).toBe(1);
    catalogue.forget();
    await catalogue.resolve(1);
    expect(driver.listings).toBe(2);
  });

  it("waits with a listing until no camera is leased (I1)", async () => {
    const { catalogue, driver, leases } = make();
    const lease = await leases.acquire(0);
    const refreshed = catalogue.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    expect(driver.listings).toBe(0);
    lease.release();
    await refreshed;
    expect(leases.held).toEqual([]);
  });

  it("gives the lease back when a listing fails, and keeps what it knew", async () => {
    const { catalogue, driver, leases } = make();
    await catalogue.refresh();
    driver.list = () => Promise.reject(new Error("no"));
    await expect(catalogue.refresh()).rejects.toThrow("no");
    expect(leases.held).toEqual([]);
    expect(catalogue.cameras()).toHaveLength(2);
  });

  it("swaps numbers, and refuses an order that leaves a camera out", async () => {
    const { catalogue } = make();
    await catalogue.refresh();
    expect(catalogue.reorder([right.id, left.id]).map(({ id }) => id)).toEqual([right.id, left.id]);
    expect(await catalogue.resolve(0)).toBe(1);
    for (const wrong of [[left.id], [left.id, left.id], [left.id, "/base/other"]]) {
      expect(() => catalogue.reorder(wrong)).toThrow(expect.objectContaining({ code: "badRequest" }) as Error);
    }
    await catalogue.refresh();
    expect(catalogue.camera(0).id).toBe(right.id);
  });

  it("learns from what a camera program found, and reckons the number of one that is away", async () => {
    const { catalogue, driver } = make();
    await catalogue.refresh();
    catalogue.learn([right.id]);
    expect([catalogue.knownRpicamNumber(0), catalogue.knownRpicamNumber(1)]).toEqual([null, 0]);
    expect(catalogue.cameras().map(({ connected }) => connected)).toEqual([false, true]);
    // Back, it would be the first again.
    expect([catalogue.likelyRpicamNumber(0), catalogue.likelyRpicamNumber(1)]).toEqual([0, 0]);
    catalogue.learn([]);
    expect(catalogue.knownRpicamNumber(1)).toBe(0);
    catalogue.learn([left.id, right.id]);
    expect([catalogue.knownRpicamNumber(0), catalogue.knownRpicamNumber(1)]).toEqual([0, 1]);
    expect(driver.listings).toBe(1);
  });

  it("for any cameras reckons the number that one has when it is back", () => {
    const someIds = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(someIds, fc.nat(), (ids, choice) => {
        const byNumber = [...ids].sort().reverse();
        const away = byNumber[choice % byNumber.length] ?? "";
        const { catalogue } = make(byNumber);
        catalogue.learn(byNumber.filter((id) => id !== away));
        if (byNumber.length > 1)
          expect(catalogue.likelyRpicamNumber(byNumber.indexOf(away))).toBe(byNumber.indexOf(away));
        else expect(catalogue.likelyRpicamNumber(0)).toBeNull();
      }),
    );
  });
});
