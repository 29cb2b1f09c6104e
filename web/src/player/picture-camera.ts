/** From a moment on, the stream shows a camera (a DATERANGE of class `camera`, which ends with the next one). */
export interface CameraRange {
  readonly startMs: number;
  readonly camera: number;
}

/** Dates in a playlist are rounded to milliseconds, and a frame lasts 16 at least. */
const roundingMs = 5;

/** The camera whose picture belongs to a moment of the stream; null before the first that is known. */
export function cameraAt(ranges: readonly CameraRange[], atMs: number): number | null {
  let latest: CameraRange | null = null;
  for (const range of ranges) {
    if (range.startMs <= atMs + roundingMs && range.startMs >= (latest?.startMs ?? -Infinity)) latest = range;
  }
  return latest?.camera ?? null;
}
