/** Why an export failed. */
export interface ExportReason {
  readonly code: string;
  readonly message: string;
  /** Name of the recording that is at fault; null: none is. */
  readonly recording: string | null;
}

/** An export as it is told to others. Times in milliseconds since the Unix epoch. */
export interface ExportView {
  readonly id: number;
  readonly camera: number;
  readonly from: number;
  readonly to: number;
  readonly state: "waiting" | "running" | "finished" | "failed" | "cancelled";
  /** From 0 to 1. */
  readonly progress: number;
  readonly reason: ExportReason | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly name: string;
  readonly sources: number;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

/** So long an export stays after it has ended. */
export const exportKeptMs = 24 * 3_600_000;
