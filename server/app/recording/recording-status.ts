/** What the API says of recording, from what control, recorder and catalogue say. Pure. */
import type { CameraRecording, RecordingStatus } from "../../http/wire-recording.js";
import type { CameraControl } from "../../recording/control/recording-control.js";
import type { TotalsView } from "../../recording/library/requests.js";
import type { RecorderStatus } from "../../recording/messages.js";
import { lowBytes, type Space } from "../../recording/storage/space.js";

export interface RecordingFacts {
  readonly cameras: readonly { readonly camera: number; readonly control: CameraControl }[];
  /** Cameras whose picture is on a channel now. */
  readonly shown: readonly number[];
  /** Why the recorder does not answer; null: it does. */
  readonly away: string | null;
  readonly recorder: RecorderStatus | null;
  /** On the disk of the recordings; null: unknown. */
  readonly space: Space | null;
  readonly totals: TotalsView | null;
  readonly nowMs: number;
  readonly epochMs: number;
}

type Reason = NonNullable<RecordingStatus["problem"]>;

export function recordingStatus(facts: RecordingFacts): RecordingStatus {
  const { recorder, away, totals } = facts;
  // A disk that is away keeps the recorder from answering, too: that is what a person must know.
  const problem: Reason | null = recorder?.problem ?? (away === null ? null : { code: "recorderAway", message: away });
  const { freeBytes, totalBytes } = facts.space ?? { freeBytes: null, totalBytes: null };
  const bytesPerHour = totals?.bytesPerHour ?? null;
  return {
    cameras: facts.cameras.map((each) => cameraRecording(each, facts, problem)),
    problem: problem === null ? null : { code: problem.code, message: problem.message },
    freeBytes,
    totalBytes,
    spaceLow: freeBytes !== null && freeBytes < lowBytes,
    bytesPerHour,
    hoursLeft: freeBytes === null || bytesPerHour === null ? null : freeBytes / bytesPerHour,
  };
}

function cameraRecording(
  { camera, control }: RecordingFacts["cameras"][number],
  { shown, totals, nowMs, epochMs }: RecordingFacts,
  problem: Reason | null,
): CameraRecording {
  const { mode, record, why, sinceMs, untilMs } = control;
  const recording = record && sinceMs !== null && problem === null;
  const total = totals?.cameras.find((each) => each.camera === camera);
  return {
    ...{ camera, mode, wanted: record, why, recording },
    since: recording ? Math.round(epochMs - (nowMs - sinceMs)) : null,
    elapsedMs: recording ? Math.round(nowMs - sinceMs) : null,
    until: untilMs === null ? null : Math.round(epochMs + (untilMs - nowMs)),
    // A camera that the catalogue does not name has no files; without its answer nobody knows.
    files: totals === null ? null : (total?.files ?? 0),
    bytes: totals === null ? null : (total?.bytes ?? 0),
    problem: record && !recording ? (problem ?? noPicture(camera, shown)) : null,
  };
}

function noPicture(camera: number, shown: readonly number[]): Reason {
  const other = shown.find((each) => each !== camera);
  if (shown.includes(camera) || other === undefined) {
    return { code: "notLive", message: "The camera gives no picture. It is recorded as soon as it does." };
  }
  const message = `Camera ${other} is live. Camera ${camera} is recorded when it is live, or in dual mode.`;
  return { code: "otherCameraLive", message };
}
