import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspectPart, readFragment } from "../../../server/hls/mp4.js";
import { rebase } from "../../../server/hls/rebase.js";
import { box, fragment, fullBox, u32, type FragmentOptions, type Sample } from "../../support/boxes.js";

const samples = fc.array(
  fc.record({
    duration: fc.integer({ min: 1, max: 9_000 }),
    data: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    sync: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

const sidx = fullBox("sidx", 1, 0, Buffer.alloc(40));
const styp = box("styp", Buffer.from("msdh\0\0\0\0msdhmsix", "latin1"));

const fragments = fc
  .record({
    samples,
    decodeTicks: fc.nat(),
    tfdtVersion: fc.constantFrom<0 | 1>(0, 1),
    durations: fc.constantFrom("trun", "tfhd", "trex"),
    flags: fc.constantFrom("trun", "first"),
    manyRuns: fc.boolean(),
    before: fc.constantFrom([], [styp], [styp, sidx]),
  })
  .map((options): FragmentOptions => {
    const duration = options.samples[0]?.duration ?? 0;
    if (options.durations === "trun") return options;
    return { ...options, samples: options.samples.map((sample) => ({ ...sample, duration })) };
  });

const defaultsOf = ({ samples: [first] }: FragmentOptions) => ({ duration: first?.duration ?? 0, flags: 0x1_0000 });

/** The bytes that the data offsets of its truns point at. */
function mediaOf(part: Buffer, each: readonly Sample[]): Buffer {
  const { moof, truns } = readFragment(part);
  const offsets = truns.map((trun) => moof.start + part.readInt32BE(trun.body + 8));
  const counts = truns.map((trun) => part.readUInt32BE(trun.body + 4));
  let sample = 0;
  const pieces = offsets.map((offset, run) => {
    const length = each.slice(sample, sample + (counts[run] ?? 0)).reduce((sum, { data }) => sum + data.length, 0);
    sample += counts[run] ?? 0;
    return part.subarray(offset, offset + length);
  });
  return Buffer.concat(pieces);
}

describe("parts", () => {
  test("duration, count and independence are read wherever an encoder states them", () => {
    fc.assert(
      fc.property(fragments, (options) => {
        const facts = inspectPart(fragment(options), defaultsOf(options));
        expect(facts).toEqual({
          decodeTicks: options.decodeTicks,
          ticks: options.samples.reduce((sum, sample) => sum + sample.duration, 0),
          samples: options.samples.length,
          independent: options.samples[0]?.sync,
        });
      }),
    );
  });

  test("the default flags of the init segment say whether a first sample is a sync sample", () => {
    const options: FragmentOptions = {
      samples: [{ duration: 3_000, data: Buffer.from("x"), sync: false }],
      decodeTicks: 0,
      tfdtVersion: 1,
      durations: "trex",
      flags: "trex",
    };
    expect(inspectPart(fragment(options), { duration: 7, flags: 0 })).toMatchObject({ independent: true, ticks: 7 });
    expect(inspectPart(fragment(options), { duration: 7, flags: 0x1_0000 })).toMatchObject({ independent: false });
  });

  test("I3: a moved part differs in its time and number alone, and its offsets still meet its samples", () => {
    const place = fc.record({ decodeTicks: fc.nat({ max: Number.MAX_SAFE_INTEGER }), sequence: fc.nat(2 ** 40) });
    fc.assert(
      fc.property(fragments, place, (options, { decodeTicks, sequence }) => {
        const part = fragment(options);
        const moved = rebase(part, { decodeTicks, sequence });
        const before = inspectPart(part, defaultsOf(options));
        expect(inspectPart(moved, defaultsOf(options))).toEqual({ ...before, decodeTicks });
        const { moof, mfhd } = readFragment(moved);
        expect(moof.start).toBe(0);
        expect(moved.readUInt32BE(mfhd.body + 4)).toBe(sequence % 2 ** 32);
        expect(mediaOf(moved, options.samples)).toEqual(Buffer.concat(options.samples.map((sample) => sample.data)));
        expect(rebase(moved, { decodeTicks, sequence })).toEqual(moved);
      }),
    );
  });

  test("the encoder's own bytes are left alone", () => {
    fc.assert(
      fc.property(fragments, (options) => {
        const part = fragment(options);
        const copy = Buffer.from(part);
        rebase(part, { decodeTicks: 2 ** 40, sequence: 9 });
        expect(part).toEqual(copy);
      }),
    );
  });

  test("a part cut off anywhere, or with any byte of its sizes wrong, is refused or still whole, never a crash", () => {
    fc.assert(
      fc.property(fragments, fc.nat(), fc.nat(255), (options, at, value) => {
        const part = fragment(options);
        const cut = part.subarray(0, at % part.length);
        expect(() => rebase(cut, { decodeTicks: 1, sequence: 1 })).toThrow(/./);
        const broken = Buffer.from(part);
        broken.writeUInt8(value, at % part.length);
        try {
          inspectPart(broken, defaultsOf(options));
          rebase(broken, { decodeTicks: 1, sequence: 1 });
        } catch (error) {
          expect(error).toMatchObject({ code: "mediaInvalid" });
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["two fragments", (part: Buffer) => Buffer.concat([part, part])],
    ["no mdat", (part: Buffer) => part.subarray(0, readFragment(part).mdat.start)],
    ["nothing", () => Buffer.alloc(0)],
  ])("%s are refused", (_, change) => {
    const part = fragment({
      samples: [{ duration: 3_000, data: Buffer.from("x"), sync: true }],
      decodeTicks: 0,
      tfdtVersion: 1,
      durations: "trun",
      flags: "trun",
    });
    expect(() => inspectPart(change(part), { duration: 0, flags: 0 })).toThrow(
      expect.objectContaining({ code: "mediaInvalid" }) as Error,
    );
  });

  test("offsets that count from the start of the file are refused", () => {
    const tfhd = fullBox("tfhd", 0, 0x1, u32(1), Buffer.alloc(8));
    const traf = box("traf", tfhd, fullBox("tfdt", 0, 0, u32(0)), fullBox("trun", 0, 0, u32(1)));
    const part = Buffer.concat([box("moof", fullBox("mfhd", 0, 0, u32(1)), traf), box("mdat", Buffer.from("x"))]);
    expect(() => rebase(part, { decodeTicks: 0, sequence: 0 })).toThrow("offsets");
  });
});
