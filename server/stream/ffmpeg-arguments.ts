/**
 * The argument vectors of ffmpeg, built with fluent-ffmpeg and run by `process/child`: the library's own way of running
 * ffmpeg probes it first (264 ms), has no process group and kills with SIGKILL. The only file that knows it.
 *
 * Options are given as arrays: one given as a string is split at its first space.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import ffmpeg from "fluent-ffmpeg";
import { defaultBitrateKbps } from "../config/profile.js";
import type { EncodedProfile } from "./encoded-profile.js";
import type { DrawnOverlay } from "./overlay.js";
import { softwareEncoder, type VideoEncoder } from "./video-encoder.js";

/** Names within an encoder's own directory. Parts are `p000000.m4s`, counted from 0. */
export const initFile = "init.mp4";
export const partPattern = "p%06d.m4s";
/** ffmpeg's own playlist, which nobody reads, in a folder of its own: written beside the parts it would wake their watcher. */
const listFolder = "list";

/** Makes the folders that an encoder writes into, below its own directory. */
export function makeEncoderFolders(directory: string): void {
  mkdirSync(join(directory, listFolder), { recursive: true });
}

/** A part lasts 0.2 s, a segment five of them; each rate of a profile divides evenly. */
export const partsPerSecond = 5;

/**
 * Says in full what a JPEG's colours are: sRGB, BT.601 matrix, full range. The frames are encoded as they are, because
 * the conversion to limited range takes a fifth more CPU. ffmpeg 5.1 by itself names the matrix alone; Chromium then
 * believes nothing of it, shows limited range, and BT.709 for 720 lines (measured: 16 as 0, pure red as 255, 12, 0).
 */
const jpegColours = "setparams=range=pc:color_primaries=bt709:color_trc=iec61966-2-1:colorspace=bt470bg";

/**
 * A size, and square pixels: `scale` alone states others where the shape of the picture changes, and the encoder takes
 * those of its first frame, a slate's or a former size's, for all that follow (measured: 3:4 and 15:4).
 */
const sized = ({ width, height }: Pick<EncodedProfile, "width" | "height">, flags = ""): string =>
  `scale=${width}:${height}${flags},setsar=1`;

/** fluent-ffmpeg builds the vector in this method and offers no other way to see it without running it. */
type ArgumentBuilder = ffmpeg.FfmpegCommand & { _getArguments(): string[] };

function argumentsOf(command: ffmpeg.FfmpegCommand): string[] {
  return ["-hide_banner", "-nostdin", "-loglevel", "error", ...(command as ArgumentBuilder)._getArguments()];
}

export interface EncoderTask {
  readonly profile: EncodedProfile;
  /** Default: libx264. */
  readonly videoEncoder?: VideoEncoder;
  /** Directory for init segment and parts, with the folders of `makeEncoderFolders`. */
  readonly directory: string;
  /** Text in the picture. */
  readonly overlay?: DrawnOverlay | undefined;
}

/** Below left: the simulated camera's strip and the page's own words are at the top. */
function overlayFilter({ textFile, fontFile, sizePx }: DrawnOverlay): string {
  const marginPx = Math.ceil(sizePx / 2);
  return (
    `drawtext=textfile=${textFile}:reload=1:expansion=none:fontfile=${fontFile}:fontsize=${sizePx}:fontcolor=white` +
    `:box=1:boxcolor=black@0.5:boxborderw=${Math.ceil(sizePx / 4)}:x=${marginPx}:y=h-text_h-${marginPx}`
  );
}

/** What the encoders want to be told differently. */
interface Codec {
  /** Filters that bring a JPEG's picture into the form that the encoder takes. */
  readonly picture: readonly string[];
  readonly options: (kbps: number) => readonly string[];
}

const codecs: Record<VideoEncoder, Codec> = {
  libx264: {
    picture: ["format=yuvj420p", jpegColours],
    options: (kbps) => [
      ...["-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1", "-sc_threshold", "0"],
      ...["-crf", "23", "-maxrate", `${kbps}k`, "-bufsize", `${kbps}k`],
    ],
  },
  // It knows neither constant quality nor the full range: the levels are converted, and the colours stated as they are then.
  h264_v4l2m2m: {
    picture: ["scale=out_range=tv", "format=yuv420p", jpegColours.replace("range=pc", "range=tv")],
    options: (kbps) => ["-b:v", `${kbps}k`],
  },
};

