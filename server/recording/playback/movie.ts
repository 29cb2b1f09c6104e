/**
 * The sample table of an ordinary MP4 with one video track, as a recording is. Pure. Everything malformed is an AppError
 * `mediaInvalid`, whose message names the box.
 */
import { boxAt, readBoxes, type Box } from "../../hls/mp4.js";
import { AppError } from "../../lib/errors.js";

export interface Sample {
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly size: number;
  /** How long it is shown, in ticks of the track. */
  readonly ticks: number;
  /** Decoding can start here. */
  readonly sync: boolean;
}

export interface Movie {
  /** Ticks in a second. */
  readonly timescale: number;
  readonly samples: readonly Sample[];
  /** The boxes that an init segment takes over as they are, each whole. */
  readonly boxes: MovieBoxes;
}

export interface MovieBoxes {
  readonly mvhd: Buffer;
  readonly tkhd: Buffer;
  readonly mdhd: Buffer;
  readonly hdlr: Buffer;
  readonly vmhd: Buffer;
  readonly dinf: Buffer;
  readonly stsd: Buffer;
}

/** Nine hours at 60 frames a second: a table that says more is a damaged one, and would take all memory. */
const mostSamples = 2_000_000;

const invalid = (message: string) => new AppError("mediaInvalid", message);

/** A table of a full box: its entries have so many 32 bit fields each, and stand after their number. */
class Table {
  readonly #data: Buffer;
  readonly #at: number;
  readonly #fields: number;
  readonly count: number;

  constructor(data: Buffer, box: Box, fields: number, headerBytes = 4) {
    const countAt = box.body + headerBytes;
    if (countAt + 4 > box.end) throw invalid(`The box ${box.type} is too short.`);
    this.#data = data;
    this.#at = countAt + 4;
    this.#fields = fields;
    this.count = data.readUInt32BE(countAt);
    if (this.#at + this.count * fields * 4 > box.end) {
      throw invalid(`The box ${box.type} is too short for its ${this.count} entries.`);
    }
  }

  at(entry: number, field = 0): number {
    return this.#data.readUInt32BE(this.#at + (entry * this.#fields + field) * 4);
  }
}

/** `moov` is that box, whole. */
export function readMovie(moov: Buffer): Movie {
  const top = readBoxes(moov);
  const find = (...path: string[]) => boxAt(moov, top, ["moov", ...path]);
  const bytes = (box: Box) => moov.subarray(box.start, box.end);
  const mdhd = find("trak", "mdia", "mdhd");
  const table = find("trak", "mdia", "minf", "stbl");
  const sizes = readSizes(moov, boxAt(moov, [table], ["stbl", "stsz"]));
  return {
    timescale: readTimescale(moov, mdhd),
    samples: readSamples(moov, readBoxes(moov, table.body, table.end), sizes),
    boxes: {
      mvhd: bytes(find("mvhd")),
      tkhd: bytes(find("trak", "tkhd")),
      mdhd: bytes(mdhd),
      hdlr: bytes(find("trak", "mdia", "hdlr")),
      vmhd: bytes(find("trak", "mdia", "minf", "vmhd")),
      dinf: bytes(find("trak", "mdia", "minf", "dinf")),
      stsd: bytes(boxAt(moov, [table], ["stbl", "stsd"])),
    },
  };
}

function readTimescale(data: Buffer, { body, end }: Box): number {
  if (body + 24 > end) throw invalid("The box mdhd is too short.");
  return data.readUInt32BE(body + (data.readUInt8(body) === 1 ? 20 : 12));
}

function readSizes(data: Buffer, stsz: Box): number[] {
  if (stsz.body + 12 > stsz.end) throw invalid("The box stsz is too short.");
  const same = data.readUInt32BE(stsz.body + 4);
  const count = data.readUInt32BE(stsz.body + 8);
  if (count > mostSamples) throw invalid(`The box stsz tells of ${count} samples.`);
  if (same !== 0) return new Array<number>(count).fill(same);
  const table = new Table(data, stsz, 1, 8);
  return Array.from({ length: table.count }, (_, sample) => table.at(sample));
}

function readSamples(data: Buffer, boxes: readonly Box[], sizes: readonly number[]): Sample[] {
  if (boxes.some(({ type }) => type === "ctts"))
    throw invalid("The frames are not stored in the order they are shown.");
  const offsets = readOffsets(data, boxes, sizes);
  const ticks = readTicks(data, boxes, sizes.length);
  const sync = readSync(data, boxes);
  return sizes.map((size, index) => {
    const offset = offsets[index];
    const lasts = ticks[index];
    if (offset === undefined || lasts === undefined) throw invalid("The tables of samples do not fit together.");
    return { offset, size, ticks: lasts, sync: sync === null || sync.has(index) };
  });
}

function tableOf(data: Buffer, boxes: readonly Box[], type: string, fields: number): Table {
  return new Table(data, boxAt(data, boxes, [type]), fields);
}

function readTicks(data: Buffer, boxes: readonly Box[], samples: number): number[] {
  const stts = tableOf(data, boxes, "stts", 2);
  const ticks: number[] = [];
  for (let entry = 0; entry < stts.count; entry++) {
    const count = Math.min(stts.at(entry), samples - ticks.length);
    for (let sample = 0; sample < count; sample++) ticks.push(stts.at(entry, 1));
  }
  return ticks;
}

/** Indexes of the sync samples; null: all are. */
function readSync(data: Buffer, boxes: readonly Box[]): ReadonlySet<number> | null {
  if (!boxes.some(({ type }) => type === "stss")) return null;
  const stss = tableOf(data, boxes, "stss", 1);
  return new Set(Array.from({ length: stss.count }, (_, entry) => stss.at(entry) - 1));
}

function readOffsets(data: Buffer, boxes: readonly Box[], sizes: readonly number[]): number[] {
  const chunks = readChunks(data, boxes);
  const stsc = tableOf(data, boxes, "stsc", 3);
  const offsets: number[] = [];
  let entry = 0;
  for (const [chunk, start] of chunks.entries()) {
    while (entry + 1 < stsc.count && stsc.at(entry + 1) <= chunk + 1) entry++;
    const inChunk = Math.min(stsc.at(entry, 1), sizes.length - offsets.length);
    let at = start;
    for (let sample = 0; sample < inChunk; sample++) {
      const size = sizes[offsets.length] ?? 0;
      offsets.push(at);
      at += size;
    }
  }
  return offsets;
}

function readChunks(data: Buffer, boxes: readonly Box[]): number[] {
  if (!boxes.some(({ type }) => type === "co64")) {
    const stco = tableOf(data, boxes, "stco", 1);
    return Array.from({ length: stco.count }, (_, chunk) => stco.at(chunk));
  }
  const co64 = tableOf(data, boxes, "co64", 2);
  return Array.from({ length: co64.count }, (_, chunk) => co64.at(chunk) * 2 ** 32 + co64.at(chunk, 1));
}
