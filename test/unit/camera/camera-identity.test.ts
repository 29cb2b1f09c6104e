import { describe, expect, it } from "vitest";
import { CameraIdentity } from "../../../server/camera/camera-identity.js";
import { classifyLine } from "../../../server/camera/stderr-classifier.js";

const left = "/base/axi/pcie@1000120000/rp1/i2c@88000/imx708@1a";
const right = "/base/axi/pcie@1000120000/rp1/i2c@80000/ov5647@36";
const webcam = "/base/axi/pcie@1000120000/rp1/usb@200000-1:1.0-046d:0825";

const registered = (id: string): string =>
  `[0:45:10.17] [1784]  INFO RPI pisp.cpp:1181 Registered camera ${id} to CFE device /dev/media0 and ISP device /dev/media2`;
const sensor = (id: string): string =>
  `[0:45:10.19] [1784]  INFO RPI pisp.cpp:1485 Sensor: ${id} - Selected sensor format: 1536x864-SBGGR10_1X10/RAW - Selected CFE format: 1536x864-PC1B/RAW`;

function told(asked: { id: string | undefined; rpicamNumber: number }, ...lines: string[]): CameraIdentity {
  const identity = new CameraIdentity(asked);
  for (const line of lines) identity.hear(classifyLine(line));
  return identity;
}

const refusal = (identity: CameraIdentity, allFound = false) => identity.refusal({ allFound })?.code;

describe("CameraIdentity", () => {
  const asked = { id: left, rpicamNumber: 0 };

  it("takes the camera whose sensor was set up for the one that was opened", () => {
    expect(refusal(told(asked, registered(right), registered(left), sensor(left)), true)).toBeUndefined();
    const moved = told(asked, registered(right), sensor(right));
    expect(refusal(moved)).toBe("wrongCamera");
    expect(moved.refusal({ allFound: false })?.message).toBe(
      `rpicam's number 0 was camera ${left} and is ${right} now.`,
    );
  });

  it("goes by the number only when all are found, and nothing was said", () => {
    const half = told(asked, registered(right));
    expect([refusal(half), refusal(half, true)]).toEqual([undefined, "wrongCamera"]);
    expect(refusal(told(asked, registered(right), registered(left)), true)).toBeUndefined();
    expect(refusal(told(asked), true)).toBeUndefined();
    expect(refusal(told({ id: left, rpicamNumber: 1 }, registered(right), registered(left)), true)).toBe("wrongCamera");
  });

  it("believes what was said before what the number tells", () => {
    const odd = told({ id: left, rpicamNumber: 1 }, registered(right), registered(left), sensor(left));
    expect(refusal(odd, true)).toBeUndefined();
  });

  it("does not count what hangs on USB, as rpicam-apps do not", () => {
    const identity = told(asked, registered(webcam), registered(right), registered(left));
    expect(identity.foundByNumber).toEqual([left, right]);
    expect(refusal(identity, true)).toBeUndefined();
  });

  it("does not take a name for another camera that none was found by", () => {
    expect(refusal(told(asked, registered(left), sensor("imx708")), true)).toBeUndefined();
    expect(refusal(told(asked, sensor("imx708")), true)).toBeUndefined();
  });

  it("knows by the camera that it could not have which one it took the number for", () => {
    const busy = (id: string): string => `ERROR: *** failed to acquire camera ${id} ***`;
    expect(refusal(told(asked, registered(right), busy(right)))).toBe("wrongCamera");
    expect(refusal(told(asked, registered(left), busy(left)))).toBeUndefined();
  });

  it("has no objection where any camera is right", () => {
    expect(refusal(told({ id: undefined, rpicamNumber: 0 }, registered(right), sensor(right)), true)).toBeUndefined();
  });
});
