import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import type { Frame } from "../../../server/camera/frame.js";
import { isWholeJpeg, jpegSize } from "../../../server/camera/jpeg-size.js";
import type { FaultInput } from "../../../server/camera/simulated/faults.js";
import type { Source } from "../../../server/camera/source.js";
import type { SourceWarning } from "../../../server/camera/source-trouble.js";
import type { Profile } from "../../../server/config/profile.js";
import { systemClock } from "../../../server/lib/clock.js";
import { holdersOf } from "../../../server/process/process-table.js";
import { SimulatedCameras } from "../../support/simulated-cameras.js";
import { readStrip, type StripReading } from "../../support/strip.js";
import { until } from "../../support/until.js";

/** The strip of a frame, from its decoded pixels. */
async function strip(jpeg: Buffer): Promise<StripReading> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const lumas = Array.from({ length: 64 }, (_, cell) => {
    const x = Math.floor(((cell + 0.5) * info.width) / 64);
    return data[(8 * info.width + x) * info.channels] ?? 0;
  });
  return readStrip(lumas, Date.now());
}

/** The next frames of a source: several may come at one time. */
function take(source: Source, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  return new Promise((resolve) => {
    const keep = (frame: Frame): void => {
      if (frames.push(frame) < count) return;
      source.off("frame", keep);
      resolve(frames);
    };
    source.on("frame", keep);
  });
}

/** Numbers drawn into the frames. */
async function drawnNumbers(frames: readonly Frame[]): Promise<number[]> {
  const strips = await Promise.all(frames.map(({ jpeg }) => strip(jpeg)));
  return strips.map((reading) => (reading.valid ? reading.frame : Number.NaN));
}

function countFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

