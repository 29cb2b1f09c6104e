/** A10 I8 no frame is lost over changes of mode and switches in dual mode: on decoded pictures, each once and in order. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Channel } from "../../../server/stream/channel.js";
import type { FramePump } from "../../../server/stream/frame-pump.js";
import { cadenceFaults, type Arrival } from "../../support/cadence.js";
import { decodeChannel } from "../../support/decode-channel.js";
import { SwitchRig } from "../../support/switch-rig.js";
import { until } from "../../support/until.js";

/** A tenth of a second: a busy machine that is late by less than one and a half repeats nothing and drops nothing. */
const fps = 10;
let rig: SwitchRig;

beforeEach(async () => {
  const times = { firstFrameMs: 8000, deadlineMs: 20_000, verifyMs: 8000 };
  rig = await SwitchRig.open({ fps, keepSeconds: 120, times });
  await rig.switchTo(0);
  await rig.picture(0);
});
afterEach(() => rig.close());

/** What the frame clocks of some channels dropped and repeated, from here on. */
class Counts {
  readonly #pumps = new Set<FramePump>();
  readonly #before: readonly [dropped: number, repeated: number];

  constructor(channels: readonly Channel[]) {
    for (const channel of channels) {
      this.#note(channel);
      channel.on("frame", () => {
        this.#note(channel);
      });
    }
    this.#before = [this.#sum(({ dropped }) => dropped), this.#sum(({ repeated }) => repeated)];
  }

  /** Expects that no more frames are missing, or shown again, than were counted. */
  expectNoMore(shown: readonly number[]): void {
    const kinds = new Set(shown).size;
    const all = (shown.at(-1) ?? 0) - (shown[0] ?? 0) + 1;
    const [dropped, repeated] = this.#before;
    expect(all - kinds, "frames lost").toBeLessThanOrEqual(this.#sum((pump) => pump.dropped) - dropped);
    expect(shown.length - kinds, "repeats").toBeLessThanOrEqual(this.#sum((pump) => pump.repeated) - repeated);
  }

  #note({ generation }: Channel): void {
    if (generation?.pump) this.#pumps.add(generation.pump);
  }

  #sum(of: (pump: FramePump) => number): number {
    return [...this.#pumps].reduce((all, pump) => all + of(pump), 0);
  }
}

/** The frames that a channel passes on from here, by camera. */
function arrivalsOf(channel: Channel): Arrival[][] {
  const arrivals: Arrival[][] = [[], []];
  channel.on("frame", ({ camera, number, arrivedMs }) => arrivals[camera]?.push({ number, atMs: arrivedMs }));
  return arrivals;
}

/** Resolves when so many more have come. */
async function more(arrivals: Arrival[] | undefined, count: number): Promise<void> {
  const wanted = (arrivals?.length ?? 0) + count;
  await until(`${count} frames`, 30_000, () => (arrivals?.length ?? 0) >= wanted);
}

/** Frame numbers that a channel shows, by camera, from the first known arrival on. Each frame must be readable. */
async function shownIn(directory: string, arrivals: readonly (readonly Arrival[])[]): Promise<number[][]> {
  const shown: number[][] = [[], []];
  const strips = await decodeChannel(directory);
  expect(strips.filter(({ valid }) => !valid)).toEqual([]);
  for (const strip of strips) {
    const from = strip.valid ? arrivals[strip.camera]?.[0]?.number : undefined;
    if (strip.valid && from !== undefined && strip.frame >= from) shown[strip.camera]?.push(strip.frame);
  }
  return shown;
}

describe("dual mode, frame by frame (A10)", () => {
  it("loses no frame of the live camera from one mode to the other and back", async () => {
    // What a start brings in a rush is not what is looked at.
    await more(arrivalsOf(rig.channel)[0], 10);
    const counts = new Counts([rig.channel, rig.dualCamera(0).channel]);
    const arrivals = arrivalsOf(rig.channel);
    await more(arrivals[0], 5);
    expect(await rig.changeMode("dual")).toMatchObject({ outcome: "committed", live: 0 });
    await more(arrivals[0], 15);
    expect(await rig.changeMode("toggle")).toMatchObject({ outcome: "committed", live: 0 });
    await more(arrivals[0], 10);
    const newest = arrivals[0]?.at(-1)?.number ?? 0;
    await more(arrivals[0], 10);
    const [shown = [], other] = await shownIn(rig.directory, arrivals);
    expect(other).toEqual([]);
    expect(shown[0]).toBeLessThan((arrivals[0]?.[0]?.number ?? 0) + 5);
    expect(shown.at(-1)).toBeGreaterThanOrEqual(newest);
    expect(cadenceFaults(shown, arrivals[0] ?? [], fps)).toEqual([]);
    counts.expectNoMore(shown);
  });

  it("loses nothing of either camera's own channel when the active one changes, and nothing of each in main", async () => {
    await rig.changeMode("dual");
    await until("both cameras", 20_000, () => rig.dualCamera(0).isLive && rig.dualCamera(1).isLive);
    const main = arrivalsOf(rig.channel);
    const channels = [0, 1].map((camera) => rig.dualCamera(camera).channel);
    const counts = channels.map((channel) => new Counts([channel]));
    const own = channels.map(arrivalsOf);
    await Promise.all([0, 1].map((camera) => more(own[camera]?.[camera], 10)));
    for (const camera of [1, 0]) {
      expect(await rig.switchTo(camera)).toMatchObject({ outcome: "committed", live: camera });
      await more(main[camera], 10);
    }
    await Promise.all([0, 1].map((camera) => more(own[camera]?.[camera], 10)));
    for (const camera of [0, 1]) {
      const arrivals = own[camera] ?? [];
      const shown = await shownIn(rig.directoryOf(camera), arrivals);
      expect(shown[1 - camera]).toEqual([]);
      expect(shown[camera]?.length).toBeGreaterThan(30);
      expect(cadenceFaults(shown[camera] ?? [], arrivals[camera] ?? [], fps), `cam${camera}`).toEqual([]);
      counts[camera]?.expectNoMore(shown[camera] ?? []);
    }
    expect(await mainFaults(own)).toEqual([]);
  });

  /** Within each stretch of `main` that one camera has. */
  async function mainFaults(own: readonly (readonly Arrival[][])[]): Promise<string[]> {
    const all = await decodeChannel(rig.directory);
    const strips = all.filter((strip) => strip.valid);
    expect(strips).toHaveLength(all.length);
    const begins = strips.flatMap(({ camera }, at) => (at > 0 && camera !== strips[at - 1]?.camera ? [at] : []));
    expect(begins).toHaveLength(2);
    return [0, ...begins].flatMap((begin, index) => {
      const stretch = strips.slice(begin, begins[index]);
      const { camera = 0 } = stretch[0] ?? {};
      const arrivals = own[camera]?.[camera] ?? [];
      const known = stretch.filter(({ frame }) => frame >= (arrivals[0]?.number ?? 0));
      return cadenceFaults(
        known.map(({ frame }) => frame),
        arrivals,
        fps,
      );
    });
  }
});
