import { describe, expect, it } from "vitest";
import { stillArguments, vidArguments } from "../../../server/camera/rpicam-arguments.js";
import { defaultProfile, profileSchema } from "../../../server/config/profile.js";

/** Long names that rpicam-vid 1.12 knows (core/options.cpp); an unknown one ends it with exit code 255. */
const known =
  `camera nopreview timeout width height framerate codec quality flush output hflip vflip rotation roi exposure
  ev awb autofocus-mode lens-position flicker-period tuning-file`.split(/\s+/);

describe("vidArguments", () => {
  it("says the least for the default profile, and no rate at 30", () => {
    const expected = "--camera 1 --nopreview --timeout 0 --width 640 --height 480 --codec mjpeg --quality 80 --flush";
    expect(vidArguments(1, defaultProfile)).toEqual([...expected.split(" "), "--output", "-"]);
  });

  it("makes a camera that can be paused, only where that is asked for", () => {
    const plain = vidArguments(1, defaultProfile);
    expect(vidArguments(1, defaultProfile, "pause")).toEqual([...plain, "--signal", "--initial", "pause"]);
    expect(vidArguments(1, defaultProfile, "record")).toEqual([...plain, "--signal", "--initial", "record"]);
  });

  it("hands on every field of a profile (A7)", () => {
    const profile = profileSchema.parse({
      width: 1280,
      height: 720,
      fps: 15,
      quality: 70,
      hflip: true,
      vflip: true,
      rotation: 180,
      exposure: "sport",
      exposureCompensation: -1.5,
      whiteBalance: "daylight",
      focus: "manual",
      lensPosition: 0,
      flicker: "50hz",
      zoom: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
      tuningFile: "/usr/share/libcamera/ipa/rpi/pisp/imx708_noir.json",
    });
    const args = vidArguments(0, profile);
    const expected = `--framerate 15 --hflip --vflip --rotation 180 --roi 0.25,0.25,0.5,0.5 --exposure sport --ev=-1.5
      --awb daylight --autofocus-mode manual --lens-position 0 --flicker-period 10000us
      --tuning-file /usr/share/libcamera/ipa/rpi/pisp/imx708_noir.json --quality 70 --width 1280 --height 720`;
    expect(args).toEqual(expect.arrayContaining(expected.split(/\s+/)));
    const names = args.filter((word) => word.startsWith("--")).map((word) => word.slice(2).replace(/=.*/, ""));
    expect(known).toEqual(expect.arrayContaining(names));
  });

  it("knows both mains frequencies", () => {
    const args = vidArguments(0, { ...defaultProfile, flicker: "60hz" });
    expect(args.slice(args.indexOf("--flicker-period"))).toEqual(["--flicker-period", "8333us"]);
  });
});

it("asks rpicam-still for one JPEG like the frames of the profile, on standard output", () => {
  expect(stillArguments(1, { ...defaultProfile, hflip: true }).join(" ")).toBe(
    "--camera 1 --nopreview --timeout 1000 --width 640 --height 480 --encoding jpg --quality 80 --output - --hflip",
  );
});
