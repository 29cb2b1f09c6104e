/** Writes ISO base media boxes for tests: fragments that ffmpeg would not make, and broken ones. */

export const u32 = (value: number): Buffer => {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value >>> 0);
  return data;
};

export const u64 = (value: number): Buffer => {
  const data = Buffer.alloc(8);
  data.writeBigUInt64BE(BigInt(value));
  return data;
};

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, "latin1"), body]);
}

export const fullBox = (type: string, version: number, flags: number, ...content: readonly Buffer[]): Buffer =>
  box(type, u32(version * 2 ** 24 + flags), ...content);

export interface Sample {
  readonly duration: number;
  readonly data: Buffer;
  readonly sync: boolean;
}

export interface FragmentOptions {
  readonly samples: readonly Sample[];
  readonly decodeTicks: number;
  readonly tfdtVersion: 0 | 1;
  /** Where the durations stand: in each sample, or once in the tfhd or trex, if all are the same. */
  readonly durations: "trun" | "tfhd" | "trex";
  /** Where it is said which samples are sync samples. */
  readonly flags: "trun" | "first" | "trex";
  /** Each sample in a trun of its own. */
  readonly manyRuns?: boolean;
  readonly before?: readonly Buffer[];
}

const nonSync = 0x1_0000;
const syncFlags = (sample: Sample | undefined) => u32(sample?.sync === true ? 0x200_0000 : nonSync);

function trun(samples: readonly Sample[], dataOffset: number, { durations, flags }: FragmentOptions): Buffer {
  const perSample = (durations === "trun" ? 0x100 : 0) | 0x200 | (flags === "trun" ? 0x400 : 0);
  const rows = samples.map((sample) =>
    Buffer.concat([
      ...(durations === "trun" ? [u32(sample.duration)] : []),
      u32(sample.data.length),
      ...(flags === "trun" ? [syncFlags(sample)] : []),
    ]),
  );
  const first = flags === "first" ? [syncFlags(samples[0])] : [];
  const present = 0x1 | (flags === "first" ? 0x4 : 0) | perSample;
  return fullBox("trun", 0, present, u32(samples.length), u32(dataOffset), ...first, ...rows);
}

function moof(options: FragmentOptions, moofSize: number): Buffer {
  const { samples, decodeTicks, tfdtVersion, durations } = options;
  const duration = durations === "tfhd" ? [u32(samples[0]?.duration ?? 0)] : [];
  const tfhd = fullBox("tfhd", 0, 0x2_0000 | (durations === "tfhd" ? 0x8 : 0), u32(1), ...duration);
  const tfdt = fullBox("tfdt", tfdtVersion, 0, tfdtVersion === 1 ? u64(decodeTicks) : u32(decodeTicks));
  const runs = options.manyRuns ? samples.map((sample) => [sample]) : [samples];
  let offset = moofSize + 8;
  const truns = runs.map((run) => {
    const made = trun(run, offset, options);
    offset += run.reduce((sum, sample) => sum + sample.data.length, 0);
    return made;
  });
  return box("moof", fullBox("mfhd", 0, 0, u32(1)), box("traf", tfhd, tfdt, ...truns));
}

/** A part as an encoder would write it. */
export function fragment(options: FragmentOptions): Buffer {
  const size = moof(options, 0).length;
  const media = options.samples.map((sample) => sample.data);
  return Buffer.concat([...(options.before ?? []), moof(options, size), box("mdat", ...media)]);
}
