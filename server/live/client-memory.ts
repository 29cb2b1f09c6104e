import type { PictureSize } from "../camera/jpeg-size.js";

const small = { pixels: 640 * 480, bytes: 512 * 1024 };
const large = { pixels: 1280 * 720, bytes: 2 * 1024 * 1024 };

/**
 * Most bytes that may wait for one client: 512 KB up to 640x480, 2 MB at 1280x720 (D5), in proportion to the number of
 * pixels between and beyond.
 */
export function clientMemoryBytes({ width, height }: PictureSize): number {
  const pixels = width * height;
  if (pixels <= small.pixels) return small.bytes;
  if (pixels >= large.pixels) return Math.round((large.bytes * pixels) / large.pixels);
  const share = (pixels - small.pixels) / (large.pixels - small.pixels);
  return Math.round(small.bytes + (large.bytes - small.bytes) * share);
}
