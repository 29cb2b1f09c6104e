import { Canvas, type Flips, type Rgb } from "./canvas.js";

/** One colour per camera, so that a person sees at once which it is. */
const hues: readonly Rgb[] = [
  [60, 120, 190],
  [200, 120, 50],
  [70, 150, 80],
  [160, 80, 160],
  [190, 170, 60],
  [60, 160, 170],
  [190, 80, 90],
  [110, 100, 200],
];

/** The colour of the camera with that index. */
export function cameraColour(index: number): Rgb {
  return hues[index % hues.length] ?? [128, 128, 128];
}

/** The part of the sensor that is seen, as fractions of it. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Deterministic noise of roughly normal distribution; the same seed gives the same noise. */
export function makeNoise(length: number, deviation: number, seed: number): Int8Array {
  const noise = new Int8Array(length);
  let state = seed | 1;
  // Two uniform bytes make a triangle of deviation 104.5, which is near enough to a bell.
  const scale = deviation / 104.5;
  for (let place = 0; place < length; place += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[place] = Math.round(((state & 255) + ((state >>> 8) & 255) - 255) * scale);
  }
  return noise;
}

/** Brightness of a wall of tiles at one place of the sensor, about 0.6 to 1.2. */
function wall(across: number, down: number): number {
  const tile = (Math.floor(across * 16) + Math.floor(down * 12)) % 2 === 0 ? 0.06 : -0.06;
  return 0.75 + 0.35 * (1 - down) + tile + 0.08 * Math.sin(across * 40) * Math.cos(down * 31);
}

/**
 * Deviation of the still texture: a larger picture shows finer detail. Set so that JPEGs of quality 80 have the sizes
 * of a real camera's: about 31 KB at 640x480, 109 KB at 1280x720.
 */
function textureDeviation(pixels: number): number {
  return Math.max(1, 2.7 + (1.7 * Math.log(pixels / (640 * 480))) / Math.log(3));
}

export interface BackgroundOptions {
  readonly width: number;
  readonly height: number;
  readonly flips: Flips;
  readonly view: View;
  /** Factor on all brightness. */
  readonly gain: number;
  readonly camera: number;
}

/** What the camera looks at when nothing moves: its wall, with a texture that stays where it is. */
export function drawBackground({ width, height, flips, view, gain, camera }: BackgroundOptions): Canvas {
  const canvas = new Canvas(width, height, flips);
  const [red, green, blue] = cameraColour(camera);
  const texture = makeNoise(width * height, textureDeviation(width * height), camera + 1);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const light = gain * wall(view.x + (x / width) * view.width, view.y + (y / height) * view.height);
      const grain = texture[y * width + x] ?? 0;
      const at = canvas.offset(x, y);
      canvas.pixels[at] = red * light + grain;
      canvas.pixels[at + 1] = green * light + grain;
      canvas.pixels[at + 2] = blue * light + grain;
    }
  }
  return canvas;
}
