import { afterEach, beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import { isWholeJpeg, jpegSize } from "../../../server/camera/jpeg-size.js";
import type { Profile } from "../../../server/config/profile.js";
import { systemClock } from "../../../server/lib/clock.js";
import { holdersOf } from "../../../server/process/process-table.js";
import { stripOfJpeg } from "../../support/jpeg-strip.js";
import { SimulatedCameras } from "../../support/simulated-cameras.js";
import { countFrom, drawnNumbers, take } from "../../support/source-frames.js";
import { until } from "../../support/until.js";

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
    const reading = await stripOfJpeg(jpeg);
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
    expect(await stripOfJpeg(jpeg)).toMatchObject({ valid: true, camera: 0 });
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
