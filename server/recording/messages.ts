/**
 * What the controller and the recorder process say to each other over Node's IPC, as JSON. Messages come in the order in
 * which they were sent. Both sides are of one build: the frame of a message is checked where it arrives; what a client of
 * the API may have said (the parameters of a request) is checked by the process before it acts on it.
 */
import { z } from "zod";
import { libraryParams, type LibraryRequests } from "./library/requests.js";

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

export type RecorderConfig = z.infer<typeof recorderConfigSchema>;

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
});

export type RecordedPart = z.infer<typeof recordedPartSchema>;

/** From the controller to the process. */
export const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("configure"), config: recorderConfigSchema }),
  /** Record this channel from the next key frame on. */
  z.object({ type: z.literal("start"), channel: z.string() }),
  /** Finish what was recorded of the parts sent so far. */
  z.object({ type: z.literal("stop"), channel: z.string() }),
  z.object({ type: z.literal("part"), part: recordedPartSchema }),
  z.object({ type: z.literal("request"), id: z.number().int(), kind: z.string(), params: z.unknown() }),
  /** Finish everything and exit. */
  z.object({ type: z.literal("close") }),
]);

export type RecorderCommand = z.infer<typeof commandSchema>;

/** Why nothing is recorded although it should be. */
export const pauseCodes = [
  "diskFull",
  "diskReadOnly",
  "diskFailed",
  "mountMissing",
  "folderUnusable",
  "memoryFull",
] as const;

export type PauseCode = (typeof pauseCodes)[number];

/** What stands in the way of recording, or threatens to; `message` says it to a person. */
export interface RecorderProblem {
  readonly code: PauseCode;
  readonly message: string;
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

/** One channel that is being recorded. */
export interface RecordedChannel {
  readonly channel: string;
  /** Of the file being written; null: none is. */
  readonly camera: number | null;
  /** When recording of the channel began, in milliseconds since the Unix epoch. */
  readonly sinceMs: number;
  /** Media recorded since then, in milliseconds. */
  readonly recordedMs: number;
  /** Files finished since then. */
  readonly files: number;
  /** Bytes written since then, those of the open file among them. */
  readonly bytes: number;
  /** Parts that wait to be written. */
  readonly waiting: number;
}

/** How the recorder is; sent each second. */
export interface RecorderStatus {
  readonly channels: readonly RecordedChannel[];
  readonly problem: RecorderProblem | null;
  /** Files whose fragments wait to be finished. */
  readonly unfinished: number;
  /** Of the file system that holds the recordings; null: cannot be read. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  /** How long the oldest file operation under way has taken, in milliseconds; 0: none is. */
  readonly busyMs: number;
}

/** What somebody may want to be told of. Times in milliseconds since the Unix epoch. */
export type RecorderEvent =
  | { readonly kind: "finished"; readonly id: number; readonly channel: string; readonly camera: number }
  | { readonly kind: "paused"; readonly problem: RecorderProblem }
  | { readonly kind: "resumed" }
  | { readonly kind: "gap"; readonly gap: RecordingGap }
  | { readonly kind: "setAside"; readonly path: string; readonly reason: string }
  | { readonly kind: "finishFailed"; readonly path: string; readonly reason: string }
  | { readonly kind: "spaceLow"; readonly freeBytes: number }
  | { readonly kind: "spaceEnough"; readonly freeBytes: number };

/** A time that is missing between two files of a channel. */
export interface RecordingGap {
  readonly channel: string;
  /** Of the file after it. */
  readonly camera: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly code: string;
  readonly message: string;
}

/** From the process to the controller. */
export type RecorderMessage =
  /** Repair is done: requests are answered. */
  | { readonly type: "ready" }
  | { readonly type: "status"; readonly status: RecorderStatus }
  /** Everything of the channel up to these ticks is on the tier, or was given up. */
  | { readonly type: "written"; readonly channel: string; readonly endTicks: number }
  | { readonly type: "event"; readonly event: RecorderEvent }
  | { readonly type: "answer"; readonly id: number; readonly answer: RecorderAnswer };

export type RecorderAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The frame of what the process sends; the rest is of our own build. */
export const messageFrameSchema = z.looseObject({
  type: z.enum(["ready", "status", "written", "event", "answer"]),
});

/** Every kind of request: what it takes and what it answers. Its parameters are checked by `paramsSchemas`. */
export interface RecorderRequests extends LibraryRequests {
  /** The same as the message of each second. */
  status: { readonly params: Record<string, never>; readonly result: RecorderStatus };
}

export type RequestKind = keyof RecorderRequests;

export const paramsSchemas: { readonly [Kind in RequestKind]: z.ZodType<RecorderRequests[Kind]["params"]> } = {
  status: z.strictObject({}),
  ...libraryParams,
};

/** What answers each kind of request in the process. */
export type RequestHandlers = {
  readonly [Kind in RequestKind]: (
    params: RecorderRequests[Kind]["params"],
  ) => RecorderRequests[Kind]["result"] | Promise<RecorderRequests[Kind]["result"]>;
};
