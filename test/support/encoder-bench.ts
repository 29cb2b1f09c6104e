import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect } from "vitest";
import { inspectInit, inspectPart, type PartFacts } from "../../server/hls/mp4.js";
import { systemClock } from "../../server/lib/clock.js";
import { silentLog } from "../../server/lib/log.js";
import { groupIsGone } from "../../server/process/process-table.js";
import type { EncodedProfile } from "../../server/stream/encoded-profile.js";
import { Encoder } from "../../server/stream/encoder.js";
import type { Overlay } from "../../server/stream/overlay.js";

export const vga: EncodedProfile = { width: 640, height: 480, fps: 30, bitrateKbps: null };

const started: Encoder[] = [];
const directories: string[] = [];

afterEach(async () => {
  await Promise.all(started.map((encoder) => encoder.stop("end of the test")));
  for (const { pid } of started) if (pid !== undefined) expect(groupIsGone(pid)).toBe(true);
  for (const directory of directories) rmSync(directory, { recursive: true });
  started.length = directories.length = 0;
});

/** A directory with a blank and a colon in its name, because a user's may have them; removed after the test. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "smart-toggle test: "));
  directories.push(directory);
  return directory;
}

/** An encoder with a directory of its own; after the test it is stopped, and proven to be gone. */
export function startEncoder(
  profile: Partial<EncodedProfile> = {},
  overlay: Overlay | null = null,
  ffmpegProgram = "ffmpeg",
): Encoder {
  const encoder = new Encoder({
    generation: 1,
    directory: newDirectory(),
    profile: { ...vga, ...profile },
    overlay,
    ffmpegProgram,
    clock: systemClock,
    log: silentLog,
  });
  started.push(encoder);
  return encoder;
}

/** Writes frames as fast as they are taken. */
export async function writeAll(encoder: Encoder, frames: Iterable<Buffer>): Promise<void> {
  for (const frame of frames) while (!encoder.write(frame)) await nextTurn();
}

/** The first `count` of these frames, over and over. */
export function cycle(frames: readonly Buffer[], count: number): Buffer[] {
  return Array.from({ length: count }, (_, n) => frames[n % frames.length] ?? Buffer.alloc(0));
}

export function partNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".m4s"))
    .sort();
}

export interface Encoded {
  readonly init: Buffer;
  readonly parts: readonly PartFacts[];
  readonly bytes: number;
  /** Init segment and parts in a row: a file that any player takes. */
  readonly whole: Buffer;
}

/** What the encoder wrote. */
export function readEncoded(directory: string): Encoded {
  const init = readFileSync(join(directory, "init.mp4"));
  const { defaults } = inspectInit(init);
  const media = partNames(directory).map((name) => readFileSync(join(directory, name)));
  const parts = media.map((data) => inspectPart(data, defaults));
  return { init, parts, bytes: Buffer.concat(media).length, whole: Buffer.concat([init, ...media]) };
}
