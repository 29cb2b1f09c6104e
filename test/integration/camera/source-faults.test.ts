import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultInput } from "../../../server/camera/simulated/faults.js";
import type { Source } from "../../../server/camera/source.js";
import type { SourceWarning } from "../../../server/camera/source-trouble.js";
import { systemClock } from "../../../server/lib/clock.js";
import { SimulatedCameras } from "../../support/simulated-cameras.js";
import { countFrom, drawnNumbers, take } from "../../support/source-frames.js";
import { until } from "../../support/until.js";

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
