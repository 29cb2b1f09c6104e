/**
 * I8 in dual mode, on pixels: whatever one camera does, or is told to do, the other one's pictures come one after the
 * other, each once, in its own channel, in `main` and as MJPEG. All faults take six minutes: with WHOLE=1; without it two
 * of them, and the change of size.
 */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { faultSchema, type FaultInput } from "../../../server/camera/simulated/faults.js";
import { readChannel } from "../../../server/hls/read-channel.js";
import type { ChannelView, ModeView, ProfileChange } from "../../../server/http/wire.js";
import { cadenceFaults, type Arrival } from "../../support/cadence.js";
import { decodeChannel } from "../../support/decode-channel.js";
import { MjpegViewer } from "../../support/mjpeg-viewer.js";
import { Product } from "../../support/product.js";
import { patientProduct, quickCameras } from "../../support/quick-cameras.js";
import type { ReadStrip } from "../../support/recordings.js";
import { request } from "../../support/request.js";
import type { SourceWatch } from "../../support/source-watch.js";
import { until } from "../../support/until.js";
import { isWhole } from "../../support/whole.js";

const fps = 10;
/** A frame that is late is excused, so nothing may make it late: it is taken in at once but for what else the machine does. */
const longestWaitMs = 1200;

interface OtherFault {
  readonly fault: FaultInput;
  /** It counts at the start of the camera's program, so that one is killed. */
  readonly atStart?: true;
  /** The camera gives no picture, and everybody is told so. */
  readonly isLost: boolean;
}

const faults: readonly OtherFault[] = [
  { fault: { kind: "slowStart", ms: 4500 }, atStart: true, isLost: true },
  { fault: { kind: "neverStarts" }, atStart: true, isLost: true },
  { fault: { kind: "busy" }, atStart: true, isLost: true },
  { fault: { kind: "gone" }, isLost: true },
  { fault: { kind: "gone" }, atStart: true, isLost: true },
  { fault: { kind: "hang" }, isLost: true },
  { fault: { kind: "restartLoop" }, isLost: true },
  { fault: { kind: "wrongSize", width: 640, height: 480 }, isLost: true },
  { fault: { kind: "die" }, isLost: true },
  { fault: { kind: "die", signal: "SIGKILL" }, isLost: true },
  { fault: { kind: "freeze" }, isLost: false },
  { fault: { kind: "garbage", bytes: 200_000, everyFrames: 1 }, isLost: false },
  { fault: { kind: "torn", everyFrames: 2 }, isLost: false },
  { fault: { kind: "unevenRate", jitterMs: 300 }, isLost: false },
  { fault: { kind: "ignoreSigint" }, isLost: false },
  { fault: { kind: "ignoreSigint", sigterm: true }, atStart: true, isLost: false },
];
const inShort = (one: OtherFault): boolean => ["hang", "garbage"].includes(one.fault.kind);

