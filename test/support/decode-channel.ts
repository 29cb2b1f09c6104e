import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspectInit, inspectPart } from "../../server/hls/mp4.js";
import { decodeStrips } from "./decode-strips.js";
import type { StripReading } from "./strip.js";

/** A part that stays no longer may go while the folder is read. */
function readIfThere(path: string): Buffer[] {
  try {
    return [readFileSync(path)];
  } catch {
    return [];
  }
}

/**
 * The strips of all that is still on tmpfs of one stretch of a channel's timeline, in its order, from the first key
 * frame on. One init segment serves for all sizes: parameter sets stand before each key frame.
 */
export async function decodeChannel(
  directory: string,
  fromTicks = 0,
  endTicks = Infinity,
): Promise<readonly StripReading[]> {
  const names = readdirSync(directory);
  const init = readFileSync(join(directory, names.find((name) => name.startsWith("init_")) ?? "no init segment"));
  const { defaults } = inspectInit(init);
  const parts = names
    .filter((name) => /^part_\d+\.m4s$/.test(name))
    .flatMap((name) => readIfThere(join(directory, name)))
    .map((data) => ({ data, ...inspectPart(data, defaults) }))
    .filter(({ decodeTicks }) => fromTicks <= decodeTicks && decodeTicks < endTicks)
    .sort((one, other) => one.decodeTicks - other.decodeTicks);
  const wanted = parts.slice(parts.findIndex(({ independent }) => independent));
  const data = Buffer.concat([init, ...wanted.map((part) => part.data)]);
  return (await decodeStrips({ from: "pipe:0", data })).strips;
}
