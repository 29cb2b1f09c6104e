/** Moves a part onto its channel's timeline. Pure. */
import { AppError } from "../lib/errors.js";
import { readFragment, tfhdFlags, trunFlags, type Box, type Fragment } from "./mp4.js";

export interface Place {
  /** Decode time of the first sample on the channel's timeline, in ticks; a whole number below 2⁵³. */
  readonly decodeTicks: number;
  /** Any number that grows from part to part; it is written modulo 2³². */
  readonly sequence: number;
}

/**
 * A copy of a part with another decode time and sequence number: moof and mdat alone, since `sidx` would tell the
 * encoder's times and `styp` tells nothing. The decode time is always written with 64 bits: 32 of them last 13 hours.
 * Throws `mediaInvalid` for a part that is not one fragment of one track with offsets that count from its moof.
 */
export function rebase(part: Buffer, place: Place): Buffer {
  const fragment = readFragment(part);
  if ((part.readUInt32BE(fragment.tfhd.body) & tfhdFlags.baseDataOffset) !== 0) {
    throw new AppError("mediaInvalid", "The fragment's data offsets count from the start of the file.");
  }
  const wide = part.readUInt8(fragment.tfdt.body) === 1;
  const moved = wide ? Buffer.from(part.subarray(fragment.moof.start, fragment.mdat.end)) : widen(part, fragment);
  const at = (box: Box) => box.body - fragment.moof.start;
  moved.writeUInt32BE(place.sequence >>> 0, at(fragment.mfhd) + 4);
  moved.writeBigUInt64BE(BigInt(place.decodeTicks), at(fragment.tfdt) + 4);
  return moved;
}

/** Makes room for 64 bits in the tfdt: four more bytes in it, in its traf and moof, and in the way to the samples. */
function widen(part: Buffer, { moof, mdat, traf, tfdt, truns }: Fragment): Buffer {
  const gap = tfdt.body + 4;
  const moved = Buffer.concat([part.subarray(moof.start, gap), Buffer.alloc(4), part.subarray(gap, mdat.end)]);
  const grow = (at: number, by: number) => moved.writeUInt32BE(moved.readUInt32BE(at) + by, at);
  grow(0, 4);
  grow(traf.start - moof.start, 4);
  grow(tfdt.start - moof.start, 4);
  moved.writeUInt8(1, tfdt.body - moof.start);
  for (const trun of truns) {
    const at = trun.body - moof.start + (trun.start > tfdt.start ? 4 : 0);
    if ((moved.readUInt32BE(at) & trunFlags.dataOffset) !== 0)
      moved.writeInt32BE(moved.readInt32BE(at + 8) + 4, at + 8);
  }
  return moved;
}
