import type { PictureSize } from "./jpeg-size.js";

export interface ByteRange {
  readonly minBytes: number;
  readonly maxBytes: number;
}

const small = { pixels: 640 * 480, minBytes: 2 * 1024, maxBytes: 200 * 1024 };
const large = { pixels: 1280 * 720, minBytes: 5 * 1024, maxBytes: 500 * 1024 };

/**
 * How large a JPEG of this size usually is: 2–200 KB at 640x480 and 5–500 KB at 1280x720 (D4), in proportion to the
 * number of pixels below, between and beyond.
 */
export function usualFrameBytes({ width, height }: PictureSize): ByteRange {
  const pixels = width * height;
  const scaled = (key: "minBytes" | "maxBytes"): number => {
    if (pixels <= small.pixels) return (small[key] * pixels) / small.pixels;
    if (pixels >= large.pixels) return (large[key] * pixels) / large.pixels;
    return small[key] + ((large[key] - small[key]) * (pixels - small.pixels)) / (large.pixels - small.pixels);
  };
  return { minBytes: Math.round(scaled("minBytes")), maxBytes: Math.round(scaled("maxBytes")) };
}

/** Whether a frame has a usual size. Others are counted and warned of, but never dropped: a dark picture is small. */
export function isUsual(bytes: number, { minBytes, maxBytes }: ByteRange): boolean {
  return bytes >= minBytes && bytes <= maxBytes;
}
