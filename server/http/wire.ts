/**
 * What goes over the wire, as zod schemas: the API answers with these, OpenAPI is generated from them, and the page
 * imports their types (and nothing else of the server).
 */
import { z } from "zod";
import { allowSchema } from "../config/http-schema.js";
import { profileSchema, type Profile } from "../config/profile.js";
import { byHandSchema } from "../config/recording-plan.js";
import { retentionSchema } from "../config/recording-schema.js";
import { idleSchema, rotationSchema, settingsSchema } from "../config/schema.js";
import { availabilitySchema, drillViewSchema, guardViewSchema, resourcesSchema } from "./wire-protection.js";
import { recordingStatusSchema } from "./wire-recording.js";
import { patchOf, withoutDefaults } from "./without-defaults.js";

export type { ErrorCode } from "../lib/errors.js";
export type { Profile };

const cameraNumber = z.number().int().min(0).max(7).meta({ description: "Camera number, from 0" });
const epochMs = z.number().meta({ description: "Milliseconds since the Unix epoch" });
const durationMs = z.number().meta({ description: "Milliseconds" });

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string().meta({ description: "Stable; see the list of codes" }),
  detail: z.string(),
  instance: z.string().optional(),
  /** For invalid bodies: each wrong field, what was wrong, and how to mend it. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const switchSteps = ["prepare", "stop", "drain", "start", "handOver", "verify", "commit"] as const;
export type SwitchStep = (typeof switchSteps)[number];

export const reasonSchema = z.object({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof reasonSchema>;

export const stepRecordSchema = z.object({
  step: z.enum(switchSteps),
  /** Steps of the way back carry `back`. */
  direction: z.enum(["forward", "back"]),
  camera: cameraNumber.nullable(),
  ms: durationMs,
  ok: z.boolean(),
  /** Anything worth knowing: the signal that ended the camera, "unprovable", what NGINX answered. */
  note: z.string().optional(),
  /** The camera that a failure is about, where that may be another one. */
  about: cameraNumber.optional(),
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

export const switchTriggers = [
  "start",
  "user",
  "rotation",
  "profile",
  "mode",
  "recovery",
  "guard",
  "drill",
  "idle",
] as const;
export const outcomes = ["committed", "rolledBack", "failed"] as const;

/** The timed record of one switch. `to: null` is a switch to “off”. An open receipt has no outcome yet. */
export const receiptSchema = z.object({
  id: z.number().int(),
  trigger: z.enum(switchTriggers),
  from: cameraNumber.nullable(),
  to: cameraNumber.nullable(),
  requestedAt: epochMs,
  outcome: z.enum(outcomes).nullable(),
  /** The camera that is live after it. */
  live: cameraNumber.nullable(),
  reason: reasonSchema.nullable(),
  totalMs: durationMs.nullable(),
  steps: z.array(stepRecordSchema),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Problem of a switch that was rolled back or failed (code `switchFailed`): with the receipt, and so the reason. */
export const switchProblemSchema = problemSchema.extend({ receipt: receiptSchema });
export type SwitchProblem = z.infer<typeof switchProblemSchema>;

/** Answer to a request for the camera that is live already: no switch, no receipt. */
export const alreadyLiveSchema = z.object({ outcome: z.literal("alreadyLive"), live: cameraNumber.nullable() });
export type AlreadyLive = z.infer<typeof alreadyLiveSchema>;

/** Any number is well formed here: one that no camera has is answered 404, not 400. */
export const switchRequestSchema = z.strictObject({
  camera: z.number().int().min(0).meta({ description: "Camera number, from 0" }),
});

/** What the switcher is doing now. */
export const switchViewSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("idle"), live: cameraNumber }),
  z.object({ kind: z.literal("off") }),
  z.object({
    kind: z.literal("switching"),
    id: z.number().int(),
    trigger: z.enum(switchTriggers),
    from: cameraNumber.nullable(),
    to: cameraNumber.nullable(),
    direction: z.enum(["forward", "back"]),
    step: z.enum(switchSteps),
    elapsedMs: durationMs,
    waiting: cameraNumber.nullable().meta({ description: "Camera of the request that waits behind this switch" }),
  }),
  z.object({
    kind: z.literal("recovering"),
    camera: cameraNumber.nullable().meta({ description: "Camera being tried now, null while waiting" }),
    attempt: z.number().int(),
    nextInMs: durationMs.nullable(),
    reason: reasonSchema,
  }),
]);
export type SwitchView = z.infer<typeof switchViewSchema>;

