import { isFrameHeader, walkJpeg, walkStart } from "./jpeg-walk.js";

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Size of a picture as its frame header states it; null when there is none before the first scan. */
export function jpegSize(jpeg: Buffer): PictureSize | null {
  let offset = walkStart.offset;
  while (offset + 9 <= jpeg.length && jpeg[offset] === 0xff) {
    const code = jpeg[offset + 1] ?? 0;
    if (isFrameHeader(code)) return { width: jpeg.readUInt16BE(offset + 7), height: jpeg.readUInt16BE(offset + 5) };
    if (code === 0xda) return null;
    offset += code === 0xff ? 1 : 2 + jpeg.readUInt16BE(offset + 2);
  }
  return null;
}

/** Whether the data are one JPEG from the first byte to the last. */
export function isWholeJpeg(data: Buffer): boolean {
  if (data[0] !== 0xff || data[1] !== 0xd8) return false;
  const result = walkJpeg(data, walkStart);
  return result.kind === "whole" && result.end === data.length;
}
