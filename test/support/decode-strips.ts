import { spawn } from "node:child_process";
import { once } from "node:events";
import { readStrip, stripCells, type StripReading } from "./strip.js";

export interface DecodedStrips {
  /** Of every frame ffmpeg gave, in its order; none repeated, none dropped by ffmpeg. */
  readonly strips: readonly StripReading[];
  /** Everything ffmpeg warned of, line by line. */
  readonly warnings: readonly string[];
}

export interface DecodeInput {
  /** An address, or `pipe:0` with `data`. */
  readonly from: string;
  readonly data?: Buffer;
  /** Options before the input. */
  readonly options?: readonly string[];
  /** Media time to read; default: all. */
  readonly seconds?: number;
}

// One pixel out of each cell's middle; the luma as it was coded, without a conversion that would warn of its range, or of
// pixels that are no squares any more.
const cells = "extractplanes=y,crop=iw:2:0:8,scale=64:1:flags=neighbor,setsar=1";

/** On every reload of a live playlist ffmpeg reads the init segment again, and says so: true of any fragmented MP4. */
const expected = /Found duplicated MOOV Atom|Last message repeated/;

/** Decodes with ffmpeg, as any player of another make would, and reads the strip of each frame. */
export async function decodeStrips({ from, data, options = [], seconds }: DecodeInput): Promise<DecodedStrips> {
  const limit = seconds === undefined ? [] : ["-t", String(seconds)];
  const output = ["-vf", cells, "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"];
  const args = ["-hide_banner", "-loglevel", "warning", ...options, "-i", from, ...limit, ...output];
  const child = spawn("ffmpeg", args, { stdio: "pipe" });
  const pixels: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => pixels.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stdin.on("error", () => undefined).end(data);
  await once(child, "close");
  const warnings = said.split("\n").filter((line) => line.trim() !== "" && !expected.test(line));
  return { strips: stripsOf(Buffer.concat(pixels)), warnings };
}

function stripsOf(pixels: Buffer): StripReading[] {
  const nowMs = Date.now();
  return Array.from({ length: Math.floor(pixels.length / stripCells) }, (_, frame) =>
    readStrip(pixels.subarray(frame * stripCells, (frame + 1) * stripCells), nowMs),
  );
}