export const cameraViewSchema = z.object({
  number: cameraNumber,
  /** libcamera's id, stable over restarts and unplugging. */
  id: z.string(),
  model: z.string(),
  connected: z.boolean(),
  needsReboot: z.boolean(),
  /** The label of the profile, or “Camera N”. */
  label: z.string(),
  profile: profileSchema,
});
export type CameraView = z.infer<typeof cameraViewSchema>;

const cameraHolderSchema = z.object({
  pid: z.number().int(),
  program: z.string().meta({ description: "Its name, as the kernel keeps it" }),
});

export const listedCameraSchema = cameraViewSchema.extend({
  heldBy: z.array(cameraHolderSchema).nullable().meta({
    description:
      "Programs of others that have its sensor open; libcamera opens those of all cameras. Null: it cannot be told",
  }),
});
export type ListedCamera = z.infer<typeof listedCameraSchema>;

export const channelViewSchema = z.object({
  name: z.string(),
  playlist: z.string().meta({ description: "Path of the playlist below this service's address" }),
  camera: cameraNumber.nullable(),
  generation: z.number().int().nullable(),
  /** Age of the newest frame of a camera; null when none came since the start. Never refers to repeats or slates. */
  frameAgeMs: durationMs.nullable(),
  /** The frames come, but they are all the same. */
  frozen: z.boolean(),
  /** Shown instead of the camera: nothing, its last frame, or the slate. */
  standIn: z.enum(["none", "lastFrame", "slate"]),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  fps: z.number().nullable().meta({ description: "Frames that arrived in the last second" }),
  frames: z.number().int().meta({ description: "Frames since the source started" }),
  meanFrameBytes: z.number().nullable().meta({ description: "Mean size over the last seconds, in bytes" }),
  unusualFrames: z.number().int().meta({ description: "Frames outside the usual sizes (D4)" }),
  /** Why the playlist answers 503, if it does. */
  unavailable: reasonSchema.nullable(),
  /** In dual mode, of a camera's own channel: why its camera is being started again; null when it is not. */
  recovering: reasonSchema.nullable(),
});
export type ChannelView = z.infer<typeof channelViewSchema>;

export const rotationViewSchema = rotationSchema.extend({
  nextInMs: durationMs.nullable().meta({ description: "Time to the next switch; null when it rests" }),
});
export type RotationView = z.infer<typeof rotationViewSchema>;

/** Whether the cameras rest because nobody watches, and after how long they do; 0: never. */
export const restViewSchema = z.object({ resting: z.boolean(), stopAfterSeconds: z.number().int() });
export type RestView = z.infer<typeof restViewSchema>;

export const modes = ["toggle", "dual", "off"] as const;
export type Mode = (typeof modes)[number];
export const modeRequestSchema = z.strictObject({ mode: z.enum(modes) });

/** What holds now where it differs from what was asked for, and why: the guard leaves dual mode, or stops the cameras. */
export const modeInForceSchema = z.object({ mode: z.enum(modes), reason: reasonSchema.nullable() });
export type ModeInForce = z.infer<typeof modeInForceSchema>;

/** The receipt is null when no switch was needed. */
export const modeViewSchema = z.object({ mode: z.enum(modes), receipt: receiptSchema.nullable() });
export type ModeView = z.infer<typeof modeViewSchema>;

/** Answer of `POST /api/switch?wait=false`; `id` is null while the request waits behind a running switch. */
export const switchAcceptedSchema = z.object({ id: z.number().int().nullable() });
export type SwitchAccepted = z.infer<typeof switchAcceptedSchema>;

