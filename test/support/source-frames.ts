/** The frames that a source gives, and the numbers that were drawn into them. */
import type { Frame } from "../../server/camera/frame.js";
import type { Source } from "../../server/camera/source.js";
import { stripOfJpeg } from "./jpeg-strip.js";

/** The next frames of a source: several may come at one time. */
export function take(source: Source, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  return new Promise((resolve) => {
    const keep = (frame: Frame): void => {
      if (frames.push(frame) < count) return;
      source.off("frame", keep);
      resolve(frames);
    };
    source.on("frame", keep);
  });
}

/** Numbers drawn into the frames. */
export async function drawnNumbers(frames: readonly Frame[]): Promise<number[]> {
  const strips = await Promise.all(frames.map(({ jpeg }) => stripOfJpeg(jpeg)));
  return strips.map((reading) => (reading.valid ? reading.frame : Number.NaN));
}

/** `count` numbers in a row. */
export function countFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
