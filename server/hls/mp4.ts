/**
 * Reads ISO base media: just the boxes that a fragment of one video track and its init segment have. Pure. Everything
 * malformed is an AppError `mediaInvalid`, whose message names the box.
 */
import { createHash } from "node:crypto";
import { AppError } from "../lib/errors.js";

/** Where a box lies in its buffer: `start` is its size field, `body` the first byte after its header. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** Duration in ticks and flags of samples for which a fragment states none. */
export interface SampleDefaults {
  readonly duration: number;
  readonly flags: number;
}

export interface PartFacts {
  /** Decode time of the first sample, in ticks, as the encoder counts. */
  readonly decodeTicks: number;
  readonly ticks: number;
  readonly samples: number;
  /** The first sample is a sync sample: decoding can start here. */
  readonly independent: boolean;
}

export interface InitFacts {
  /** Ticks in a second; this product allows 90 000 only. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** The first 16 hexadecimal digits of the SHA-256 of the whole init segment. */
  readonly hash: string;
  readonly defaults: SampleDefaults;
}

const nonSyncSample = 0x1_0000;

const invalid = (message: string) => new AppError("mediaInvalid", message);

/** The boxes between two offsets, in order. */
export function readBoxes(data: Buffer, start = 0, end = data.length): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    const box = readBox(data, at, end);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

function readBox(data: Buffer, start: number, limit: number): Box {
  if (limit - start < 8) throw invalid(`A box header is cut off at byte ${start}.`);
  const type = data.toString("latin1", start + 4, start + 8);
  const small = data.readUInt32BE(start);
  // Size 1: a 64 bit size follows the type, which only an mdat can need. Size 0: up to the end of the file.
  if (small === 1 && (type !== "mdat" || limit - start < 16)) throw invalid(`The box ${type} has no usable size.`);
  const size = small === 1 ? Number(data.readBigUInt64BE(start + 8)) : small === 0 ? limit - start : small;
  const body = start + (small === 1 ? 16 : 8);
  if (start + size > limit || body > start + size) throw invalid(`The box ${type} does not fit where it stands.`);
  return { type, start, body, end: start + size };
}

/** The one box of a type; none or several are an error. */
export function onlyBox(boxes: readonly Box[], type: string): Box {
  const found = boxes.filter((box) => box.type === type);
  const [box] = found;
  if (!box || found.length > 1) throw invalid(`There are ${found.length} boxes ${type} where one should be.`);
  return box;
}

/** A box that must have so many bytes after its header. */
function withBody(box: Box, bytes: number): Box {
  if (box.end - box.body < bytes) throw invalid(`The box ${box.type} is too short.`);
  return box;
}

/** The box at the end of a path of types below `boxes`. */
export function boxAt(data: Buffer, boxes: readonly Box[], path: readonly string[]): Box {
  const [type = "", ...rest] = path;
  const box = onlyBox(boxes, type);
  return rest.length === 0 ? box : boxAt(data, readBoxes(data, box.body, box.end), rest);
}

/** The boxes of a fragment that the rest of this product reads or moves. */
export interface Fragment {
  readonly moof: Box;
  readonly mdat: Box;
  readonly mfhd: Box;
  readonly traf: Box;
  readonly tfhd: Box;
  readonly tfdt: Box;
  readonly truns: readonly Box[];
}

/** Finds one moof with one track, followed by its mdat; what stands before (`styp`, `sidx`) is passed over. */
export function readFragment(data: Buffer): Fragment {
  const boxes = readBoxes(data);
  const moof = onlyBox(boxes, "moof");
  const mdat = onlyBox(boxes, "mdat");
  if (mdat.start !== moof.end) throw invalid("The mdat does not follow its moof.");
  const inMoof = readBoxes(data, moof.body, moof.end);
  const traf = onlyBox(inMoof, "traf");
  const inTraf = readBoxes(data, traf.body, traf.end);
  const tfdt = onlyBox(inTraf, "tfdt");
  const truns = inTraf.filter((box) => box.type === "trun");
  if (truns.length === 0) throw invalid("The fragment has no trun.");
  return {
    moof,
    mdat,
    mfhd: withBody(onlyBox(inMoof, "mfhd"), 8),
    traf,
    tfhd: withBody(onlyBox(inTraf, "tfhd"), 8),
    tfdt: withBody(tfdt, data[tfdt.body] === 1 ? 12 : 8),
    truns,
  };
}

