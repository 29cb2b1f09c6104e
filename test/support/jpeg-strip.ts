import sharp from "sharp";
import { readStrip, stripCells, type StripReading } from "./strip.js";

/** The strip of one JPEG of a simulated camera, drawn near this time (milliseconds since the Unix epoch). */
export async function stripOfJpeg(jpeg: Buffer, nearMs = Date.now()): Promise<StripReading> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const centre = (cell: number) => data[8 * info.width + Math.floor(((cell + 0.5) * info.width) / stripCells)] ?? 0;
  return readStrip(
    Array.from({ length: stripCells }, (_, cell) => centre(cell)),
    nearMs,
  );
}
