/**
 * The step "verify" of a switch: reads back what the public playlist names, and proves from those bytes alone that a
 * generation's first media are there, can be decoded, have the right size and go on exactly where the former ended.
 */
import type { Clock } from "../lib/clock.js";
import { AppError } from "../lib/errors.js";
import { inspectInit, inspectPart, type InitFacts, type PartFacts } from "./mp4.js";
import { allSegments, partUri, type CameraRange, type PlaylistPart, type PlaylistState } from "./playlist.js";
import { parsePlaylist } from "./playlist-text.js";
import { ticksPerSecond } from "./ticks.js";

export interface Expectation {
  readonly generation: number;
  readonly camera: number;
  /** Size of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Where the playlist and media are read: the files themselves, or NGINX. */
export interface PublicReader {
  readText(): Promise<string>;
  readMedia(uri: string): Promise<Buffer>;
}

export type Verification =
  | { readonly ok: true; readonly ms: number }
  /** `pending`: the generation is not in the playlist yet; worth another try. Otherwise what is there is wrong. */
  | { readonly ok: false; readonly pending: boolean; readonly problem: string; readonly ms: number };

/** Never rejects: what cannot be read is a problem like any other. */
export async function verifyGeneration(
  expected: Expectation,
  reader: PublicReader,
  clock: Clock,
): Promise<Verification> {
  const startMs = clock.monotonicMs();
  const finding = await examine(expected, reader).catch((thrown: unknown) => ({
    pending: false,
    problem: thrown instanceof Error ? thrown.message : String(thrown),
  }));
  const ms = clock.monotonicMs() - startMs;
  return finding ? { ok: false, ...finding, ms } : { ok: true, ms };
}

interface Finding {
  readonly pending: boolean;
  readonly problem: string;
}

/** The first part of a generation as the playlist names it, with what stands around it. */
interface FirstPart {
  readonly range: CameraRange;
  readonly part: PlaylistPart;
  readonly init: string;
  /** The part before it; null where the playlist begins with this generation. */
  readonly former: { readonly part: PlaylistPart; readonly init: string } | null;
}

async function examine(expected: Expectation, reader: PublicReader): Promise<Finding | null> {
  const state = parsePlaylist(await reader.readText(), { windowSeconds: 0 });
  const first = findFirstPart(state, expected.generation);
  if (!first) return { pending: true, problem: `The playlist does not name generation ${expected.generation}.` };
  const read = async (init: string, part: PlaylistPart) => {
    const facts = inspectInit(await reader.readMedia(init));
    return { init: facts, part: inspectPart(await reader.readMedia(partUri(part.number)), facts.defaults) };
  };
  const { init, part } = await read(first.init, first.part);
  const former = first.former && (await read(first.former.init, first.former.part)).part;
  const problem = findProblem(expected, first, init, part, former);
  return problem === null ? null : { pending: false, problem };
}

function findFirstPart(state: PlaylistState, generation: number): FirstPart | null {
  const range = state.ranges.findLast((each) => each.generation === generation);
  const segments = allSegments(state);
  const index = segments.findIndex((segment) => segment.startTicks === range?.startTicks);
  const segment = segments[index];
  if (!range || !segment) return null;
  const [part] = segment.parts;
  if (!part) throw new AppError("verifyFailed", `The first part of generation ${generation} is named no more.`);
  const before = segments[index - 1];
  const formerPart = before?.parts.at(-1);
  return {
    range,
    part,
    init: segment.init,
    former: before && formerPart ? { part: formerPart, init: before.init } : null,
  };
}

/** The first thing that is wrong, in words; null if all is well. */
function findProblem(
  expected: Expectation,
  named: FirstPart,
  init: InitFacts,
  part: PartFacts,
  former: PartFacts | null,
): string | null {
  const checks: readonly (readonly [wrong: boolean, problem: string])[] = [
    [
      named.range.camera !== expected.camera,
      `The playlist names camera ${named.range.camera}, not ${expected.camera}.`,
    ],
    [
      init.width !== expected.width || init.height !== expected.height,
      `The picture is ${init.width}x${init.height}, not ${expected.width}x${expected.height}.`,
    ],
    [init.timescale !== ticksPerSecond, `The media count ${init.timescale} ticks a second, not ${ticksPerSecond}.`],
    [!part.independent, "The first picture is not a key frame."],
    [part.ticks !== named.part.ticks, `The part lasts ${part.ticks} ticks, its name says ${named.part.ticks}.`],
    [
      part.decodeTicks !== named.range.startTicks,
      `The part starts at tick ${part.decodeTicks}, its place is ${named.range.startTicks}.`,
    ],
    [
      former !== null && former.decodeTicks + former.ticks !== part.decodeTicks,
      `The part starts at tick ${part.decodeTicks}, the former ends at ${(former?.decodeTicks ?? 0) + (former?.ticks ?? 0)}.`,
    ],
  ];
  return checks.find(([wrong]) => wrong)?.[1] ?? null;
}
