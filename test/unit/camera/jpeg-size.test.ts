import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isWholeJpeg, jpegSize } from "../../../server/camera/jpeg-size.js";
import { sizeSegment } from "./jpegs.js";

const picture = sharp({ create: { width: 322, height: 244, channels: 3, background: "#345" } });

describe("jpegSize", () => {
  it.each([false, true])("reads what libjpeg writes (progressive: %s)", async (progressive) => {
    const jpeg = await picture.clone().jpeg({ progressive }).toBuffer();
    expect(jpegSize(jpeg)).toEqual({ width: 322, height: 244 });
    expect(isWholeJpeg(jpeg)).toBe(true);
    expect(isWholeJpeg(jpeg.subarray(0, -2))).toBe(false);
    expect(isWholeJpeg(Buffer.concat([jpeg, Buffer.from([0])]))).toBe(false);
  });

  it("passes fill bytes and tables by", () => {
    const table = Buffer.from([0xff, 0xff, 0xff, 0xc4, 0, 4, 1, 2]);
    expect(jpegSize(Buffer.concat([Buffer.from([0xff, 0xd8]), table, sizeSegment(12, 34)]))).toEqual({
      width: 12,
      height: 34,
    });
  });

  it("is null where none is stated", () => {
    expect(jpegSize(Buffer.alloc(0))).toBeNull();
    expect(jpegSize(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).toBeNull();
    expect(jpegSize(Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0xd9]))).toBeNull();
  });
});
