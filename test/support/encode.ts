import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface EncodeOptions {
  /** Where init.mp4 and the parts go. */
  readonly directory: string;
  readonly seconds: number;
  readonly size?: string;
  readonly fps?: number;
  /** Keep the pace of the clock instead of running as fast as it goes. */
  readonly realTime?: boolean;
}

/** Arguments of an encoder like the product's, fed by a drawn test picture. */
function encodeArguments({
  directory,
  seconds,
  size = "640x480",
  fps = 30,
  realTime = false,
}: EncodeOptions): string[] {
  const source = ["-f", "lavfi", "-i", `testsrc=s=${size}:r=${fps}`, "-t", String(seconds)];
  const codec = "-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -sc_threshold 0".split(" ");
  // Parameter sets before each key frame as well: ffmpeg's HLS reader passes over every init segment but the first.
  const sets = ["-bsf:v", "dump_extra=freq=keyframe"];
  const keys = ["-g", String(fps), "-force_key_frames", "expr:gte(t,n_forced)"];
  const hls = "-f hls -hls_time 0.2 -hls_flags split_by_time+temp_file -hls_segment_type fmp4 -hls_list_size 2".split(
    " ",
  );
  const names = ["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", join(directory, "p%06d.m4s")];
  const scale = ["-hls_segment_options", "video_track_timescale=90000", join(directory, "encoder.m3u8")];
  return [...(realTime ? ["-re"] : []), ...source, ...codec, ...sets, ...keys, ...hls, ...names, ...scale];
}

/** Runs an encoder to its end; its parts appear in `directory` while it runs. */
export async function encode(options: EncodeOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true });
  const child = spawn("ffmpeg", ["-v", "error", "-nostdin", ...encodeArguments(options)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg exited with ${code}.`);
}
