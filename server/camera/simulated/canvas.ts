import { forEachDot, glyphHeight, glyphWidth } from "./font.js";

export type Rgb = readonly [red: number, green: number, blue: number];

/** How a picture is turned; a rotation by 180 degrees is both flips. */
export interface Flips {
  readonly horizontal: boolean;
  readonly vertical: boolean;
}

/** RGB pixels of one picture. What is drawn is flipped on the way, so that drawing need not know of it. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
  readonly #flips: Flips;

  constructor(width: number, height: number, flips: Flips, pixels?: Uint8ClampedArray) {
    this.width = width;
    this.height = height;
    this.pixels = pixels ?? new Uint8ClampedArray(width * height * 3);
    this.#flips = flips;
  }

  /** The same pixels, drawn on without flips. */
  unflipped(): Canvas {
    return new Canvas(this.width, this.height, { horizontal: false, vertical: false }, this.pixels);
  }

  /** Offset of a pixel in `pixels`. */
  offset(x: number, y: number): number {
    const column = this.#flips.horizontal ? this.width - 1 - x : x;
    const row = this.#flips.vertical ? this.height - 1 - y : y;
    return (row * this.width + column) * 3;
  }

  /** Fills a rectangle; what lies outside the picture is left out. */
  fill(x: number, y: number, width: number, height: number, [red, green, blue]: Rgb): void {
    const right = Math.min(this.width, x + width);
    const bottom = Math.min(this.height, y + height);
    for (let row = Math.max(0, y); row < bottom; row += 1) {
      for (let column = Math.max(0, x); column < right; column += 1) {
        const at = this.offset(column, row);
        this.pixels[at] = red;
        this.pixels[at + 1] = green;
        this.pixels[at + 2] = blue;
      }
    }
  }

  disc(centreX: number, centreY: number, radius: number, colour: Rgb): void {
    for (let dy = -radius; dy <= radius; dy += 1) {
      const half = Math.floor(Math.sqrt(radius * radius - dy * dy));
      this.fill(centreX - half, centreY + dy, 2 * half + 1, 1, colour);
    }
  }

  /** Text on a dark box; `dot` is the size of a dot in pixels. */
  text(text: string, x: number, y: number, dot: number, colour: Rgb): void {
    const width = (text.length * (glyphWidth + 1) + 1) * dot;
    this.fill(x, y, width, (glyphHeight + 2) * dot, [16, 16, 16]);
    forEachDot(text, (column, row) => {
      this.fill(x + (column + 1) * dot, y + (row + 1) * dot, dot, dot, colour);
    });
  }
}
