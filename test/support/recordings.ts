import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parsePlaylist } from "../../server/hls/playlist-text.js";
import { readCatalogue } from "../../server/recording/catalogue/open-catalogue.js";
import type { RecordingRow } from "../../server/recording/catalogue/recording-row.js";
import { decodeChannel } from "./decode-channel.js";
import { decodeStrips } from "./decode-strips.js";
import type { Product } from "./product.js";
import type { StripReading } from "./strip.js";

export type ReadStrip = Extract<StripReading, { valid: true }>;

/** The finished recordings of a product's catalogue, in the order of their media. */
export function finishedRows({ directory }: { readonly directory: string }): RecordingRow[] {
  const database = readCatalogue(join(directory, "state"));
  const sql = "SELECT * FROM recordings WHERE state = 'finished' ORDER BY channel, start_ticks";
  const rows = (database?.prepare(sql).all() ?? []) as RecordingRow[];
  database?.close();
  return rows;
}

/** Number of the recorder process; undefined: none runs. */
export function recorderOf(product: Pick<Product, "processes">): number | undefined {
  const isRecorder = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("recorder-main");
  return product.processes().find(({ pid }) => isRecorder(pid))?.pid;
}

/** Decodes a whole recording, and expects that each frame can be read and ffmpeg warns of nothing. */
export async function stripsOf(
  { directory }: { readonly directory: string },
  row: RecordingRow,
  folder = join(directory, "recordings"),
): Promise<ReadStrip[]> {
  const { strips, warnings } = await decodeStrips({ from: join(folder, row.path) });
  expect(warnings, row.path).toEqual([]);
  const read = strips.filter((strip) => strip.valid);
  expect(read, `${row.path}: frames`).toHaveLength(row.frames);
  return read;
}

/** Where the media of the channel end, on its timeline. */
export function edgeTicks({ live }: { readonly live: string }): number {
  return parsePlaylist(readFileSync(join(live, "hls/main/live.m3u8"), "utf8"), { windowSeconds: 10 }).edgeTicks;
}

/** A picture by its camera and number. */
export const pictureOf = ({ camera, frame }: ReadStrip): string => `${camera}:${frame}`;

/** What the channel showed between two moments of its timeline, decoded from the parts that are still on tmpfs. */
export async function shownBetween(live: string, startTicks: number, endTicks: number): Promise<string[]> {
  const strips = await decodeChannel(join(live, "hls/main"), startTicks, endTicks);
  return strips.filter((strip) => strip.valid).map(pictureOf);
}
