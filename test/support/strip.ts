/** What the strip in the top 16 rows of a simulated camera's picture says (DESIGN, simulated camera). */
export type StripReading =
  | { readonly valid: true; readonly camera: number; readonly frame: number; readonly drawnMs: number }
  /** Not a strip, or one that the encoder or a mixing of pictures has destroyed. */
  | { readonly valid: false; readonly why: string };

export const stripCells = 64;
/** Frame numbers begin again after so many. */
export const stripFrames = 2 ** 24;

const marker = "1010";
/** Luma is 16 or 235: what is not near to one of them has no meaning. */
const darkest = 90;
const brightest = 160;

/**
 * Reads 64 lumas (0–255) taken at the cells' centres. The strip holds only the low 32 bits of the time at drawing: the
 * rest is taken from `nearMs`, a time since the Unix epoch that is less than 24 days off.
 */
export function readStrip(lumas: ArrayLike<number>, nearMs: number): StripReading {
  const cells = Array.from(lumas);
  if (cells.length !== stripCells) return { valid: false, why: `${cells.length} cells instead of ${stripCells}` };
  const unclear = cells.findIndex((luma) => luma > darkest && luma < brightest);
  if (unclear >= 0) return { valid: false, why: `cell ${unclear} has luma ${cells[unclear] ?? ""}` };
  const bits = cells.map((luma) => (luma >= brightest ? "1" : "0")).join("");
  if (!bits.startsWith(marker)) return { valid: false, why: `begins with ${bits.slice(0, marker.length)}` };
  const field = (from: number, to: number) => Number.parseInt(bits.slice(from, to), 2);
  return { valid: true, camera: field(4, 8), frame: field(8, 32), drawnMs: withHighBits(field(32, 64), nearMs) };
}

/** The time nearest to `nearMs` whose low 32 bits are these. */
function withHighBits(low: number, nearMs: number): number {
  const span = 2 ** 32;
  return low + Math.round((nearMs - low) / span) * span;
}
