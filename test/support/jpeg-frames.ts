import { spawnSync } from "node:child_process";

export interface JpegFrames {
  /** A source of ffmpeg's `lavfi`, without size and rate: `testsrc2`, `color=c=red`. */
  readonly source?: string;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** More filters, behind the source. */
  readonly filters?: string;
}

/** JPEG frames such as a camera gives them (4:2:0, full range), drawn by ffmpeg. */
export function jpegFrames({ source = "testsrc2", width, height, count, filters = "null" }: JpegFrames): Buffer[] {
  const input = `${source}${source.includes("=") ? ":" : "="}s=${width}x${height}:r=30`;
  const output = ["-frames:v", String(count), "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "mpjpeg", "pipe:1"];
  const args = ["-v", "error", "-f", "lavfi", "-i", input, "-vf", filters, "-c:v", "mjpeg", ...output];
  const { status, stdout, stderr } = spawnSync("ffmpeg", args, { maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(stderr.toString());
  return splitMultipart(stdout);
}

function splitMultipart(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = stream.indexOf("Content-length: "); at >= 0; at = stream.indexOf("Content-length: ", at)) {
    const start = stream.indexOf("\r\n\r\n", at) + 4;
    const end = start + Number.parseInt(stream.toString("latin1", at + 16, start));
    frames.push(stream.subarray(start, end));
    at = end;
  }
  return frames;
}
