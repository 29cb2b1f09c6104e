import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartReader, type StreamPart } from "../../../../web/src/instant/part-reader.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const joined = (...pieces: readonly Uint8Array[]) => new Uint8Array(pieces.flatMap((piece) => [...piece]));

/** A part as the service sends it. */
const sent = ({ camera, number, capturedAtMs, jpeg }: StreamPart) =>
  joined(
    bytesOf(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\nX-Camera: ${camera}\r\n`),
    bytesOf(`X-Frame-Number: ${number}\r\nX-Captured-At: ${capturedAtMs}\r\n\r\n`),
    jpeg,
    bytesOf("\r\n"),
  );

/** Pictures may hold anything, a boundary too: only their length counts. */
const jpeg = fc
  .oneof(fc.uint8Array({ maxLength: 400 }), fc.constant(bytesOf("\r\n--frame\r\nContent-Length: 3\r\n\r\n")))
  .map((bytes) => joined(new Uint8Array([0xff, 0xd8]), bytes));
const part: fc.Arbitrary<StreamPart> = fc.record({
  camera: fc.nat(7),
  number: fc.nat(),
  capturedAtMs: fc.nat(1_800_000_000).map((ms) => ms + 0.25),
  jpeg,
});

/** What no boundary and no head can be read out of. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).filter((bytes) => !bytes.includes(45)),
  fc.constantFrom("--frame", "--frame\r", "--frame\r\n\r\n", "--frame\r\nContent-Length: x\r\n\r\n").map(bytesOf),
  fc.constantFrom("--frame\r\nContent-Length: 0\r\n\r\n", "--frame\r\nContent-Length: 999999999\r\n\r\n").map(bytesOf),
  fc.nat(6000).map((length) => joined(bytesOf("--frame\r\n"), new Uint8Array(5000 + length).fill(65))),
);

/** Reads a stream that comes in pieces of these sizes, again and again. */
function read(stream: Uint8Array, sizes: readonly number[]): StreamPart[] {
  const reader = new PartReader();
  const parts: StreamPart[] = [];
  let at = 0;
  for (let turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(...reader.push(stream.subarray(at, at + size)));
    at += size;
  }
  return parts;
}

const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });

describe("stream of parts (C2)", () => {
  it("gives the same pictures whatever way the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), sizes, (parts, cut) => {
        expect(read(joined(...parts.map(sent)), cut)).toEqual(parts);
      }),
      { numRuns: 300 },
    );
  });

  it("is not killed by garbage: every picture after it is read", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, part), { maxLength: 6 }), sizes, (pairs, cut) => {
        const stream = joined(...pairs.flatMap(([rubbish, one]) => [rubbish, bytesOf("\r\n"), sent(one)]));
        expect(read(stream, cut)).toEqual(pairs.map(([, one]) => one));
      }),
      { numRuns: 300 },
    );
  });

  it("loses no more than the pictures that a wrong length swallows", () => {
    const good = { camera: 0, number: 1, capturedAtMs: 5, jpeg: joined(new Uint8Array([0xff, 0xd8]), bytesOf("abc")) };
    const lie = bytesOf("--frame\r\nContent-Length: 150\r\n\r\n\u00ff");
    const read3 = read(joined(lie, ...Array.from({ length: 5 }, () => sent(good))), [64]);
    expect(read3.length).toBeGreaterThanOrEqual(3);
    expect(read3.at(-1)).toEqual(good);
  });

  it("knows what a head does not say, and takes nothing for a picture that is none", () => {
    const bare = joined(bytesOf("--frame\r\ncontent-length: 3\r\n\r\n"), new Uint8Array([0xff, 0xd8, 1]));
    expect(read(bare, [7])).toEqual([
      { camera: null, number: null, capturedAtMs: null, jpeg: new Uint8Array([0xff, 0xd8, 1]) },
    ]);
    expect(read(bytesOf("--frame\r\nContent-Length: 4\r\n\r\ntext\r\n"), [5])).toEqual([]);
  });

  it("reads any boundary", () => {
    const stream = joined(bytesOf("--other\r\nContent-Length: 2\r\n\r\n"), new Uint8Array([0xff, 0xd8]));
    expect(new PartReader("other").push(stream)).toHaveLength(1);
  });
});