describe("Source on a simulated camera", () => {
  let cameras: SimulatedCameras;

  beforeEach(async () => {
    cameras = await SimulatedCameras.create();
  });

  afterEach(async () => {
    expect(await cameras.close()).toEqual([]);
  });

  it("gives whole JPEGs of the profile's size, without a gap, at their rate (A8)", async () => {
    const source = cameras.start(0);
    const first = await source.firstFrame;
    expect(first).toMatchObject({ camera: 0, number: 1 });
    const frames = [first, ...(await take(source, 60))];
    expect(frames.every(({ jpeg }) => isWholeJpeg(jpeg))).toBe(true);
    expect(jpegSize(first.jpeg)).toEqual({ width: 640, height: 480 });
    expect(frames.map(({ number }) => number)).toEqual(countFrom(1, 61));
    expect(await drawnNumbers(frames)).toEqual(countFrom(1, 61));

    const stats = source.stats(systemClock.monotonicMs());
    expect(stats).toMatchObject({ frames: source.newest?.number, unusualFrames: 0, tornFrames: 0, discardedBytes: 0 });
    expect(stats.fps).toBeGreaterThan(20);
    expect(stats.fps).toBeLessThan(35);
    expect(stats.meanFrameBytes).toBeGreaterThan(25_000);
    expect(stats.meanFrameBytes).toBeLessThan(40_000);
  });

  it("draws camera and time of drawing into the strip", async () => {
    const source = cameras.start(1, { width: 1280, height: 720, fps: 15, hflip: true, vflip: true });
    const { jpeg } = await source.firstFrame;
    const reading = await strip(jpeg);
    expect(reading).toMatchObject({ valid: true, camera: 1, frame: 1 });
    const ageMs = reading.valid ? Date.now() - reading.drawnMs : Number.NaN;
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(5000);
    expect(jpeg.length).toBeGreaterThan(90_000);
    expect(jpeg.length).toBeLessThan(130_000);
  });

  it.each<{ profile: Partial<Profile>; corner: string }>([
    { profile: {}, corner: "bottom right" },
    { profile: { hflip: true }, corner: "bottom left" },
    { profile: { vflip: true }, corner: "top right" },
    { profile: { rotation: 180 }, corner: "top left" },
    { profile: { rotation: 180, hflip: true }, corner: "top right" },
  ])("shows its label $corner, but the strip on top, with $profile (A7)", async ({ profile, corner }) => {
    const { jpeg } = await cameras.start(0, profile).firstFrame;
    expect(await strip(jpeg)).toMatchObject({ valid: true, camera: 0 });
    const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
    // The label stands on a black box, whose edge is 9 pixels from the side and 57 from the bottom.
    const dark = ["top left", "top right", "bottom left", "bottom right"].filter((place) => {
      const x = place.endsWith("left") ? 9 : info.width - 10;
      const y = place.startsWith("top") ? 57 : info.height - 58;
      return (data[(y * info.width + x) * info.channels] ?? 255) < 40;
    });
    expect(dark).toEqual([corner]);
  });

  it("stops by SIGINT and is gone, and gives no frame after stop was asked for", async () => {
    const source = cameras.start(0);
    await source.firstFrame;
    let late = 0;
    const stopped = source.stop("test");
    source.on("frame", () => (late += 1));
    expect(await stopped).toMatchObject({ gone: true, lastSignal: "SIGINT", stuck: [] });
    expect(late).toBe(0);
    expect(await source.exited).toEqual({ code: 0, signal: null, reason: "test" });
    expect(cameras.programs()).toEqual([]);
  });

  it("is held by the kernel's account while it runs, and let go at once by kill -9", async () => {
    const [camera] = await cameras.driver.list();
    const paths = await cameras.driver.devicePaths(camera?.id ?? "");
    expect(paths).toHaveLength(1);
    const source = cameras.start(0);
    await source.firstFrame;
    expect((await holdersOf(paths)).holders.map(({ pid }) => pid)).toEqual([source.pid]);
    process.kill(source.pid ?? 0, "SIGKILL");
    expect(await source.exited).toMatchObject({ signal: "SIGKILL", reason: null, error: { code: "cameraExited" } });
    expect((await holdersOf(paths)).holders).toEqual([]);
    await cameras.start(0).firstFrame;
  });

  it("refuses a camera twice, and lets the other one run beside it", async () => {
    const source = cameras.start(0);
    await source.firstFrame;
    const second = cameras.start(0);
    await expect(second.firstFrame).rejects.toMatchObject({ code: "cameraBusy" });
    expect(await second.exited).toMatchObject({ code: 255, signal: null, error: { code: "cameraBusy" } });
    await cameras.start(1).firstFrame;
    await take(source, 2);
  });

  it("takes a program that is not there for what it is", async () => {
    const command = { program: "/nowhere/rpicam-vid", args: [], rpicamNumber: 0 };
    const source = cameras.start(0, {}, { command });
    await expect(source.firstFrame).rejects.toMatchObject({ code: "programMissing" });
    expect(await source.exited).toMatchObject({ error: { code: "programMissing" } });
  });

  it("refuses the picture of a camera that took another one's number", async () => {
    const [left, right] = await cameras.driver.list();
    await cameras.setFault(0, { kind: "gone" });
    const wrong = cameras.start(0, {}, { cameraId: left?.id ?? "" });
    await expect(wrong.firstFrame).rejects.toMatchObject({ code: "wrongCamera" });
    // By itself: it has a camera that somebody else may want.
    expect(await wrong.exited).toMatchObject({ error: { code: "wrongCamera" } });
    expect(wrong.isGone).toBe(true);
    expect(wrong.newest).toBeUndefined();
    expect(wrong.foundByNumber).toEqual([right?.id]);
    const found = cameras.start(0, {}, { cameraId: right?.id ?? "" });
    await found.firstFrame;
    const another = cameras.start(0, {}, { cameraId: left?.id ?? "" });
    expect(await another.exited).toMatchObject({ error: { code: "wrongCamera" } });
    await take(found, 2);
    expect(await cameras.driver.list()).toEqual([{ ...right, number: 0 }]);
  });

  it("rejects its first frame when it is stopped before", async () => {
    await cameras.setFault(0, { kind: "slowStart", ms: 60_000 });
    const source = cameras.start(0);
    await until("the program holds its camera", 10_000, () => cameras.programs().length === 1);
    const { gone } = await source.stop("impatient");
    expect(gone).toBe(true);
    await expect(source.firstFrame).rejects.toMatchObject({ code: "cameraExited" });
    expect((await source.exited).error).toBeUndefined();
  });
});

