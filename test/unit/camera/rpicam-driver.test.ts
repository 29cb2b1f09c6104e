import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RpicamDriver } from "../../../server/camera/rpicam-driver.js";
import { silentLog } from "../../../server/lib/log.js";

const bus = "/axi/pcie@1000120000/rp1";
const settings = { vidProgram: "rpicam-vid", helloProgram: "rpicam-hello", stillProgram: "rpicam-still" };

describe("RpicamDriver.devicePaths", () => {
  let sysfs = "";

  /** A video device as sysfs shows it: its parent device links to a node of the device tree. */
  function addDevice(name: string, node: string): void {
    mkdirSync(join(sysfs, "firmware/devicetree/base", node), { recursive: true });
    const device = join(sysfs, "devices", name);
    mkdirSync(device, { recursive: true });
    symlinkSync(join(sysfs, "firmware/devicetree/base", node), join(device, "of_node"));
    mkdirSync(join(sysfs, "class/video4linux", name), { recursive: true });
    symlinkSync(device, join(sysfs, "class/video4linux", name, "device"));
  }

  beforeEach(() => {
    sysfs = mkdtempSync(join(tmpdir(), "sysfs-"));
  });

  afterEach(() => {
    rmSync(sysfs, { recursive: true });
  });

  it("finds the sensor's device by libcamera's id", async () => {
    addDevice("v4l-subdev0", `${bus}/i2c@80000/ov5647@36`);
    addDevice("v4l-subdev2", `${bus}/i2c@88000/imx708@1a`);
    addDevice("video0", `${bus}/csi@128000`);
    const driver = new RpicamDriver({ settings, log: silentLog, sysfs });
    expect(await driver.devicePaths(`/base${bus}/i2c@88000/imx708@1a`)).toEqual(["/dev/v4l-subdev2"]);
    expect(await driver.devicePaths(`/base${bus}/i2c@88000/imx219@10`)).toEqual([]);
  });

  it("finds it by its place on the bus, as libcamera names it where the device tree is hidden", async () => {
    const place = "platform/axi/1000120000.pcie/1f00088000.i2c/i2c-10/10-0036";
    const device = join(sysfs, "devices", place);
    mkdirSync(device, { recursive: true });
    symlinkSync("/sys/firmware/devicetree/base/hidden", join(device, "of_node"));
    mkdirSync(join(sysfs, "class/video4linux/v4l-subdev2"), { recursive: true });
    symlinkSync(device, join(sysfs, "class/video4linux/v4l-subdev2/device"));
    const driver = new RpicamDriver({ settings, log: silentLog, sysfs });
    expect(await driver.devicePaths(`${place} ov5647`)).toEqual(["/dev/v4l-subdev2"]);
    expect(await driver.devicePaths(`${place.slice(0, -1)} ov5647`)).toEqual([]);
  });

  it("knows of none where there is no such sysfs", async () => {
    const driver = new RpicamDriver({ settings, log: silentLog, sysfs: join(sysfs, "nowhere") });
    expect(await driver.devicePaths("/base/x")).toEqual([]);
  });
});
