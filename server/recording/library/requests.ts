/** What the controller asks of finished recordings. Parameters are checked in the recorder process; times are epoch ms. */
import { z } from "zod";
import type { CameraTotal, DayView } from "../catalogue/catalogue.js";
import type { RecordingView } from "../catalogue/recording-view.js";
import type { TimelineView } from "../catalogue/timeline.js";
import type { ExportView } from "../export/export-view.js";

const id = z.number().int().min(0);
const epochMs = z.number();
const camera = z.number().int().min(0);
const range = { camera: camera.nullable(), from: epochMs, to: epochMs };
const byId = z.strictObject({ id });
const nothing = z.strictObject({});

/** By kind, the parameters as they are checked. */
export const libraryParams = {
  recordings: z.strictObject({
    ...range,
    limit: z.number().int().min(1).max(1000),
    before: z.strictObject({ startedAt: epochMs, id }).nullable(),
  }),
  recording: byId,
  timeline: z.strictObject(range),
  days: z.strictObject({
    camera: camera.nullable(),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    /** One of IANA's names; left out: the device's. */
    zone: z.string().exactOptional(),
  }),
  totals: nothing,
  pin: z.strictObject({ id, pinned: z.boolean() }),
  deleteRecording: byId,
  recordingFile: byId,
  poster: byId,
  init: byId,
  segment: z.strictObject({ id, index: z.number().int().min(0) }),
  playlist: z.strictObject({ camera, from: epochMs, to: epochMs }),
  startExport: z.strictObject({ camera, from: epochMs, to: epochMs }),
  exports: nothing,
  export: byId,
  removeExport: byId,
  exportFile: z.strictObject({ id, which: z.enum(["file", "manifest"]) }),
};

/** A file to be sent: `path` is relative to the recordings folder, or to the folder of the playback cache. */
export interface FileTicket {
  readonly in: "recordings" | "playback";
  readonly path: string;
  /** For a person who keeps it. */
  readonly name: string;
}

export interface TotalsView {
  readonly cameras: readonly CameraTotal[];
  /** Of the last recordings; null: none yet. */
  readonly bytesPerHour: number | null;
}

interface LibraryResults {
  recordings: readonly RecordingView[];
  recording: RecordingView;
  timeline: TimelineView;
  days: readonly DayView[];
  totals: TotalsView;
  pin: RecordingView;
  deleteRecording: null;
  recordingFile: FileTicket;
  poster: FileTicket;
  init: FileTicket;
  segment: FileTicket;
  playlist: string;
  startExport: ExportView;
  exports: readonly ExportView[];
  export: ExportView;
  removeExport: null;
  exportFile: FileTicket;
}

export type LibraryKind = keyof typeof libraryParams;

export type LibraryRequests = {
  readonly [Kind in LibraryKind]: {
    readonly params: z.output<(typeof libraryParams)[Kind]>;
    readonly result: LibraryResults[Kind];
  };
};

export type LibraryHandlers = {
  readonly [Kind in LibraryKind]: (
    params: LibraryRequests[Kind]["params"],
  ) => LibraryRequests[Kind]["result"] | Promise<LibraryRequests[Kind]["result"]>;
};
