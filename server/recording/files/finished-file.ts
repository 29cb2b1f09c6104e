import type { FileHandle } from "node:fs/promises";
import { boxAt, readBoxes, type Box } from "../../hls/mp4.js";
import { AppError } from "../../lib/errors.js";
import { readRange, topBoxes, type FileBox } from "./read-boxes.js";

/** What a finished recording holds, as its own tables say. */
export interface FinishedFile {
  readonly frames: number;
  readonly ticks: number;
  readonly timescale: number;
  /** The comment in its metadata; null: there is none. */
  readonly comment: string | null;
  readonly sizeBytes: number;
}

const invalid = (message: string) => new AppError("mediaInvalid", message);

/**
 * Reads the tables of an ordinary MP4 file of one video track. Throws `mediaInvalid` where it is cut off, or its tables
 * do not fit together: the samples must fill the media to the byte.
 */
export async function readFinishedFile(file: FileHandle): Promise<FinishedFile> {
  const { size } = await file.stat();
  const boxes: FileBox[] = [];
  for await (const box of topBoxes(file, size)) boxes.push(box);
  const moov = only(boxes, "moov");
  const mdat = only(boxes, "mdat");
  const data = await readRange(file, moov.start, moov.end);
  const top = readBoxes(data);
  const tables = readTables(data, top);
  const mediaBytes = mdat.end - mdat.start;
  // The header of an mdat takes 8 bytes, or 16.
  if (mediaBytes - tables.bytes !== 8 && mediaBytes - tables.bytes !== 16) {
    throw invalid(`The samples make ${tables.bytes} bytes of media, the file has ${mediaBytes}.`);
  }
  const { frames, ticks, timescale } = tables;
  return { frames, ticks, timescale, comment: readComment(data, top), sizeBytes: size };
}

function only(boxes: readonly FileBox[], type: string): FileBox {
  const [box, second] = boxes.filter((each) => each.type === type);
  if (box === undefined || second !== undefined) throw invalid(`There is not exactly one box ${type}.`);
  return box;
}

function readTables(data: Buffer, top: readonly Box[]) {
  const track = (...path: readonly string[]) => boxAt(data, top, ["moov", "trak", "mdia", ...path]);
  const mdhd = track("mdhd");
  const stts = track("minf", "stbl", "stts");
  const stsz = track("minf", "stbl", "stsz");
  const timescale = data.readUInt32BE(mdhd.body + (data.readUInt8(mdhd.body) === 1 ? 20 : 12));
  const ticks = sumOf(data, stts.body + 8, data.readUInt32BE(stts.body + 4), stts.end, 8, (at) => {
    return data.readUInt32BE(at) * data.readUInt32BE(at + 4);
  });
  const frames = data.readUInt32BE(stsz.body + 8);
  const each = data.readUInt32BE(stsz.body + 4);
  const sizes = (): number => sumOf(data, stsz.body + 12, frames, stsz.end, 4, (at) => data.readUInt32BE(at));
  return { frames, ticks, timescale, bytes: each > 0 ? each * frames : sizes() };
}

/** Over the entries of a table, which may be those of a day: nothing is kept of them. */
function sumOf(
  data: Buffer,
  start: number,
  count: number,
  end: number,
  entryBytes: number,
  valueAt: (offset: number) => number,
): number {
  if (start + count * entryBytes > end) throw invalid("A table is cut off.");
  let sum = 0;
  for (let entry = 0; entry < count; entry++) sum += valueAt(start + entry * entryBytes);
  return sum;
}

/** `moov/udta/meta/ilst/©cmt/data`, as ffmpeg writes it; `meta` is a full box, and `data` has 8 bytes before its text. */
function readComment(data: Buffer, top: readonly Box[]): string | null {
  try {
    const meta = boxAt(data, top, ["moov", "udta", "meta"]);
    const text = boxAt(data, readBoxes(data, meta.body + 4, meta.end), ["ilst", "\xa9cmt", "data"]);
    return data.toString("utf8", text.body + 8, text.end);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
