/**
 * What the controller and the recorder process say to each other over Node's IPC, as JSON. Messages come in the order in
 * which they were sent. Both sides are of one build: the frame of a message is checked where it arrives; what a client of
 * the API may have said (the parameters of a request) is checked by the process (command-schemas.ts) before it acts on it.
 */
import { z } from "zod";
import type { commandSchema, recordedPartSchema, recorderConfigSchema } from "./command-schemas.js";
import type { LibraryRequests } from "./library/requests.js";

export type RecorderConfig = z.infer<typeof recorderConfigSchema>;
export type RecordedPart = z.infer<typeof recordedPartSchema>;
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
  /** Nothing is recorded, unfinished, exported or to be told to a person: the process could end. */
  readonly isIdle: boolean;
}

/** What somebody may want to be told of. Times in milliseconds since the Unix epoch. */
export type RecorderEvent =
  | { readonly kind: "finished"; readonly id: number; readonly channel: string; readonly camera: number }
  | { readonly kind: "paused"; readonly problem: RecorderProblem }
  | { readonly kind: "resumed" }
  | { readonly kind: "gap"; readonly gap: RecordingGap }
  | { readonly kind: "setAside"; readonly path: string; readonly reason: string }
  /** The catalogue was damaged, lies at this path now, and is made anew of the files. */
  | { readonly kind: "catalogueSetAside"; readonly path: string; readonly reason: string }
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

/** Every kind of request: what it takes and what it answers. */
export interface RecorderRequests extends LibraryRequests {
  /** The same as the message of each second. */
  status: { readonly params: Record<string, never>; readonly result: RecorderStatus };
}

export type RequestKind = keyof RecorderRequests;

/** What answers each kind of request in the process. */
export type RequestHandlers = {
  readonly [Kind in RequestKind]: (
    params: RecorderRequests[Kind]["params"],
  ) => RecorderRequests[Kind]["result"] | Promise<RecorderRequests[Kind]["result"]>;
};