describe("Source on a simulated camera with a fault", () => {
  let cameras: SimulatedCameras;

  beforeEach(async () => {
    cameras = await SimulatedCameras.create();
  });

  afterEach(async () => {
    expect(await cameras.close()).toEqual([]);
  });

  /** A source that runs well and has this fault from now on. */
  async function startThen(fault: FaultInput): Promise<Source> {
    const source = cameras.start(0, { fps: 50 });
    await source.firstFrame;
    await cameras.setFault(0, fault);
    return source;
  }

  /** Waits until no frame has come for a while. */
  async function silence(source: Source): Promise<void> {
    const nowMs = (): number => systemClock.monotonicMs();
    await until("silence", 10_000, () => nowMs() - (source.newest?.arrivedMs ?? nowMs()) > 400);
  }

  it.each<{ fault: FaultInput; code: string }>([
    { fault: { kind: "busy" }, code: "cameraBusy" },
    { fault: { kind: "die", code: 7 }, code: "cameraExited" },
    { fault: { kind: "die", text: "failed to start camera" }, code: "cameraExited" },
    { fault: { kind: "die", signal: "SIGSEGV" }, code: "cameraExited" },
  ])("rejects the first frame with $code of $fault.kind", async ({ fault, code }) => {
    await cameras.setFault(0, fault);
    const source = cameras.start(0);
    await expect(source.firstFrame).rejects.toMatchObject({ code });
    expect(await source.exited).toMatchObject({ reason: null, error: { code } });
  });

  it("rejects with cameraGone where its number is not there", async () => {
    await cameras.setFault(1, { kind: "gone" });
    await expect(cameras.start(1).firstFrame).rejects.toMatchObject({ code: "cameraGone" });
    await cameras.setFault(0, { kind: "gone" });
    await expect(cameras.start(0).firstFrame).rejects.toMatchObject({ code: "cameraGone" });
    expect(await cameras.driver.list()).toEqual([]);
  });

  it("tells when the program dies after some frames", async () => {
    await cameras.setFault(0, { kind: "die", afterFrames: 5, text: "failed to queue request" });
    const source = cameras.start(0, { fps: 50 });
    const exit = await source.exited;
    expect(exit).toMatchObject({ code: 255, reason: null, error: { code: "cameraExited" } });
    expect(exit.error?.message).toContain("failed to queue request");
    expect(source.newest?.number).toBe(5);
  });

  it.each<FaultInput>([{ kind: "hang" }, { kind: "neverStarts" }])(
    "$kind: no frame, deaf to SIGINT, ended by SIGTERM",
    async (fault) => {
      const source = await startThen(fault);
      await silence(source);
      const report = await source.stop("stalled", [
        { signal: "SIGINT", waitMs: 500 },
        { signal: "SIGTERM", waitMs: 3000 },
      ]);
      expect(report).toMatchObject({ gone: true, lastSignal: "SIGTERM" });
      expect(await source.exited).toEqual({ code: null, signal: "SIGTERM", reason: "stalled" });
    },
  );

  it("goes on when a hang is over", async () => {
    const source = await startThen({ kind: "hang" });
    await silence(source);
    await cameras.setFault(0, null);
    await take(source, 3);
  });

  it("warns once of a program that restarts inside for ever, which SIGINT does not end", async () => {
    const source = cameras.start(0, { fps: 50 });
    const warnings: SourceWarning[] = [];
    source.on("warning", (warning) => warnings.push(warning));
    await source.firstFrame;
    await cameras.setFault(0, { kind: "restartLoop" });
    await until("both warnings", 10_000, () => warnings.length === 2);
    expect(warnings.map(({ kind }) => kind)).toEqual(["frontendTimeout", "restarting"]);
    const report = await source.stop("stalled", [
      { signal: "SIGINT", waitMs: 1500 },
      { signal: "SIGTERM", waitMs: 3000 },
    ]);
    expect(report.lastSignal).toBe("SIGTERM");
    expect(warnings).toHaveLength(2);
  });

  it("needs SIGKILL where SIGINT and SIGTERM are ignored", async () => {
    const source = await startThen({ kind: "ignoreSigint", sigterm: true });
    await take(source, 10); // The program has read its fault by then: 50 ms are 3 frames.
    const rungs = [{ signal: "SIGINT", waitMs: 300 } as const, { signal: "SIGTERM", waitMs: 300 } as const];
    expect(await source.stop("test", rungs)).toMatchObject({ gone: true, lastSignal: "SIGKILL" });
  });

  it("sees a frozen picture (I7), and its end", async () => {
    const source = await startThen({ kind: "freeze" });
    const sinceMs = await until("identical frames", 10_000, () => source.identicalSinceMs);
    await take(source, 5);
    expect(source.identicalSinceMs).toBe(sinceMs);
    await cameras.setFault(0, null);
    await until("different frames", 10_000, () => source.identicalSinceMs === null);
  });

  it("loses torn frames only, and no frame to garbage", async () => {
    const source = await startThen({ kind: "garbage", bytes: 5000, everyFrames: 3 });
    const frames = await take(source, 40);
    const numbers = await drawnNumbers(frames);
    expect(numbers).toEqual(countFrom(numbers[0] ?? 0, 40));
    expect(source.stats(systemClock.monotonicMs()).discardedBytes).toBeGreaterThan(20_000);

    await cameras.setFault(0, { kind: "torn", everyFrames: 4 });
    await until("a torn frame", 10_000, () => source.stats(systemClock.monotonicMs()).tornFrames > 0);
    const drawn = await drawnNumbers(await take(source, 30));
    const [from = 0, to = 0] = [drawn[0], drawn.at(-1)];
    expect(drawn).toEqual(countFrom(from, to - from + 1).filter((number) => number % 4 !== 0));
  });

  it("gives no frame of another size", async () => {
    await cameras.setFault(0, { kind: "wrongSize", width: 320, height: 240 });
    const source = cameras.start(0);
    const [warning] = (await once(source, "warning")) as [SourceWarning];
    expect(warning).toEqual({ kind: "wrongSize", width: 320, height: 240 });
    expect(source.newest).toBeUndefined();
    await cameras.setFault(0, null);
    await source.firstFrame;
  });

  it("gives an unusual frame like all others, and warns of it (D4)", async () => {
    const source = cameras.start(0, { quality: 100, width: 1280, height: 720 });
    const [warning] = (await once(source, "warning")) as [SourceWarning];
    expect(warning).toMatchObject({ kind: "unusualBytes", minBytes: 5120, maxBytes: 512_000 });
    expect(source.stats(systemClock.monotonicMs()).unusualFrames).toBeGreaterThan(0);
    await source.firstFrame;
  });

  it("keeps its frames' order at an uneven rate", async () => {
    const source = await startThen({ kind: "unevenRate", jitterMs: 30 });
    const numbers = await drawnNumbers(await take(source, 30));
    expect(numbers).toEqual(countFrom(numbers[0] ?? 0, 30));
  });

  it("waits for a slow start", async () => {
    await cameras.setFault(0, { kind: "slowStart", ms: 1500 });
    const startMs = systemClock.monotonicMs();
    await cameras.start(0).firstFrame;
    expect(systemClock.monotonicMs() - startMs).toBeGreaterThan(1400);
  });
});
