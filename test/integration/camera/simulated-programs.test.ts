import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isWholeJpeg, jpegSize } from "../../../server/camera/jpeg-size.js";
import { JpegSplitter } from "../../../server/camera/jpeg-splitter.js";
import { defaultProfile } from "../../../server/config/profile.js";
import { readProcess } from "../../../server/process/process-table.js";
import { SimulatedCameras } from "../../support/simulated-cameras.js";
import { until } from "../../support/until.js";

/** A simulated program run without any of our own machinery around it. */
interface Run {
  readonly process: ChildProcess & { readonly pid: number };
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  readonly stdout: Buffer[];
  stderr: string;
}

describe("the simulated rpicam-vid", () => {
  let cameras: SimulatedCameras;
  const runs: Run[] = [];

  beforeEach(async () => {
    cameras = await SimulatedCameras.create({ startMs: 300, stopMs: 200 });
  });

  afterEach(async () => {
    for (const { process } of runs.splice(0)) process.kill("SIGKILL");
    await until("every program is gone", 10_000, () => cameras.programs().length === 0);
    await cameras.close();
  });

  /** Starts it as the driver would, with these arguments more. */
  function start(more: readonly string[] = [], program = "rpicam-vid"): Run {
    const { program: node, args, env } = cameras.driver.vidCommand(0, { ...defaultProfile, width: 320, height: 240 });
    const own = program === "rpicam-vid" ? args : [];
    const script = (args[0] ?? "").replace("rpicam-vid", program);
    const child = spawn(node, [script, ...own.slice(1), ...more], { env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const ended = once(child, "close") as Run["ended"];
    const run: Run = { process: child as Run["process"], ended, stdout, stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => (run.stderr += chunk.toString()));
    runs.push(run);
    return run;
  }

  const framesOf = (run: Run): number => new JpegSplitter().push(Buffer.concat(run.stdout)).length;
  const streams = (run: Run): Promise<boolean> => until("frames", 15_000, () => framesOf(run) > 2);

  it("takes its time to start and to stop, and says which signal it saw", async () => {
    const startMs = performance.now();
    const run = start();
    await until("the first bytes", 15_000, () => run.stdout.length > 0, 5);
    expect(performance.now() - startMs).toBeGreaterThan(290);
    const stopMs = performance.now();
    run.process.kill("SIGINT");
    expect(await run.ended).toEqual([0, null]);
    expect(performance.now() - stopMs).toBeGreaterThan(190);
    expect(run.stderr).toContain("Received signal 2\n");
  });

  it("is ended by SIGINT at once as long as it is starting", async () => {
    const run = start();
    await once(run.process, "spawn");
    run.process.kill("SIGINT");
    expect(await run.ended).toEqual([null, "SIGINT"]);
  });

  it("does not trap SIGTERM", async () => {
    const run = start();
    await streams(run);
    run.process.kill("SIGTERM");
    expect(await run.ended).toEqual([null, "SIGTERM"]);
  });

  it("is deaf to SIGINT as long as its reader stalls", async () => {
    const run = start();
    await streams(run);
    run.process.stdout?.pause();
    // A socket pair and the stream behind it hold some frames; then the program sleeps in its write.
    await until("its frames stop", 20_000, async () => {
      const before = readProcess(run.process.pid)?.cpuTicks ?? 0;
      await wait(1000);
      return (readProcess(run.process.pid)?.cpuTicks ?? 0) - before <= 2;
    });
    run.process.kill("SIGINT");
    await wait(1000);
    expect(readProcess(run.process.pid)?.state).toBe("S");
    run.process.stdout?.resume();
    expect(await run.ended).toEqual([0, null]);
  });

  it("dies of SIGABRT when nobody reads any more", async () => {
    const run = start();
    await streams(run);
    run.process.stdout?.destroy();
    expect(await run.ended).toEqual([null, "SIGABRT"]);
    expect(run.stderr).toContain("failed to write output bytes");
  });

  it("waits in pause for SIGUSR1, and quits on SIGUSR2", async () => {
    const run = start(["--signal", "--initial", "pause"]);
    await until("it runs", 15_000, () => run.stderr.includes("configuring streams"));
    await wait(1000);
    expect(run.stdout).toEqual([]);
    run.process.kill("SIGUSR1");
    await streams(run);
    run.process.kill("SIGUSR2");
    expect(await run.ended).toEqual([0, null]);
  });

  it("ends by itself after its time", async () => {
    const run = start(["--timeout", "1500ms"]);
    expect(await run.ended).toEqual([0, null]);
    expect(framesOf(run)).toBeGreaterThan(5);
  });

  it.each([
    { more: ["--no-such"], text: "ERROR: *** unrecognised option '--no-such' ***" },
    { more: ["--camera", "2"], text: "ERROR: *** selected camera is not available ***" },
  ])("answers $more with exit code 255", async ({ more, text }) => {
    const run = start(more);
    expect(await run.ended).toEqual([255, null]);
    expect(run.stderr).toContain(text);
  });

  it("shares its cameras with rpicam-still, which gives one picture", async () => {
    const still = ["--camera", "1", "--width", "640", "--height", "480", "--output", "-", "--nopreview"];
    const run = start(still, "rpicam-still");
    expect(await run.ended).toEqual([0, null]);
    const jpeg = Buffer.concat(run.stdout);
    expect(isWholeJpeg(jpeg)).toBe(true);
    expect(jpegSize(jpeg)).toEqual({ width: 640, height: 480 });

    const vid = start();
    await streams(vid);
    const refused = start(["--camera", "0", "--output", "-"], "rpicam-still");
    expect(await refused.ended).toEqual([255, null]);
    expect(refused.stderr).toContain("failed to acquire camera");
  });
});
