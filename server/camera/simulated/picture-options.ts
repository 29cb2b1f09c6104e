import type { PictureOptions } from "./camera-picture.js";
import type { View } from "./background.js";
import type { RpicamOptions } from "./command-line.js";
import type { SimulatedCamera } from "./simulation.js";

const whole: View = { x: 0, y: 0, width: 1, height: 1 };

/** `x,y,width,height` as fractions; rpicam takes a width or height of 0 as the whole sensor. */
function parseView(roi: string): View {
  const [x = 0, y = 0, width = 0, height = 0] = roi.split(",").map(Number);
  return width > 0 && height > 0 ? { x, y, width, height } : whole;
}

/** The picture that the options of rpicam-vid or rpicam-still ask for; `defaults` where they say nothing. */
export function pictureOptions(
  camera: SimulatedCamera,
  options: RpicamOptions,
  defaults: { readonly width: number; readonly height: number; readonly quality: number },
): PictureOptions {
  const turned = options.rotation === "180";
  return {
    camera: camera.index,
    width: Number(options.width) || defaults.width,
    height: Number(options.height) || defaults.height,
    quality: Number(options.quality ?? defaults.quality),
    flips: { horizontal: (options.hflip ?? false) !== turned, vertical: (options.vflip ?? false) !== turned },
    view: parseView(options.roi),
    stops: Number(options.ev),
  };
}
