import fc from "fast-check";

/** A made-up JPEG in its parts, so that tests can cut it where they like. */
export interface MadeJpeg {
  readonly bytes: Buffer;
  /** Where the entropy-coded data start. */
  readonly scanOffset: number;
}

function segment(code: number, payload: Uint8Array): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** Entropy-coded data: every 0xff is stuffed, and restart markers stand in between. */
function entropy(bytes: Uint8Array): Buffer {
  const coded = [...bytes].flatMap((byte, place) => {
    if (byte === 0xff) return [0xff, 0x00];
    return place % 17 === 16 ? [byte, 0xff, 0xd0 + (place % 8)] : [byte];
  });
  return Buffer.from(coded);
}

export function sizeSegment(width: number, height: number): Buffer {
  const payload = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x22, 0]);
  payload.writeUInt16BE(height, 1);
  payload.writeUInt16BE(width, 3);
  return segment(0xc0, payload);
}

const scanHeader = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, 0xd9]);

/** The least that passes for a JPEG, with these bytes as its picture. */
export function leastJpeg(data: Uint8Array): Buffer {
  return Buffer.concat([startOfImage, sizeSegment(640, 480), scanHeader, entropy(data), endOfImage]);
}

const thumbnail = leastJpeg(Buffer.from([1, 2, 3]));

function jpegs(hasThumbnail: fc.Arbitrary<boolean>, scanBytes: number): fc.Arbitrary<MadeJpeg> {
  const parts = fc.record({
    application: fc.uint8Array({ maxLength: 40 }),
    hasThumbnail,
    table: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    scans: fc.array(fc.uint8Array({ minLength: scanBytes, maxLength: scanBytes + 100 }), {
      minLength: 1,
      maxLength: 2,
    }),
  });
  return parts.map(({ application, hasThumbnail, table, scans }) => {
    const payload = hasThumbnail ? Buffer.concat([application, thumbnail]) : application;
    const tables = Buffer.concat([segment(0xe1, payload), segment(0xdb, table)]);
    const head = Buffer.concat([startOfImage, tables, sizeSegment(640, 480)]);
    const body = scans.flatMap((scan) => [scanHeader, entropy(scan)]);
    return { bytes: Buffer.concat([head, ...body, endOfImage]), scanOffset: head.length + scanHeader.length };
  });
}

/** Any JPEG of a hundred bytes or more, with one scan or two; some have a whole thumbnail in a segment. */
export const anyJpeg = jpegs(fc.boolean(), 60);

/** Longer than a segment whose length was cut after its first byte, and without a thumbnail, like a camera's. */
export const plainJpeg = jpegs(fc.constant(false), 300);

/** Bytes cut at any places, each piece with memory of its own. */
export function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...places].map((from, index) => Buffer.from(bytes.subarray(from, places[index] ?? bytes.length)));
}
