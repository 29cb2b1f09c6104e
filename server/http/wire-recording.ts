/** What goes over the wire about recordings: status, plan, catalogue, timeline, exports. Part of wire.ts. */
import { z } from "zod";
import { recordingPlanSchema } from "../config/recording-plan.js";

const epochMs = z.number().meta({ description: "Milliseconds since the Unix epoch" });
const durationMs = z.number().meta({ description: "Milliseconds" });
const cameraNumber = z.number().int().min(0).max(7);
const bytes = z.number().meta({ description: "Bytes" });
const reason = z.object({ code: z.string(), message: z.string() });

export const recordingReasons = [
  "off",
  "continuous",
  "scheduled",
  "outsideSchedule",
  "startedByHand",
  "stoppedByHand",
  "waitsForHand",
] as const;

/** One camera: what was asked for, and what is done. */
export const cameraRecordingSchema = z.object({
  camera: cameraNumber,
  mode: recordingPlanSchema.shape.mode,
  wanted: z.boolean().meta({ description: "Plan or person want it recorded now" }),
  why: z.enum(recordingReasons),
  recording: z.boolean().meta({ description: "Its picture is being written now" }),
  since: epochMs.nullable().meta({ description: "When this recording began; null: none runs" }),
  elapsedMs: durationMs.nullable(),
  until: epochMs.nullable().meta({ description: "When a recording started by hand ends by itself" }),
  files: z.number().int().nullable().meta({ description: "Finished files of this camera; null: unknown" }),
  bytes: bytes.nullable().meta({ description: "Bytes of them; null: unknown" }),
  /** Why it is not recorded although it should be. */
  problem: reason.nullable(),
});
export type CameraRecording = z.infer<typeof cameraRecordingSchema>;

export const recordingStatusSchema = z.object({
  cameras: z.array(cameraRecordingSchema),
  /** What stands in the way of all recording; null: nothing. */
  problem: reason.nullable(),
  freeBytes: bytes.nullable().meta({ description: "On the disk of the recordings; null: unknown" }),
  totalBytes: bytes.nullable(),
  spaceLow: z.boolean().meta({ description: "Less than 1 GB is free" }),
  bytesPerHour: z.number().nullable().meta({ description: "Rate of the last recordings; null: none yet" }),
  hoursLeft: z
    .number()
    .nullable()
    .meta({ description: "Free space in hours of recording at this rate; null: unknown" }),
});
export type RecordingStatus = z.infer<typeof recordingStatusSchema>;

const cameras = z.array(z.number().int().min(0)).min(1).max(8).meta({ description: "Camera numbers, from 0" });

export const recordingStartSchema = z.strictObject({
  cameras,
  limitSeconds: z
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .exactOptional()
    .meta({ description: "It ends by itself after so many seconds; left out: recording.handLimitSeconds" }),
});
export type RecordingStart = z.infer<typeof recordingStartSchema>;

export const recordingStopSchema = z.strictObject({ cameras: cameras.exactOptional() });
export type RecordingStop = z.infer<typeof recordingStopSchema>;

/** Plan of each camera, by its number. */
export const recordingPlansSchema = z.strictObject({
  cameras: z.record(z.string().regex(/^[0-7]$/, "must be a camera number from 0 to 7"), recordingPlanSchema),
});
export type RecordingPlans = z.infer<typeof recordingPlansSchema>;

export const recordingSchema = z.object({
  id: z.number().int(),
  camera: cameraNumber,
  channel: z.string(),
  generation: z.number().int(),
  startedAt: epochMs,
  endedAt: epochMs,
  tzOffsetMinutes: z.number().int().meta({ description: "Minutes east of UTC when it began" }),
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number(),
  frames: z.number().int(),
  bytes,
  sha256: z.string().nullable(),
  state: z.enum(["open", "finished", "setAside"]),
  reason: z.string().nullable(),
  pinned: z.boolean().meta({ description: "Never deleted by itself" }),
  timeUncertain: z.boolean().meta({
    description: "It began before the clock of the device was set: its times may be wrong, and it is never too old",
  }),
  name: z.string().meta({ description: "Name of the file" }),
});
export type Recording = z.infer<typeof recordingSchema>;

/** Newest first; `next` is the `page` of the following page, null on the last. */
export const recordingPageSchema = z.object({ recordings: z.array(recordingSchema), next: z.string().nullable() });
export type RecordingPage = z.infer<typeof recordingPageSchema>;

/** Recordings that follow each other without a gap, as one. */
export const recordingSpanSchema = z.object({
  camera: cameraNumber,
  from: epochMs,
  to: epochMs,
  recordings: z.number().int(),
  bytes,
  pinned: z.number().int().meta({ description: "How many of them are pinned" }),
});
export type RecordingSpan = z.infer<typeof recordingSpanSchema>;

/** Times without a recording between two, with what the recorder knows of them. */
export const recordingHoleSchema = z.object({
  camera: cameraNumber,
  from: epochMs,
  to: epochMs,
  code: z.string(),
  message: z.string(),
});
export type RecordingHole = z.infer<typeof recordingHoleSchema>;

export const timelineSchema = z.object({ spans: z.array(recordingSpanSchema), gaps: z.array(recordingHoleSchema) });
export type Timeline = z.infer<typeof timelineSchema>;

export const recordingDaySchema = z.object({
  day: z.string().meta({ description: "YYYY-MM-DD, in the time zone that was asked for" }),
  recordings: z.number().int(),
  bytes,
  ms: durationMs,
});
export const recordingDaysSchema = z.object({ days: z.array(recordingDaySchema) });
export type RecordingDay = z.infer<typeof recordingDaySchema>;
export type RecordingDays = z.infer<typeof recordingDaysSchema>;

export const recordingPinSchema = z.strictObject({ pinned: z.boolean() });
export const recordingDeletedSchema = z.object({ deleted: z.literal(true) });

const instant = z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-21T14:30:00Z" });

export const exportRequestSchema = z.strictObject({
  camera: z.number().int().min(0),
  from: instant.meta({ description: "RFC 3339; the export begins with the key frame at or before it" }),
  to: instant.meta({ description: "RFC 3339" }),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

export const exportStates = ["waiting", "running", "finished", "failed", "cancelled"] as const;
export const exportSchema = z.object({
  id: z.number().int(),
  camera: cameraNumber,
  from: epochMs,
  to: epochMs,
  state: z.enum(exportStates),
  progress: z.number().min(0).max(1),
  /** Why it failed. */
  reason: reason
    .extend({ recording: z.string().nullable().meta({ description: "Name of the recording at fault; null: none is" }) })
    .nullable(),
  createdAt: epochMs,
  expiresAt: epochMs.nullable().meta({ description: "When it is removed by itself; null while it is made" }),
  name: z.string().meta({ description: "Name of the file" }),
  sources: z.number().int().meta({ description: "Recordings it is made of" }),
  bytes: bytes.nullable(),
  sha256: z.string().nullable(),
});
export type Export = z.infer<typeof exportSchema>;
export const exportsSchema = z.object({ exports: z.array(exportSchema) });
export type Exports = z.infer<typeof exportsSchema>;
