import { parseArgs } from "node:util";
import { fail } from "./rpicam-voice.js";

const flag = { type: "boolean" } as const;
const text = { type: "string" } as const;

/** The options of rpicam-vid, rpicam-still and rpicam-hello that anyone gives; most change nothing in a simulation. */
const options = {
  "list-cameras": flag,
  version: flag,
  camera: { ...text, default: "0" },
  width: { ...text, default: "0" },
  height: { ...text, default: "0" },
  framerate: { ...text, default: "30" },
  timeout: { ...text, short: "t", default: "5sec" },
  output: { ...text, short: "o", default: "" },
  codec: { ...text, default: "h264" },
  encoding: { ...text, short: "e", default: "jpg" },
  quality: { ...text, short: "q" },
  nopreview: { ...flag, short: "n" },
  immediate: flag,
  flush: flag,
  verbose: { ...text, short: "v", default: "1" },
  hflip: flag,
  vflip: flag,
  rotation: { ...text, default: "0" },
  roi: { ...text, default: "0,0,0,0" },
  ev: { ...text, default: "0" },
  exposure: text,
  awb: text,
  "autofocus-mode": text,
  "lens-position": text,
  "flicker-period": text,
  "tuning-file": text,
  signal: { ...flag, short: "s" },
  initial: { ...text, short: "i", default: "record" },
} as const;

export type RpicamOptions = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, strict: true }).values;
}

/** Parses the arguments, or ends the program with the error rpicam-apps give. */
export function parseRpicamOptions(args: readonly string[]): RpicamOptions {
  try {
    return parse(args);
  } catch (error) {
    const named = /'(-[^' ]+)/.exec((error as Error).message)?.[1] ?? args[0] ?? "";
    return fail(`unrecognised option '${named}'`);
  }
}

const units: Readonly<Record<string, number>> = { min: 60_000, sec: 1000, s: 1000, ms: 1, us: 0.001, "": 1 };

/** A time with rpicam's units, milliseconds where none is given; 0 means for ever. */
export function timeMs(value: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)([a-z]*)$/.exec(value) ?? fail("Invalid time string provided");
  return Number(number) * (units[unit] ?? 1);
}
