/** One segment of a JPEG: marker, length, content. */
function segment(marker: number, ...content: number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...content];
}

/** A Huffman table with one code, `0`, for one symbol, 0: “no difference” for DC, “end of block” for AC. */
const oneCode = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/**
 * A plain grey JPEG of exactly this size (each 1 to 65535), of the same kind as a camera's: baseline, 4:2:0, full range.
 * Written out here because it is what is left when no program can draw: it cannot fail.
 */
export function greyJpeg(width: number, height: number): Buffer {
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  const head = [
    ...[0xff, 0xd8],
    ...segment(0xe0, ...Buffer.from("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0),
    ...segment(0xdb, 0, ...new Array<number>(64).fill(1)),
    ...segment(0xc0, 8, ...size, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0),
    ...segment(0xc4, 0x00, ...oneCode),
    ...segment(0xc4, 0x10, ...oneCode),
    ...segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0),
  ];
  // Four blocks of luma and two of chroma in each 16 x 16 pixels; each block is the codes 0 and 0: mid-grey throughout.
  const bits = Math.ceil(width / 16) * Math.ceil(height / 16) * 12;
  const scan = Buffer.alloc(Math.ceil(bits / 8));
  // What is left of the last byte is filled with ones (ITU-T T.81 F.1.2.3).
  if (bits % 8 !== 0) scan[scan.length - 1] = 0xff >> (bits % 8);
  return Buffer.concat([Buffer.from(head), scan, Buffer.from([0xff, 0xd9])]);
}
