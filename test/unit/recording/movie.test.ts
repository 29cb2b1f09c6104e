import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readMovie, type Sample } from "../../../server/recording/playback/movie.js";
import { box, fullBox, u32, u64 } from "../../support/boxes.js";

interface Layout {
  readonly samples: readonly Omit<Sample, "offset">[];
  /** How many samples stand together in the file; the last number goes on for the rest. */
  readonly chunks: readonly number[];
  /** Bytes before each chunk. */
  readonly space: number;
  /** Offsets of 64 bits. */
  readonly isWide: boolean;
}

/** The samples as they lie in the file, chunk by chunk. */
function placed({ samples, chunks, space, isWide }: Layout): { chunks: Sample[][]; samples: Sample[] } {
  const made: Sample[][] = [];
  let offset = isWide ? 2 ** 33 : 100;
  for (let at = 0, chunk = 0; at < samples.length; chunk++) {
    const count = chunks[Math.min(chunk, chunks.length - 1)] ?? 1;
    offset += space;
    const inChunk = samples.slice(at, at + count).map((sample) => {
      const sampleOffset = offset;
      offset += sample.size;
      return { ...sample, offset: sampleOffset };
    });
    made.push(inChunk);
    at += count;
  }
  return { chunks: made, samples: made.flat() };
}

/** Neighbours with the same duration as one entry, as muxers write it. */
function stts(samples: readonly Omit<Sample, "offset">[]): Buffer {
  const runs: { count: number; ticks: number }[] = [];
  for (const { ticks } of samples) {
    const last = runs.at(-1);
    if (last?.ticks === ticks) last.count++;
    else runs.push({ count: 1, ticks });
  }
  return fullBox("stts", 0, 0, u32(runs.length), ...runs.flatMap(({ count, ticks }) => [u32(count), u32(ticks)]));
}

/** An entry where the number of samples changes. */
function stsc(chunks: readonly (readonly Sample[])[]): Buffer {
  const rows = chunks.flatMap((chunk, index) =>
    chunk.length === chunks[index - 1]?.length ? [] : [[index + 1, chunk.length, 1]],
  );
  return fullBox("stsc", 0, 0, u32(rows.length), ...rows.flat().map(u32));
}

function stsz(samples: readonly Sample[]): Buffer {
  const [first] = samples;
  const isSame = first !== undefined && samples.every(({ size }) => size === first.size);
  if (isSame) return fullBox("stsz", 0, 0, u32(first.size), u32(samples.length));
  return fullBox("stsz", 0, 0, u32(0), u32(samples.length), ...samples.map(({ size }) => u32(size)));
}

function stss(samples: readonly Sample[]): Buffer[] {
  if (samples.every(({ sync }) => sync)) return [];
  const numbers = samples.flatMap(({ sync }, index) => (sync ? [u32(index + 1)] : []));
  return [fullBox("stss", 0, 0, u32(numbers.length), ...numbers)];
}

function moovOf(tables: readonly Buffer[]): Buffer {
  const minf = box("minf", box("vmhd"), box("dinf"), box("stbl", box("stsd"), ...tables));
  const mdhd = fullBox("mdhd", 0, 0, u32(0), u32(0), u32(90_000), u32(0), u32(0));
  return box("moov", box("mvhd"), box("trak", box("tkhd"), box("mdia", mdhd, box("hdlr"), minf)));
}

function tablesOf(layout: Layout): Buffer[] {
  const { chunks, samples } = placed(layout);
  const offsets = chunks.map(([first]) => first?.offset ?? 0);
  const places = layout.isWide
    ? fullBox("co64", 0, 0, u32(offsets.length), ...offsets.map(u64))
    : fullBox("stco", 0, 0, u32(offsets.length), ...offsets.map(u32));
  return [stts(samples), stsc(chunks), stsz(samples), places, ...stss(samples)];
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  samples: fc.array(
    fc.record({ size: fc.integer({ min: 1, max: 5 }), ticks: fc.constantFrom(2999, 3000, 3001), sync: fc.boolean() }),
    { minLength: 1, maxLength: 40 },
  ),
  chunks: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
  space: fc.integer({ min: 0, max: 20 }),
  isWide: fc.boolean(),
});

describe("the sample table of a recording (F4)", () => {
  it("tells each sample's place, size, time and whether decoding can start there, however it is packed", () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { timescale, samples } = readMovie(moovOf(tablesOf(layout)));
        expect(timescale).toBe(90_000);
        expect(samples).toEqual(placed(layout).samples);
      }),
    );
  });

  it("is an error that names the box, never nonsense, wherever it is cut off", () => {
    const layout = { samples: [{ size: 3, ticks: 3000, sync: true }], chunks: [1], space: 0, isWide: false };
    const moov = moovOf(tablesOf(layout));
    for (let end = 0; end < moov.length; end++) {
      expect(() => readMovie(moov.subarray(0, end)), `cut at ${end}`).toThrow(
        expect.objectContaining({ code: "mediaInvalid" }),
      );
    }
  });

  const sample = { size: 3, ticks: 3000, sync: true };
  const sound = { samples: [sample, { ...sample, size: 4 }], chunks: [2], space: 0, isWide: false };

  it.each([
    ["frames that are shown in another order", [...tablesOf(sound), fullBox("ctts", 0, 0, u32(0))], /order/],
    ["fewer times than samples", [stts([sample]), ...tablesOf(sound).slice(1)], /do not fit/],
    ["no place for a chunk", [...tablesOf(sound).slice(0, 3), fullBox("stco", 0, 0, u32(0))], /do not fit/],
    ["no sizes", [...tablesOf(sound).slice(0, 2), fullBox("stsz", 0, 0)], /stsz/],
    ["more samples than any recording has", [fullBox("stsz", 0, 0, u32(1), u32(2 ** 31))], /samples/],
    [
      "a table without a number of entries",
      [fullBox("stts", 0, 0), ...tablesOf(sound).slice(1)],
      /stts is too short\./,
    ],
    ["more entries than bytes", [fullBox("stts", 0, 0, u32(9)), ...tablesOf(sound).slice(1)], /stts/],
  ])("refuses %s", (_what, tables, message) => {
    expect(() => readMovie(moovOf(tables))).toThrow(message);
  });
});
