import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JpegSplitter } from "../../../server/camera/jpeg-splitter.js";
import { anyJpeg, chunksOf, leastJpeg, plainJpeg } from "./jpegs.js";

const cuts = fc.array(fc.nat(), { maxLength: 30 });
const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
const withoutStart = fc.uint8Array({ maxLength: 60 }).filter((bytes) => !Buffer.from(bytes).includes(startOfImage));

function split(chunks: readonly Buffer[], maxBytes?: number): { jpegs: Buffer[]; splitter: JpegSplitter } {
  const splitter = new JpegSplitter(maxBytes);
  return { jpegs: chunks.flatMap((chunk) => splitter.push(chunk)), splitter };
}

/** Whatever a camera program might write: JPEGs whole and cut, and everything that looks like a part of one. */
const soup = fc
  .array(
    fc.oneof(
      anyJpeg.map(({ bytes }) => bytes),
      fc.tuple(anyJpeg, fc.nat()).map(([{ bytes }, cut]) => bytes.subarray(0, cut % bytes.length)),
      fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          [0xff],
          [0xff, 0xd8],
          [0xff, 0xd8, 0xff],
          [0xff, 0xd8, 0xff, 0xe0, 0, 200],
          [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
          [0xff, 0xd9],
          [0xff, 0xff],
        )
        .map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces));

describe("JpegSplitter", { timeout: 30_000 }, () => {
  it("gives the same JPEGs for any chunking", () => {
    fc.assert(
      fc.property(fc.array(anyJpeg, { maxLength: 5 }), cuts, (jpegs, places) => {
        const whole = jpegs.map(({ bytes }) => bytes);
        const { jpegs: found, splitter } = split(chunksOf(Buffer.concat(whole), places));
        expect(found).toEqual(whole);
        expect(splitter.counts).toEqual({ jpegs: whole.length, torn: 0, discardedBytes: 0 });
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same for any chunking of whatever comes, and loses count of no byte", () => {
    fc.assert(
      fc.property(soup, cuts, fc.constantFrom(250, undefined), (bytes, places, maxBytes) => {
        const end = Buffer.alloc(200); // Ends every segment that swallows what follows it.
        const once = split([Buffer.from(Buffer.concat([bytes, end]))], maxBytes);
        const pieces = split(chunksOf(Buffer.concat([bytes, end]), places), maxBytes);
        expect(pieces.jpegs).toEqual(once.jpegs);
        expect(pieces.splitter.counts).toEqual(once.splitter.counts);
        const given = once.jpegs.reduce((sum, jpeg) => sum + jpeg.length, 0);
        expect(given + once.splitter.counts.discardedBytes).toBeLessThanOrEqual(bytes.length + end.length);
      }),
      { numRuns: 150 },
    );
  });

  it("loses no JPEG to garbage between them", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(withoutStart, anyJpeg), { maxLength: 5 }), cuts, (pairs, places) => {
        const stream = Buffer.concat(pairs.flatMap(([garbage, { bytes }]) => [garbage, bytes]));
        const { jpegs, splitter } = split(chunksOf(stream, places));
        expect(jpegs).toEqual(pairs.map(([, { bytes }]) => bytes));
        const garbageBytes = pairs.reduce((sum, [garbage]) => sum + garbage.length, 0);
        expect(splitter.counts.discardedBytes).toBe(garbageBytes);
      }),
      { numRuns: 150 },
    );
  });

  it("loses only the torn JPEG where it was cut in its picture data", () => {
    fc.assert(
      fc.property(
        anyJpeg,
        fc.nat(),
        fc.array(anyJpeg, { minLength: 1, maxLength: 3 }),
        cuts,
        (torn, cut, rest, places) => {
          const length = torn.scanOffset + (cut % (torn.bytes.length - torn.scanOffset - 1));
          const whole = rest.map(({ bytes }) => bytes);
          // A cut between two scans may make a header swallow the length that follows: its end must come before it proves false.
          const stream = Buffer.concat([torn.bytes.subarray(0, length), ...whole, Buffer.alloc(70_000)]);
          const { jpegs, splitter } = split(chunksOf(stream, places));
          expect(jpegs.slice(-whole.length)).toEqual(whole); // Before them stands the torn one's thumbnail, if it has one.
          expect(splitter.counts.torn).toBe(1);
        },
      ),
    );
  });

  it("keeps the picture data of what follows a JPEG cut anywhere", () => {
    fc.assert(
      fc.property(anyJpeg, fc.nat(), fc.array(plainJpeg, { minLength: 1, maxLength: 3 }), (torn, cut, rest) => {
        const whole = rest.map(({ bytes }) => bytes);
        // A cut inside a length makes the longest segment of all: its end must come before it proves false.
        const stream = Buffer.concat([torn.bytes.subarray(0, cut % torn.bytes.length), ...whole, Buffer.alloc(70_000)]);
        const { jpegs } = split([stream]);
        for (const { bytes, scanOffset } of rest) {
          const data = bytes.subarray(scanOffset);
          expect(jpegs.some((jpeg) => jpeg.subarray(-data.length).equals(data))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("finds the JPEGs that a false header of the greatest length swallowed", () => {
    const [jpeg] = fc.sample(anyJpeg, { numRuns: 1, seed: 1 });
    const bytes = jpeg?.bytes ?? Buffer.alloc(0);
    const falseHeader = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]);
    const { jpegs } = split([falseHeader, bytes, bytes, bytes, Buffer.alloc(70_000)]);
    expect(jpegs).toEqual([bytes, bytes, bytes]);
  });

  it("drops a JPEG larger than its bound and goes on with the next", () => {
    const [jpeg] = fc.sample(anyJpeg, { numRuns: 1, seed: 2 });
    const bytes = jpeg?.bytes ?? Buffer.alloc(0);
    const huge = leastJpeg(Buffer.alloc(5000, 7));
    const { jpegs, splitter } = split(chunksOf(Buffer.concat([huge, bytes]), [100, 2000, 4000]), 4096);
    expect(jpegs).toEqual([bytes]);
    expect(splitter.counts.discardedBytes).toBe(huge.length);
  });

  it("does not copy a JPEG that lies in one chunk", () => {
    const [jpeg] = fc.sample(anyJpeg, { numRuns: 1, seed: 3 });
    const chunk = Buffer.from(jpeg?.bytes ?? []);
    expect(split([chunk]).jpegs[0]?.buffer).toBe(chunk.buffer);
  });
});
