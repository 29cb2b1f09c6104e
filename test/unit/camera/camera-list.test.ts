import { describe, expect, it } from "vitest";
import { parseCameraList } from "../../../server/camera/camera-list.js";

/** Form of rpicam-apps 1.12, `rpicam-hello --list-cameras`. */
const two = `Available cameras
-----------------
0 : imx708 [4608x2592 10-bit RGGB] (/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a)
    Modes: 'SRGGB10_CSI2P' : 1536x864 [120.13 fps - (768, 432)/3072x1728 crop]
                             2304x1296 [56.03 fps - (0, 0)/4608x2592 crop]

1 : ov5647 [2592x1944 10-bit GBRG] (/base/axi/pcie@1000120000/rp1/i2c@80000/ov5647@36)
    Modes: 'SGBRG10_CSI2P' : 640x480 [58.92 fps - (16, 0)/2560x1920 crop]
`;

describe("parseCameraList", () => {
  it("reads each camera and passes its modes by", () => {
    const bus = "/base/axi/pcie@1000120000/rp1";
    expect(parseCameraList(two)).toEqual([
      { number: 0, id: `${bus}/i2c@88000/imx708@1a`, model: "imx708", modes: "4608x2592 10-bit RGGB" },
      { number: 1, id: `${bus}/i2c@80000/ov5647@36`, model: "ov5647", modes: "2592x1944 10-bit GBRG" },
    ]);
  });

  it("reads a model with spaces and a sensor without a size", () => {
    expect(parseCameraList("0 : USB Camera: HD [] (/base/soc/usb-1.2)\n")).toEqual([
      { number: 0, id: "/base/soc/usb-1.2", model: "USB Camera: HD", modes: "" },
    ]);
  });

  it("finds none where there is none", () => {
    expect(parseCameraList("No cameras available!\n")).toEqual([]);
    expect(parseCameraList("")).toEqual([]);
  });
});
