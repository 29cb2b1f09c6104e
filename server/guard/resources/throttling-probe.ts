import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import { Child } from "../../process/child.js";
import { findProgram } from "../../process/find-program.js";
import { killLadder } from "../../process/stop-ladder.js";
import { unknown, type Measured } from "../../lib/measured.js";
import { hwmonSensors } from "./thermal.js";
import { parseThrottled, withAlarm, type ThrottlingHistory } from "./throttling.js";

export interface ThrottlingProbeOptions {
  /** Name on the PATH, or a path. */
  readonly program: string;
  /** Where sysfs is mounted. */
  readonly sysfs: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** vcgencmd answers within some milliseconds; one that hangs in its driver is killed after this. */
const limitMs = 1500;
/** A program that is missing is looked for again after this: no Pi gets one while it runs, but by an installation. */
const lookAgainMs = 60_000;

/** Reads throttling and under-voltage. Whoever uses it reads one at a time. */
export class ThrottlingProbe {
  readonly #o: ThrottlingProbeOptions;
  #missingSinceMs = -Infinity;
  #child: Child | undefined;

  constructor(options: ThrottlingProbeOptions) {
    this.#o = options;
  }

  async read(): Promise<Measured<ThrottlingHistory>> {
    const alarm = await this.#voltageAlarm();
    return withAlarm(await this.#ask(), alarm);
  }

  /** Ends a reading that is under way. */
  close(): void {
    void this.#child?.stop("service stops", killLadder);
  }

  async #ask(): Promise<Measured<ThrottlingHistory>> {
    const { program, clock, log } = this.#o;
    const missing = unknown(`The program ${program} is not installed; only a Raspberry Pi has it.`);
    if (clock.monotonicMs() - this.#missingSinceMs < lookAgainMs) return missing;
    if (findProgram(program) === null) {
      this.#missingSinceMs = clock.monotonicMs();
      return missing;
    }
    const child = new Child({ name: "vcgencmd", program, args: ["get_throttled"], stdout: "pipe", log });
    this.#child = child;
    return this.#answerOf(child);
  }

  async #answerOf(child: Child): Promise<Measured<ThrottlingHistory>> {
    const late = setTimeout(() => void child.stop("hangs", killLadder), limitMs);
    try {
      const [said, { reason, error }] = await Promise.all([text(child.stdout).catch(() => ""), child.exited]);
      if (error !== undefined) return unknown(error.message);
      if (reason !== null) return unknown(`vcgencmd did not answer within ${limitMs / 1000} s.`);
      return parseThrottled(said || child.recentLines.join(" "));
    } finally {
      clearTimeout(late);
    }
  }

  /** The alarm of the kernel's driver raspberrypi-hwmon; null where there is none. It needs no right to ask the firmware. */
  async #voltageAlarm(): Promise<boolean | null> {
    const sensor = (await hwmonSensors(this.#o.sysfs)).find(({ driver }) => driver === "rpi_volt");
    if (sensor === undefined) return null;
    const value = await readFile(join(sensor.path, "in0_lcrit_alarm"), "latin1").catch(() => "");
    return /^[01]$/.test(value.trim()) ? value.trim() === "1" : null;
  }
}