/** Receipts, newest first; `next` is the `before` of the following page, null on the last. */
export const receiptPageSchema = z.object({
  receipts: z.array(receiptSchema),
  next: z.number().int().nullable(),
});
export type ReceiptPage = z.infer<typeof receiptPageSchema>;

/** A profile of which any fields may be left out: they keep their value. */
export const profilePatchSchema = patchOf(profileSchema);
export type ProfilePatch = z.infer<typeof profilePatchSchema>;

/** Answer of `PATCH /api/cameras/:n`; the receipt is null when the camera was not live. */
export const profileChangeSchema = z.object({ camera: cameraViewSchema, receipt: receiptSchema.nullable() });
export type ProfileChange = z.infer<typeof profileChangeSchema>;

export const cameraOrderSchema = z.strictObject({
  order: z
    .array(z.string().min(1))
    .min(1)
    .max(8)
    .meta({ description: "Camera ids; each gets its place as its number" }),
});

export const rotationRequestSchema = withoutDefaults(rotationSchema);

/** The settings that change while the service runs. What is left out stays as it is. */
export const runtimeSettingsPatchSchema = z.strictObject({
  rotation: rotationRequestSchema.exactOptional(),
  idle: patchOf(idleSchema).exactOptional(),
  recording: patchOf(retentionSchema.extend(byHandSchema.shape)).exactOptional(),
  access: patchOf(allowSchema).exactOptional(),
  cameras: z
    .strictObject({
      order: cameraOrderSchema.shape.order.exactOptional(),
      profiles: z
        .record(z.string().regex(/^[0-7]$/, "must be a camera number from 0 to 7"), profilePatchSchema)
        .exactOptional(),
    })
    .exactOptional(),
});
export type RuntimeSettingsPatch = z.infer<typeof runtimeSettingsPatchSchema>;

export const settingOrigins = ["default", "file", "database", "environment"] as const;

/** All settings, and where each value comes from, by its dotted key (`http.port`). */
export const settingsViewSchema = z.object({
  values: settingsSchema,
  origins: z.record(z.string(), z.enum(settingOrigins)),
});
export type SettingsView = z.infer<typeof settingsViewSchema>;

/** Dotted keys that changed now, and keys of a file that differ but are read only at the start of the service. */
export const settingsChangeSchema = z.object({ changed: z.array(z.string()), ignored: z.array(z.string()) });
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export const statusSchema = z.object({
  service: z.object({
    version: z.string(),
    startedAt: epochMs,
    driver: z.enum(["rpicam", "simulated"]),
    /** The encoder in use, and why that one. */
    encoder: z.object({ taken: z.enum(["libx264", "h264_v4l2m2m"]), why: z.string() }),
  }),
  now: epochMs,
  mode: z.enum(modes).meta({ description: "As it was asked for" }),
  modeInForce: modeInForceSchema,
  cameras: z.array(cameraViewSchema),
  channels: z.array(channelViewSchema),
  switch: switchViewSchema,
  rotation: rotationViewSchema,
  resources: resourcesSchema.nullable(),
  guard: guardViewSchema,
  availability: availabilitySchema,
  /** The drills that run, or ran last; null: none since the start. */
  drill: drillViewSchema.nullable(),
  recording: recordingStatusSchema,
  viewers: z.number().int().meta({
    description:
      "Players that asked for the playlist, and who asked for a snapshot, in the last seconds; MJPEG viewers",
  }),
  rest: restViewSchema,
});
export type Status = z.infer<typeof statusSchema>;

/**
 * Events of `GET /api/events`: `snapshot` (Status, first), `change` (some of Status's top-level fields, whole; to be
 * merged over what the page has; also the heartbeat, each second), `receipt` (Receipt, at the end of each switch) and
 * `incident` (Incident, when one begins and again when it ends).
 */
export type StatusChange = Partial<Status>;
