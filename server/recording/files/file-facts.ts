/**
 * What a recording says of itself, so that files alone are enough to make the catalogue anew: in a file of fragments as
 * a box of our own before the first fragment, in a finished one as its comment. Pure.
 */
import { z } from "zod";
import { onlyBox, readBoxes } from "../../hls/mp4.js";

export const fileFactsSchema = z.object({
  channel: z.string(),
  camera: z.number().int(),
  /** Name of the camera for people. */
  label: z.string(),
  generation: z.number().int(),
  startTicks: z.number().int(),
  /** Milliseconds since the Unix epoch. */
  startedAtMs: z.number().int(),
  zoneOffsetMin: z.number().int(),
  /** The wall clock had been set when it began; until then a machine without a clock of its own may be years off. */
  dated: z.boolean().default(true),
  profile: z.looseObject({ width: z.number(), height: z.number(), fps: z.number() }),
});

export type FileFacts = z.infer<typeof fileFactsSchema>;

/** ISO/IEC 14496-12 11.1: a box of type `uuid` begins with 16 bytes that say whose it is. Players pass over it. */
const ours = Buffer.from("smart-toggle-rec", "latin1");

/** The box as it stands in a file of fragments. */
export function factsBox(facts: FileFacts): Buffer {
  const body = Buffer.concat([ours, Buffer.from(JSON.stringify(facts))]);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + body.length);
  head.write("uuid", 4, "latin1");
  return Buffer.concat([head, body]);
}

/** From what stands before the first fragment; null where there is no such box, or one that nobody understands. */
export function readFactsBox(head: Buffer): FileFacts | null {
  const box = readBoxes(head).find(
    ({ type, body }) => type === "uuid" && head.subarray(body, body + ours.length).equals(ours),
  );
  return box === undefined ? null : parseFacts(head.toString("utf8", box.body + ours.length, box.end));
}

/** The comment of a finished file: JSON, which a person can read as well. */
export function factsComment(facts: FileFacts): string {
  return JSON.stringify(facts);
}

export function parseFacts(text: string): FileFacts | null {
  try {
    return fileFactsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Init segment: `ftyp` and `moov`, without what follows. */
export function initOf(head: Buffer): Buffer {
  return head.subarray(0, onlyBox(readBoxes(head), "moov").end);
}

/** Whether both say the same of where a file begins: on the channel's timeline, and on the wall clock. */
export function isSameFile(a: FileFacts, b: FileFacts): boolean {
  const isSamePlace = a.channel === b.channel && a.generation === b.generation && a.startTicks === b.startTicks;
  return isSamePlace && a.startedAtMs === b.startedAtMs;
}
