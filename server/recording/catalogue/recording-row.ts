/** A row of the table `recordings`, as SQLite gives it. Times in milliseconds since the Unix epoch. */
export interface RecordingRow {
  readonly id: number;
  readonly camera: number;
  readonly channel: string;
  readonly path: string;
  readonly started_at: number;
  readonly ended_at: number;
  readonly tz_offset_min: number;
  readonly generation: number;
  readonly start_ticks: number;
  readonly end_ticks: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** JSON. */
  readonly profile: string;
  readonly frames: number;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly state: "open" | "finished" | "setAside";
  readonly reason: string | null;
  readonly pinned: 0 | 1;
  /** 0: it began before the wall clock was set. */
  readonly dated: 0 | 1;
}
