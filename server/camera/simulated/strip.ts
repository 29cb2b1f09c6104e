/** Height of the strip in pixels, from the top of the picture. */
export const stripHeight = 16;
/** Number of cells, which share the width equally. */
export const stripCells = 64;

export interface StripContent {
  /** 0–15. */
  readonly camera: number;
  readonly frame: number;
  /** Milliseconds since the Unix epoch, at drawing. */
  readonly epochMs: number;
}

function bits(value: number, length: number): boolean[] {
  return Array.from({ length }, (_, bit) => Math.floor(value / 2 ** (length - 1 - bit)) % 2 === 1);
}

/** The cells from left to right; true is bright. Cells 0–3 are `1010`, each field has its highest bit first. */
export function stripPattern({ camera, frame, epochMs }: StripContent): boolean[] {
  return [true, false, true, false, ...bits(camera, 4), ...bits(frame % 2 ** 24, 24), ...bits(epochMs % 2 ** 32, 32)];
}
