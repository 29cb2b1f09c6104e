/**
 * One run of a simulated camera: frames at their rate on standard output until a signal ends it, with the manners of
 * rpicam-vid and with whatever fault its file asks for. Frame numbers count what was drawn, so that a gap in them at
 * the other end is a loss on the way.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { CameraPicture, type PictureOptions } from "./camera-picture.js";
import type { FaultReader } from "./fault-reader.js";
import type { Fault } from "./faults.js";
import { fail, say, sayAsLibcamera } from "./rpicam-voice.js";
import type { VidSignals } from "./vid-signals.js";

export interface VidRunOptions {
  readonly picture: PictureOptions;
  readonly fps: number;
  readonly faults: FaultReader;
  readonly signals: VidSignals;
  /** From the start of the process to the first frame. */
  readonly startMs: number;
  /** 0: for ever. */
  readonly timeoutMs: number;
}

/** How often a program that gives no frames looks whether its fault is over. */
const idleMs = 20;
/** libcamera's usual time-out of the sensor. */
const restartMs = 1000;
/** A frame later than so many periods starts a new count of time, as after a stall of the reader. */
const latestPeriods = 5;

/** Faults in which no request completes: no frames, and nobody looks at signals. */
const deafKinds: readonly Fault["kind"][] = ["neverStarts", "hang", "restartLoop", "gone"];

function write(data: Buffer): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(data, () => {
      resolve();
    });
  });
}

export class VidRun {
  readonly #options: VidRunOptions;
  readonly #periodMs: number;
  #picture: CameraPicture;
  #pictureSize: string;
  #dueMs = 0;
  #frames = 0;
  #lastJpeg: Buffer | null = null;

  constructor(options: VidRunOptions) {
    this.#options = options;
    this.#periodMs = 1000 / options.fps;
    this.#picture = new CameraPicture(options.picture);
    this.#pictureSize = `${options.picture.width}x${options.picture.height}`;
  }

  /** Gives frames until the program shall stop. */
  async untilStopped(): Promise<void> {
    const { faults, startMs } = this.#options;
    const fault = faults.current;
    this.#dueMs = fault?.kind === "slowStart" ? fault.ms : startMs;
    while (!this.#shallStop(this.#activeFault())) {
      await this.#waitUntilDue();
      await this.#step(this.#activeFault());
    }
  }

  /** The fault, once its frames have passed. */
  #activeFault(): Fault | null {
    const fault = this.#options.faults.current;
    if (fault === null) return null;
    return "afterFrames" in fault && this.#frames < fault.afterFrames ? null : fault;
  }

  #shallStop(fault: Fault | null): boolean {
    const { signals, timeoutMs } = this.#options;
    signals.ignoreSigterm(fault?.kind === "ignoreSigint" && fault.sigterm);
    if (fault !== null && (fault.kind === "ignoreSigint" || deafKinds.includes(fault.kind))) return false;
    return signals.stopAskedMs !== null || (timeoutMs > 0 && performance.now() > timeoutMs);
  }

  async #waitUntilDue(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs > this.#dueMs + latestPeriods * this.#periodMs) this.#dueMs = nowMs;
    const fault = this.#activeFault();
    const lateMs = fault?.kind === "unevenRate" ? Math.random() * fault.jitterMs : 0;
    await wait(Math.max(0, this.#dueMs + lateMs - nowMs));
    this.#dueMs += this.#periodMs;
  }

  async #step(fault: Fault | null): Promise<void> {
    if (fault?.kind === "die") this.#die(fault);
    if (fault !== null && deafKinds.includes(fault.kind)) await this.#beDeaf();
    else if (!this.#options.signals.isPaused) await this.#giveFrame(fault);
  }

  #die({ signal, code, text }: Extract<Fault, { kind: "die" }>): void {
    if (signal !== null) process.kill(process.pid, signal);
    else if (code === 255) fail(text);
    else process.exit(code);
  }

  async #beDeaf(): Promise<void> {
    let saidMs = performance.now();
    for (
      let fault = this.#activeFault();
      fault !== null && deafKinds.includes(fault.kind);
      fault = this.#activeFault()
    ) {
      const restarts = fault.kind === "restartLoop" || fault.kind === "gone";
      if (restarts && performance.now() - saidMs >= restartMs) {
        saidMs = performance.now();
        sayAsLibcamera(
          "WARN",
          "V4L2 v4l2_videodevice.cpp:2150",
          "/dev/video4[16:cap]: Dequeue timer of 1000000.00us has expired!",
        );
        sayAsLibcamera("ERROR", "RPI pipeline_base.cpp:1346", "Camera frontend has timed out!");
        say("ERROR: Device timeout detected, attempting a restart!!!");
      }
      await wait(idleMs);
    }
  }

  async #giveFrame(fault: Fault | null): Promise<void> {
    const jpeg = fault?.kind === "freeze" && this.#lastJpeg !== null ? this.#lastJpeg : await this.#draw(fault);
    this.#lastJpeg = jpeg;
    const isTurn = fault !== null && "everyFrames" in fault && this.#frames % fault.everyFrames === 0;
    await write(isTurn && fault.kind === "torn" ? jpeg.subarray(0, jpeg.length >> 1) : jpeg);
    if (isTurn && fault.kind === "garbage") await write(randomBytes(fault.bytes));
  }

  #draw(fault: Fault | null): Promise<Buffer> {
    this.#frames += 1;
    return this.#pictureFor(fault).jpeg({ frame: this.#frames, epochMs: Date.now() });
  }

  #pictureFor(fault: Fault | null): CameraPicture {
    const { picture } = this.#options;
    const { width, height } = fault?.kind === "wrongSize" ? fault : picture;
    const size = `${width}x${height}`;
    if (size !== this.#pictureSize) this.#picture = new CameraPicture({ ...picture, width, height });
    this.#pictureSize = size;
    return this.#picture;
  }
}