/** JPEG frames on standard input as `mpjpeg`; H.264 parts of 0.2 s in the directory, each renamed into place whole. */
export function encoderArguments(task: EncoderTask): string[] {
  const { profile, videoEncoder = softwareEncoder, directory, overlay } = task;
  const { width, height, fps } = profile;
  const codec = codecs[videoEncoder];
  const drawn = overlay === undefined ? [] : [overlayFilter(overlay)];
  const kbps = profile.bitrateKbps ?? defaultBitrateKbps(width, height);
  return argumentsOf(
    ffmpeg()
      .input("pipe:0")
      .inputFormat("mpjpeg")
      .inputOptions(["-probesize", "5000", "-analyzeduration", "0", "-fpsprobesize", "0", "-r", String(fps)])
      .noAudio()
      .videoCodec(videoEncoder)
      .videoFilters([sized(profile), ...codec.picture, ...drawn])
      .outputOptions([...codec.options(kbps)])
      .outputOptions(["-g", String(fps), "-force_key_frames", "expr:gte(t,n_forced)"])
      .outputOptions(["-fps_mode", "passthrough"])
      // Parameter sets before each key frame too: players built on ffmpeg read no init segment but the first, and would
      // decode garbage after a change of size.
      .outputOptions(["-bsf:v", "dump_extra=freq=keyframe"])
      .format("hls")
      .outputOptions(["-hls_time", String(1 / partsPerSecond), "-hls_flags", "split_by_time+temp_file"])
      .outputOptions(["-hls_segment_type", "fmp4", "-hls_segment_options", "video_track_timescale=90000"])
      .outputOptions(["-hls_list_size", "2", "-start_number", "0", "-hls_fmp4_init_filename", `../${initFile}`])
      .outputOptions(["-hls_segment_filename", join(directory, partPattern)])
      .output(join(directory, listFolder, "list.m3u8")),
  );
}

/** A line of text on a slate. Files are named relative to the directory in which ffmpeg runs, or absolutely. */
export interface DrawnLine {
  readonly textFile: string;
  readonly fontFile: string;
  readonly sizePx: number;
  readonly yPx: number;
}

export interface SlateTask {
  readonly profile: Pick<EncodedProfile, "width" | "height">;
  readonly lines: readonly DrawnLine[];
}

/** One JPEG on standard input, blurred and dimmed, with lines of text, as one JPEG of the profile's size on standard output. */
export function slateArguments({ profile, lines }: SlateTask): string[] {
  const { width, height } = profile;
  // Down to a sixteenth and back is a blur that costs nothing.
  const background = [
    `scale=${Math.ceil(width / 16)}:${Math.ceil(height / 16)}:flags=area`,
    sized(profile, ":flags=bicubic"),
    "format=yuvj420p",
    "lutyuv=y=val*0.4:u=(val-128)*0.5+128:v=(val-128)*0.5+128",
  ];
  const drawn = lines.map(
    ({ textFile, fontFile, sizePx, yPx }) =>
      `drawtext=textfile=${textFile}:expansion=none:fontfile=${fontFile}:fontsize=${sizePx}:fontcolor=white` +
      `:borderw=${Math.ceil(sizePx / 16)}:bordercolor=black:x=(w-text_w)/2:y=${yPx}`,
  );
  return argumentsOf(
    ffmpeg()
      .input("pipe:0")
      .inputFormat("mjpeg")
      .videoFilters([...background, ...drawn])
      .videoCodec("mjpeg")
      .outputOptions(["-frames:v", "1", "-q:v", "4", "-pix_fmt", "yuvj420p"])
      .format("mjpeg")
      .output("pipe:1"),
  );
}

export interface FinishTask {
  /** A fragmented MP4 file. */
  readonly input: string;
  /** Written anew; whatever stands there is replaced. */
  readonly output: string;
  readonly title: string;
  readonly comment: string;
  /** Start of the recording, in milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
}

/** A file of fragments as an ordinary seekable MP4 that begins at 0: the stream is copied, its tables stand in front. */
export function finishArguments({ input, output, title, comment, startedAtMs }: FinishTask): string[] {
  const metadata = [
    ["title", title],
    ["comment", comment],
    ["creation_time", new Date(startedAtMs).toISOString()],
  ].flatMap(([name, value]) => ["-metadata", `${name}=${value}`]);
  return argumentsOf(
    ffmpeg()
      .input(input)
      .inputFormat("mp4")
      .noAudio()
      .videoCodec("copy")
      // One by one: of an array, each text with one space in it is split there.
      .outputOptions(...metadata)
      .outputOptions(["-video_track_timescale", String(90_000), "-movflags", "+faststart"])
      .format("mp4")
      .output(output),
  );
}

/** The first frame of a recording as one JPEG of this width on standard output. */
export function posterArguments(input: string, widthPixels: number): string[] {
  return argumentsOf(
    ffmpeg()
      .input(input)
      .inputOptions(["-threads", "1"])
      .videoFilters([`scale=${widthPixels}:-2`])
      .videoCodec("mjpeg")
      .outputOptions(["-frames:v", "1", "-q:v", "5", "-pix_fmt", "yuvj420p"])
      .format("mjpeg")
      .output("pipe:1"),
  );
}

export interface ConcatTask {
  /** List of files for the concat demuxer. */
  readonly list: string;
  readonly output: string;
  readonly title: string;
  /** Of the first frame, in milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
}

/** Recordings as one MP4, the stream copied; what is done so far is told on standard output. */
export function concatArguments({ list, output, title, startedAtMs }: ConcatTask): string[] {
  return argumentsOf(
    ffmpeg()
      .input(list)
      .inputFormat("concat")
      .inputOptions(["-safe", "0"])
      .noAudio()
      .videoCodec("copy")
      .outputOptions(["-metadata", `title=${title}`])
      .outputOptions(["-metadata", `creation_time=${new Date(startedAtMs).toISOString()}`])
      .outputOptions(["-video_track_timescale", String(90_000), "-movflags", "+faststart"])
      .outputOptions(["-nostats", "-progress", "pipe:1"])
      .format("mp4")
      .output(output),
  );
}
