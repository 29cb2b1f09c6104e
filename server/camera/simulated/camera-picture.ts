/**
 * The picture of one simulated camera: a wall in the camera's colour with sensor noise, a ball that goes round, label,
 * clock and frame number, and on top the strip that tests read. Only the moving parts are drawn for each frame.
 */
import sharp from "sharp";
import { cameraColour, drawBackground, makeNoise, type View } from "./background.js";
import { Canvas, type Flips } from "./canvas.js";
import { stripCells, stripHeight, stripPattern, type StripContent } from "./strip.js";

export interface PictureOptions {
  readonly camera: number;
  readonly width: number;
  readonly height: number;
  /** JPEG quality, 1–100. */
  readonly quality: number;
  readonly flips: Flips;
  readonly view: View;
  /** Exposure compensation in stops. */
  readonly stops: number;
}

/** Backgrounds that differ in their noise only, shown in turn. */
const variants = 8;
/** Deviation of the noise between two frames, in levels of 255: a sensor in ordinary indoor light. */
const sensorNoise = 2;
/** One turn of the ball. */
const turnMs = 4000;

// One small picture at a time: threads and a cache of operations would cost more than they save.
sharp.concurrency(1);
sharp.cache(false);

export class CameraPicture {
  readonly #options: PictureOptions;
  readonly #background: Canvas;
  readonly #noise: Int8Array;
  readonly #noisy: Uint8ClampedArray[] = [];
  readonly #canvas: Canvas;

  constructor(options: PictureOptions) {
    const { width, height, flips, camera, view, stops } = options;
    this.#options = options;
    this.#background = drawBackground({ width, height, flips, camera, view, gain: 2 ** stops });
    this.#noise = makeNoise(width * height + variants * 4999, sensorNoise, camera + 99);
    this.#canvas = new Canvas(width, height, flips);
  }

  /** Draws one frame and encodes it. */
  async jpeg(content: Omit<StripContent, "camera">): Promise<Buffer> {
    const { camera, width, height, quality } = this.#options;
    this.#canvas.pixels.set(this.#variant(content.frame % variants));
    this.#drawScene(content);
    drawStrip(this.#canvas.unflipped(), { ...content, camera });
    return sharp(this.#canvas.pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
  }

  /** Made when first needed, so that the first frame does not wait for all of them. */
  #variant(number: number): Uint8ClampedArray {
    const known = this.#noisy[number];
    if (known !== undefined) return known;
    const pixels = this.#background.pixels.slice();
    const shift = number * 4999;
    for (let at = 0, place = shift; at < pixels.length; at += 3, place += 1) {
      const noise = this.#noise[place] ?? 0;
      pixels[at] = (pixels[at] ?? 0) + noise;
      pixels[at + 1] = (pixels[at + 1] ?? 0) + noise;
      pixels[at + 2] = (pixels[at + 2] ?? 0) + noise;
    }
    this.#noisy[number] = pixels;
    return pixels;
  }

  #drawScene({ frame, epochMs }: Omit<StripContent, "camera">): void {
    const { camera, width, height, view } = this.#options;
    const canvas = this.#canvas;
    const angle = (2 * Math.PI * (epochMs % turnMs)) / turnMs;
    const [across, down] = [0.5 + 0.3 * Math.cos(angle), 0.5 + 0.3 * Math.sin(angle)];
    const [x, y] = [((across - view.x) / view.width) * width, ((down - view.y) / view.height) * height];
    const radius = Math.round(height / 16 / view.height);
    const [red, green, blue] = cameraColour(camera);
    canvas.disc(Math.round(x), Math.round(y), radius, [255 - red, 255 - green, 255 - blue]);

    const dot = Math.max(1, Math.round(height / 240));
    // In a corner that the page leaves free: label and state stand at the top.
    canvas.text(`CAM ${camera}`, width - 66 * dot, height - 30 * dot, 2 * dot, [235, 235, 235]);
    canvas.text(clockText(epochMs), 4 * dot, height - 14 * dot, dot, [235, 235, 235]);
    canvas.text(`FRAME ${frame}`, 4 * dot, height - 26 * dot, dot, [235, 235, 235]);
  }
}

/** Local date and time, as a person reads it. */
function clockText(epochMs: number): string {
  const local = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60_000);
  return local.toISOString().replace("T", " ").replace("Z", "");
}

function drawStrip(canvas: Canvas, content: StripContent): void {
  stripPattern(content).forEach((isBright, cell) => {
    const left = Math.ceil((cell * canvas.width) / stripCells);
    const right = Math.ceil(((cell + 1) * canvas.width) / stripCells);
    const level = isBright ? 235 : 16;
    canvas.fill(left, 0, right - left, stripHeight, [level, level, level]);
  });
}