/** Reads the 32 bit fields of a full box one after the other, never beyond its end. */
function fieldsOf(
  data: Buffer,
  box: Box,
): { readonly flags: number; next: () => number; skip: (bytes: number) => void } {
  let at = box.body;
  const next = () => {
    if (at + 4 > box.end) throw invalid(`The box ${box.type} is too short for what its flags promise.`);
    at += 4;
    return data.readUInt32BE(at - 4);
  };
  return { flags: next() & 0xff_ffff, next, skip: (bytes) => void (at += bytes) };
}

/** Flags of a trun and tfhd, ISO/IEC 14496-12 8.8.7 and 8.8.8. */
export const tfhdFlags = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const;
export const trunFlags = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  cts: 0x800,
} as const;

function defaultsOf(data: Buffer, tfhd: Box, defaults: SampleDefaults): SampleDefaults {
  const { flags, next, skip } = fieldsOf(data, tfhd);
  skip(4); // track id
  if (flags & tfhdFlags.baseDataOffset) skip(8);
  if (flags & tfhdFlags.description) skip(4);
  const duration = flags & tfhdFlags.duration ? next() : defaults.duration;
  if (flags & tfhdFlags.size) skip(4);
  return { duration, flags: flags & tfhdFlags.flags ? next() : defaults.flags };
}

interface RunFacts {
  readonly samples: number;
  readonly ticks: number;
  readonly firstFlags: number;
}

function readRun(data: Buffer, trun: Box, defaults: SampleDefaults): RunFacts {
  const { flags, next, skip } = fieldsOf(data, trun);
  const samples = next();
  if (flags & trunFlags.dataOffset) skip(4);
  let firstFlags = flags & trunFlags.firstFlags ? next() : defaults.flags;
  if (!(flags & trunFlags.duration) && !(flags & trunFlags.flags)) {
    return { samples, ticks: samples * defaults.duration, firstFlags };
  }
  let ticks = 0;
  for (let sample = 0; sample < samples; sample++) {
    ticks += flags & trunFlags.duration ? next() : defaults.duration;
    if (flags & trunFlags.size) skip(4);
    if (flags & trunFlags.flags) {
      const own = next();
      if (sample === 0) firstFlags = own;
    }
    if (flags & trunFlags.cts) skip(4);
  }
  return { samples, ticks, firstFlags };
}

/** Decode time of a fragment's first sample, in the units of its track. */
export function readDecodeTicks(data: Buffer, tfdt: Box): number {
  return data[tfdt.body] === 1 ? Number(data.readBigUInt64BE(tfdt.body + 4)) : data.readUInt32BE(tfdt.body + 4);
}

/** What a part says about itself; `defaults` are those of its init segment. */
export function inspectPart(data: Buffer, defaults: SampleDefaults): PartFacts {
  const fragment = readFragment(data);
  const own = defaultsOf(data, fragment.tfhd, defaults);
  const runs = fragment.truns.map((trun) => readRun(data, trun, own));
  return {
    decodeTicks: readDecodeTicks(data, fragment.tfdt),
    ticks: runs.reduce((sum, run) => sum + run.ticks, 0),
    samples: runs.reduce((sum, run) => sum + run.samples, 0),
    independent: runs[0] !== undefined && runs[0].samples > 0 && (runs[0].firstFlags & nonSyncSample) === 0,
  };
}

function sizeOf(data: Buffer, stsd: Box): { width: number; height: number } {
  // A visual sample entry has its width 24 bytes after its header (ISO/IEC 14496-12 12.1.3).
  const [entry] = readBoxes(data, stsd.body + 8, stsd.end);
  if (!entry || entry.end - entry.body < 28) throw invalid("The init segment describes no video.");
  return { width: data.readUInt16BE(entry.body + 24), height: data.readUInt16BE(entry.body + 26) };
}

/** What an init segment of one video track says. */
export function inspectInit(data: Buffer): InitFacts {
  const boxes = readBoxes(data);
  onlyBox(boxes, "ftyp");
  const mdhd = withBody(boxAt(data, boxes, ["moov", "trak", "mdia", "mdhd"]), 24);
  const stsd = boxAt(data, boxes, ["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
  const trex = withBody(boxAt(data, boxes, ["moov", "mvex", "trex"]), 24);
  return {
    timescale: data.readUInt32BE(mdhd.body + (data.readUInt8(mdhd.body) === 1 ? 20 : 12)),
    ...sizeOf(data, stsd),
    hash: createHash("sha256").update(data).digest("hex").slice(0, 16),
    defaults: { duration: data.readUInt32BE(trex.body + 12), flags: data.readUInt32BE(trex.body + 20) },
  };
}
