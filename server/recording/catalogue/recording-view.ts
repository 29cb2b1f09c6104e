import { basename } from "node:path";
import type { RecordingRow } from "./recording-row.js";

/** A recording as it is told to others. Times in milliseconds since the Unix epoch. */
export interface RecordingView {
  readonly id: number;
  readonly camera: number;
  readonly channel: string;
  readonly generation: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Minutes east of UTC when it began. */
  readonly tzOffsetMinutes: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly state: RecordingRow["state"];
  readonly reason: string | null;
  readonly pinned: boolean;
  /** It began before the wall clock was set: nobody knows its true time. */
  readonly timeUncertain: boolean;
  /** Name of the file, without its folder. */
  readonly name: string;
}

export function recordingView(row: RecordingRow): RecordingView {
  return {
    id: row.id,
    camera: row.camera,
    channel: row.channel,
    generation: row.generation,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    tzOffsetMinutes: row.tz_offset_min,
    width: row.width,
    height: row.height,
    fps: row.fps,
    frames: row.frames,
    bytes: row.bytes,
    sha256: row.sha256,
    state: row.state,
    reason: row.reason,
    pinned: row.pinned === 1,
    timeUncertain: row.dated === 0,
    name: basename(row.path),
  };
}
