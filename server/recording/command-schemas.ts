/** What the recorder process is told, as it checks it: known to the process alone, the controller needs the types only. */
import { z } from "zod";

/** How the process works; sent first, and again when settings change. Paths are absolute. */
export const recorderConfigSchema = z.object({
  /** Folder of finished recordings. */
  directory: z.string(),
  /** State folder: `recordings.sqlite` and what is remembered of the recordings folder. */
  state: z.string(),
  /** Folder on tmpfs for the RAM tier. */
  memoryDirectory: z.string(),
  /** Where fragments are kept until a file is finished. */
  tier: z.enum(["disk", "memory"]),
  /** Most megabytes of fragments in the RAM tier. */
  memoryMb: z.number(),
  /** Length of a file that nothing cuts. */
  fileSeconds: z.number(),
  ffmpegProgram: z.string(),
  /** Folder on tmpfs for what is made for players, and its bound. */
  playbackDirectory: z.string(),
  playbackMb: z.number(),
  retention: z.object({
    keepDays: z.number().nullable(),
    maxGb: z.number().nullable(),
    minFreeHours: z.number(),
    minFreeMb: z.number(),
  }),
  /** Folder of the records of children, the controller's own. */
  children: z.string(),
});

/** A published part of a recorded channel, and all that a file that begins with it has to say. */
export const recordedPartSchema = z.object({
  channel: z.string(),
  generation: z.number().int(),
  camera: z.number().int(),
  label: z.string(),
  profile: z.looseObject({ width: z.number(), height: z.number(), fps: z.number() }),
  /** Path of the part, and of its init segment, on tmpfs. */
  path: z.string(),
  init: z.string(),
  /** On the channel's timeline, 90 000 a second. */
  startTicks: z.number().int(),
  ticks: z.number().int(),
  independent: z.boolean(),
  /** When it starts on the wall clock, in milliseconds since the Unix epoch. */
  startedAtMs: z.number(),
  /** Recording was off before it: what is missing until then is nobody's fault. Told with it, be it told again and again. */
  afterOff: z.literal(true).exactOptional(),
});

/** From the controller to the process. */
export const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("configure"), config: recorderConfigSchema }),
  /** Record this channel from the next key frame on. */
  z.object({ type: z.literal("start"), channel: z.string() }),
  /** Finish what was recorded of the parts sent so far: recording is off, or that was a former run of the service. */
  z.object({ type: z.literal("stop"), channel: z.string(), why: z.enum(["off", "restarted"]) }),
  z.object({ type: z.literal("part"), part: recordedPartSchema }),
  z.object({ type: z.literal("request"), id: z.number().int(), kind: z.string(), params: z.unknown() }),
  /** Finish everything and exit. */
  z.object({ type: z.literal("close") }),
]);
