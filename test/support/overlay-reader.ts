/** Reads text that an encoder burnt into a picture: by comparing it with what ffmpeg draws for texts that are known. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EncodedProfile } from "../../server/stream/encoded-profile.js";
import { encoderArguments } from "../../server/stream/ffmpeg-arguments.js";
import { overlaySizePx } from "../../server/stream/overlay.js";
import { findSlateFont } from "../../server/stream/slate-font.js";

/** Nothing else below is so bright: what the camera draws itself is half covered. */
const brightest = 180;

type Size = Pick<EncodedProfile, "width" | "height">;

/** The lumas of every frame, one buffer each. */
export function decodeLumas(from: string, { width, height }: Size, data?: Buffer, seconds = 60): Buffer[] {
  const output = ["-vf", "extractplanes=y", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"];
  const args = ["-v", "error", "-i", from, "-t", String(seconds), ...output];
  const { stdout, stderr, status } = spawnSync("ffmpeg", args, { input: data, maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(stderr.toString());
  const bytes = width * height;
  return Array.from({ length: stdout.length / bytes }, (_, n) => stdout.subarray(n * bytes, (n + 1) * bytes));
}

/** What the encoder would draw, and where. */
interface Drawn {
  readonly luma: Buffer;
  /** All pixels from the first bright one to the last, in either direction. */
  readonly pixels: readonly number[];
}

/** Compares frames of this profile with texts that ffmpeg draws in the same way on black. */
export class OverlayReader {
  readonly #profile: EncodedProfile;
  readonly #known = new Map<string, Drawn>();

  constructor(profile: EncodedProfile) {
    this.#profile = profile;
  }

  /** The one of these texts that the frame shows best, and how well: 1 is exactly that. */
  best(luma: Buffer, texts: readonly string[]): { readonly text: string; readonly likeness: number } {
    const all = texts.map((text) => ({ text, likeness: likeness(luma, this.#drawn(text)) }));
    return all.reduce((best, one) => (one.likeness > best.likeness ? one : best));
  }

  #drawn(text: string): Drawn {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const luma = draw(text, this.#profile);
    const drawn = { luma, pixels: pixelsOf(luma, this.#profile.width) };
    this.#known.set(text, drawn);
    return drawn;
  }
}

function pixelsOf(luma: Buffer, width: number): number[] {
  const bright = Array.from(luma.keys()).filter((pixel) => isBright(luma, pixel));
  const [first, last] = [bright[0] ?? 0, bright.at(-1) ?? 0];
  const columns = bright.map((pixel) => pixel % width);
  const [left, right] = [columns.reduce((a, b) => Math.min(a, b)), columns.reduce((a, b) => Math.max(a, b))];
  const span = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  return span.filter((pixel) => pixel % width >= left && pixel % width <= right);
}

function draw(text: string, profile: EncodedProfile): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "overlay-"));
  const fontFile = findSlateFont(text) ?? "";
  const overlay = { textFile: "overlay.txt", fontFile, sizePx: overlaySizePx(text, profile) };
  const args = encoderArguments({ profile, directory, overlay });
  const filters = args[args.indexOf("-filter:v") + 1] ?? "";
  writeFileSync(join(directory, overlay.textFile), text);
  const input = ["-f", "lavfi", "-i", `color=black:s=${profile.width}x${profile.height}`];
  const output = ["-vf", `${filters},extractplanes=y`, "-frames:v", "1", "-f", "rawvideo", "pipe:1"];
  const { stdout, stderr, status } = spawnSync("ffmpeg", ["-v", "error", ...input, ...output], { cwd: directory });
  rmSync(directory, { recursive: true });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

/** Of the pixels that are bright in either of the two, where the drawn text stands, the share that is bright in both. */
function likeness(luma: Buffer, drawn: Drawn): number {
  const either = drawn.pixels.filter((pixel) => isBright(luma, pixel) || isBright(drawn.luma, pixel));
  const both = either.filter((pixel) => isBright(luma, pixel) && isBright(drawn.luma, pixel));
  return both.length / Math.max(1, either.length);
}

const isBright = (luma: Buffer, pixel: number): boolean => (luma[pixel] ?? 0) > brightest;
