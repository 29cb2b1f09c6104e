import type { Frame } from "../camera/frame.js";
import type { ErrorCode } from "../lib/errors.js";
import { isFresh } from "./frame-feed.js";

export type SnapshotSource = "live" | "still" | "kept";

export interface SnapshotFacts {
  readonly camera: number;
  /** The channel's newest frame, of whatever camera. */
  readonly newest: Frame | null;
  /** The last frame of this camera, however old. */
  readonly kept: Frame | undefined;
  /** Why no picture may be shown at all; null when it may. */
  readonly forbidden: { readonly code: ErrorCode; readonly message: string } | null;
  readonly nowMs: number;
}

export type SnapshotChoice =
  | { readonly kind: "frame"; readonly source: "live" | "kept"; readonly frame: Frame }
  /** No camera is live: one may be asked for a still. What it gives up for is the last frame. */
  | { readonly kind: "still"; readonly instead: Frame | undefined }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string };

/**
 * Where a snapshot of a camera comes from: its newest frame while it is live; its last one while another camera is,
 * because only one may run; a still by a program of its own while none is. Pure.
 */
export function chooseSnapshot({ camera, newest, kept, forbidden, nowMs }: SnapshotFacts): SnapshotChoice {
  if (forbidden !== null) return { kind: "refused", ...forbidden };
  if (newest === null || !isFresh(newest, nowMs)) return { kind: "still", instead: kept };
  if (newest.camera === camera) return { kind: "frame", source: "live", frame: newest };
  if (kept !== undefined) return { kind: "frame", source: "kept", frame: kept };
  const message = `Camera ${newest.camera} is live, and camera ${camera} was not since the start. Switch to it first.`;
  return { kind: "refused", code: "modeForbids", message };
}
