import { AppError } from "../lib/errors.js";

/** What is no number of a camera is an unknown camera, like a number that none has. Throws `unknownCamera`. */
export function cameraNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new AppError("unknownCamera", `There is no camera ${text.slice(0, 20)}.`);
}
