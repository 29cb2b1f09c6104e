import { readFileSync, writeSync } from "node:fs";

/** One line on standard error. Synchronous, so that it is out before an exit or a signal. */
export function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody listens any more.
  }
}

/** Time since boot the way libcamera writes it: h:mm:ss.nnnnnnnnn. */
function uptime(): string {
  const seconds = Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]);
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const nanoseconds = String(Math.round((seconds - whole) * 1e9)).padStart(9, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${nanoseconds}`;
}

/** One line of libcamera's log, e.g. `[0:12:03.120000000] [4711]  INFO Camera camera.cpp:1020 …`. */
export function sayAsLibcamera(level: "INFO" | "WARN" | "ERROR", place: string, text: string): void {
  say(`[${uptime()}] [${process.pid}] ${level.padStart(5)} ${place} ${text}`);
}

/** The end of every rpicam program that meets an error: its text, and exit code 255. */
export function fail(text: string): never {
  say(`ERROR: *** ${text} ***`);
  process.exit(255);
}