const nameOf = ({ fault, atStart }: OtherFault): string => {
  const text = JSON.stringify(fault).replaceAll(/[{}"]/g, "").replace("kind:", "").replaceAll(",", " ");
  return atStart === true ? `${text}, and its program is killed` : text;
};

let product: Product;
let port: number;
let watch: SourceWatch;

beforeAll(async () => {
  product = await Product.start({
    ...patientProduct,
    settings: {
      ...patientProduct.settings,
      cameras: { ...quickCameras, profiles: { 0: { fps }, 1: { fps } } },
      hls: { keepSeconds: 600 },
    },
  });
  port = Number(new URL(product.url).port);
  watch = product.watchSources();
});

afterAll(() => product.close());

const changeMode = (mode: string) => product.api<ModeView>("/api/mode", { mode }, "PUT");
const channel = async (name: string): Promise<ChannelView | undefined> =>
  (await product.status()).channels.find((one) => one.name === name);

const live = (name: string): Promise<unknown> =>
  until(`${name} is live`, 60_000, async () => {
    const { frameAgeMs = null, unavailable, standIn, frozen, recovering } = (await channel(name)) ?? {};
    return unavailable === null && standIn === "none" && !frozen && recovering === null && (frameAgeMs ?? 9999) < 1000;
  });

/** The pictures of camera 0 from its making to `faultsOf`, as they reached the service and as they were shown. */
class Calm {
  readonly viewer: MjpegViewer;
  readonly #from: Record<string, number>;
  readonly #generations: string;

  private constructor(viewer: MjpegViewer, from: Record<string, number>, generations: string) {
    this.viewer = viewer;
    this.#from = from;
    this.#generations = generations;
  }

  static async begin(): Promise<Calm> {
    const viewer = await MjpegViewer.open({ port, camera: 0 });
    await until("a second of camera 0", 20_000, () => viewer.frames.length > fps);
    const edgeOf = (name: string) => readChannel(directoryOf(name)).state.segments.at(-1)?.startTicks ?? 0;
    return new Calm(viewer, { main: edgeOf("main"), cam0: edgeOf("cam0") }, await generations());
  }

  /** Resolves when so many more frames have come. */
  async frames(count: number): Promise<void> {
    const wanted = this.viewer.frames.length + count;
    await until(`${count} frames of camera 0`, 60_000, () => this.viewer.frames.length >= wanted);
  }

  async expectUnmoved(): Promise<void> {
    await this.frames(fps);
    expect(await generations()).toBe(this.#generations);
    expect(this.viewer.end).toBeNull();
    expect(this.viewer.missing).toBe(0);
    const arrivals = this.viewer.frames.map(({ number, capturedAt }): Arrival => ({ number, atMs: capturedAt }));
    for (const [name, from] of Object.entries(this.#from)) {
      const shown = await shownIn(name, from, arrivals);
      expect(shown.length, name).toBeGreaterThan(2 * fps);
      const numbers = shown.map(({ frame }) => frame);
      expect(cadenceFaults(numbers, arrivals, fps), name).toEqual([]);
      const waits = waitsMs(shown, arrivals);
      console.log(
        `${name}: ${shown.length} frames, taken in ${Math.max(...waits).toFixed(0)} ms after drawing at most`,
      );
      expect(Math.max(...waits), name).toBeLessThan(longestWaitMs);
    }
  }
}

const directoryOf = (name: string): string => join(product.live, "hls", name);
const generations = async (): Promise<string> =>
  (await product.status()).channels
    .filter(({ camera }) => camera === 0)
    .map(({ name, generation }) => `${name}: ${generation ?? ""}`)
    .join();

/** From the drawing of each frame until the service had it. */
function waitsMs(shown: readonly ReadStrip[], arrivals: readonly Arrival[]): number[] {
  const arrivedMs = new Map(arrivals.map(({ number, atMs }) => [number, atMs]));
  return shown.flatMap(({ frame, drawnMs }) => (arrivedMs.get(frame) ?? drawnMs) - drawnMs);
}

/** The frames shown since then whose arrival is known. Each must be readable, and camera 0's. */
async function shownIn(name: string, from: number, arrivals: readonly Arrival[]): Promise<ReadStrip[]> {
  const strips = await decodeChannel(directoryOf(name), from);
  expect(
    strips.filter((strip) => !strip.valid || strip.camera !== 0),
    name,
  ).toEqual([]);
  const first = arrivals[0]?.number ?? 0;
  return strips.flatMap((strip) => (strip.valid && strip.frame >= first ? [strip] : []));
}

function killCamera(camera: number): void {
  const source = watch.sample().find(({ commandLine }) => commandLine.includes(`--camera ${camera} `));
  if (source === undefined) throw new Error(`No program has camera ${camera}.`);
  process.kill(source.pid, "SIGKILL");
}

const heartbeat = async (camera: number): Promise<number> =>
  (await request(port, `/stream?camera=${camera}`, { method: "HEAD" })).status;

it("knows every fault that there is", () => {
  const known = new Set(faults.map(({ fault }) => fault.kind));
  expect([...known].sort()).toEqual(faultSchema.options.map(({ shape }) => shape.kind.value).sort());
});

describe("I8 in dual mode: camera 0 is unmoved", () => {
  let calm: Calm;

  beforeEach(async ({ onTestFailed }) => {
    onTestFailed(() => {
      console.log(product.logTail(60));
    });
    await changeMode("dual");
    for (const name of ["main", "cam0", "cam1"]) await live(name);
    calm = await Calm.begin();
  });

  afterEach(async () => {
    calm.viewer.close();
    await product.setFault(1, null);
    // A start by hand forgets how often recovery has tried.
    await changeMode("toggle");
  });

  it.each(faults.filter((one) => isWhole || inShort(one)).map((one) => [nameOf(one), one] as const))(
    "camera 1: %s",
    async (_name, { fault, atStart, isLost }) => {
      await product.setFault(1, fault);
      if (atStart === true) killCamera(1);
      if (isLost) {
        await until("camera 1 is missed", 20_000, async () => (await heartbeat(1)) === 503);
        expect(await heartbeat(0)).toBe(200);
      }
      await calm.frames(4 * fps);
      await product.setFault(1, null);
      await live("cam1");
      expect(await heartbeat(1)).toBe(200);
      await calm.expectUnmoved();
    },
    180_000,
  );

  it("camera 1 gets another size, and back: a generation of its own behind a discontinuity, with a receipt", async () => {
    for (const size of [
      { width: 320, height: 240 },
      { width: 640, height: 480 },
    ]) {
      const before = await channel("cam1");
      const { status, body } = await product.api<ProfileChange>("/api/cameras/1", size, "PATCH");
      expect([status, body.receipt?.outcome, body.receipt?.trigger, body.receipt?.to]).toEqual([
        200,
        "committed",
        "profile",
        1,
      ]);
      const after = await channel("cam1");
      expect(after).toMatchObject({ camera: 1, ...size });
      expect(after?.generation).toBeGreaterThan(before?.generation ?? Infinity);
    }
    const playlist = await (await fetch(`${product.url}/hls/cam1/live.m3u8`)).text();
    expect(playlist).toContain("#EXT-X-DISCONTINUITY\n");
    await calm.expectUnmoved();
  });
});
