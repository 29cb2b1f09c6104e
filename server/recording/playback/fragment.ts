/**
 * Fragmented MP4 from the samples of an ordinary one, so that an HLS player can play recordings without a program that
 * repacks them: the samples' bytes stay as they are, only the boxes around them are new. Pure.
 */
import { tfhdFlags, trunFlags } from "../../hls/mp4.js";
import type { Movie, Sample } from "./movie.js";

/** Which samples of a recording make one segment: from `first` up to `end` (exclusive). */
export interface SegmentRange {
  readonly first: number;
  readonly end: number;
  /** Ticks of all samples before it. */
  readonly startTicks: number;
}

const trackId = 1;
/** The base of data offsets is the moof (ISO/IEC 14496-12 8.8.7.1); hls.js and Safari want it so. */
const defaultBaseIsMoof = 0x2_0000;
const syncSample = 0x200_0000;
const nonSyncSample = 0x101_0000;

/**
 * Cuts at the first key frame at or after each multiple of `seconds`; the last segment is what is left. Every segment
 * but an empty recording's has samples.
 */
export function segmentsOf(
  { samples, timescale }: Pick<Movie, "samples" | "timescale">,
  seconds: number,
): SegmentRange[] {
  const segments: SegmentRange[] = [];
  let first = 0;
  let startTicks = 0;
  let ticks = 0;
  for (const [index, sample] of samples.entries()) {
    const due = (segments.length + 1) * seconds * timescale;
    if (index > first && sample.sync && ticks >= due) {
      segments.push({ first, end: index, startTicks });
      first = index;
      startTicks = ticks;
    }
    ticks += sample.ticks;
  }
  return samples.length === 0 ? [] : [...segments, { first, end: samples.length, startTicks }];
}

/** The init segment of a recording. */
export function initSegment({ boxes }: Movie): Buffer {
  const { mvhd, tkhd, mdhd, hdlr, vmhd, dinf, stsd } = boxes;
  const stbl = box("stbl", stsd, table("stts"), table("stsc"), fullBox("stsz", 0, u32(0), u32(0)), table("stco"));
  const mdia = box("mdia", withoutDuration(mdhd), hdlr, box("minf", vmhd, dinf, stbl));
  const trak = box("trak", withTrackId(tkhd), mdia);
  const trex = fullBox("trex", 0, u32(trackId), u32(1), u32(0), u32(0), u32(0));
  const moov = box("moov", withoutDuration(mvhd), trak, box("mvex", trex));
  return Buffer.concat([box("ftyp", Buffer.from("iso5"), u32(512), Buffer.from("iso5iso6mp41")), moov]);
}

/** The head of a segment: its moof, and the header of the mdat that its samples' bytes follow. */
export function segmentHead(samples: readonly Sample[], decodeTicks: number, sequence: number): Buffer {
  const bytes = samples.reduce((sum, { size }) => sum + size, 0);
  const moofBytes = moof(samples, decodeTicks, sequence, 0).length;
  const head = Buffer.concat([u32(8 + bytes), Buffer.from("mdat")]);
  return Buffer.concat([moof(samples, decodeTicks, sequence, moofBytes + 8), head]);
}

/** Bytes of the file that these samples are, with neighbours joined: one read each. */
export function byteRanges(samples: readonly Sample[]): { readonly offset: number; readonly size: number }[] {
  const ranges: { offset: number; size: number }[] = [];
  for (const { offset, size } of samples) {
    const last = ranges.at(-1);
    if (last !== undefined && last.offset + last.size === offset) last.size += size;
    else ranges.push({ offset, size });
  }
  return ranges;
}

function moof(samples: readonly Sample[], decodeTicks: number, sequence: number, dataOffset: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(decodeTicks));
  const traf = box(
    "traf",
    fullBox("tfhd", defaultBaseIsMoof | tfhdFlags.flags, u32(trackId), u32(nonSyncSample)),
    fullBox("tfdt", 0x100_0000, time),
    trun(samples, dataOffset),
  );
  return box("moof", fullBox("mfhd", 0, u32(sequence)), traf);
}

function trun(samples: readonly Sample[], dataOffset: number): Buffer {
  const flags = trunFlags.dataOffset | trunFlags.duration | trunFlags.size | trunFlags.flags;
  const entries = Buffer.alloc(samples.length * 12);
  for (const [index, { ticks, size, sync }] of samples.entries()) {
    entries.writeUInt32BE(ticks, index * 12);
    entries.writeUInt32BE(size, index * 12 + 4);
    entries.writeUInt32BE(sync ? syncSample : nonSyncSample, index * 12 + 8);
  }
  return fullBox("trun", flags, u32(samples.length), u32(dataOffset), entries);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function box(type: string, ...content: readonly Buffer[]): Buffer {
  const size = content.reduce((sum, { length }) => sum + length, 8);
  return Buffer.concat([u32(size), Buffer.from(type, "latin1"), ...content]);
}

/** With its version in the highest byte of `flags`. */
function fullBox(type: string, flags: number, ...content: readonly Buffer[]): Buffer {
  return box(type, u32(flags), ...content);
}

/** A table without entries. */
const table = (type: string): Buffer => fullBox(type, 0, u32(0));

/** mvhd and mdhd begin alike: two times, the timescale, the duration. */
function withoutDuration(header: Buffer): Buffer {
  const copy = Buffer.from(header);
  if (copy.readUInt8(8) === 1) copy.writeBigUInt64BE(0n, 8 + 24);
  else copy.writeUInt32BE(0, 8 + 16);
  return copy;
}

/** Track 1 of no known duration. */
function withTrackId(tkhd: Buffer): Buffer {
  const copy = Buffer.from(tkhd);
  const wide = copy.readUInt8(8) === 1;
  copy.writeUInt32BE(trackId, 8 + (wide ? 20 : 12));
  if (wide) copy.writeBigUInt64BE(0n, 8 + 28);
  else copy.writeUInt32BE(0, 8 + 20);
  return copy;
}
